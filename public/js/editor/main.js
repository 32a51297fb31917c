// The editor: CodeMirror 6 behind the few functions that crates/web/src/js/editor.rs calls.
// All offsets are CodeMirror's own: UTF-16 code units from the start of the text.

import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { postgres, python } from './language.js';
import { look } from './look.js';

/** Puts an editor into `parent`. `options`: `{doc, label, language, readOnly, placeholder}`. */
export function mount(parent, options, onChange) {
  return new Editor(parent, options, onChange);
}

class Editor {
  #view;
  #extensions;
  #language = new Compartment();
  #chosen;
  #isPython;

  constructor(parent, options, onChange) {
    this.#extensions = [
      basics,
      options.readOnly ? reading : writing,
      options.placeholder ? placeholder(options.placeholder) : [],
      EditorView.contentAttributes.of({ 'aria-label': options.label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ];
    this.#isPython = options.language === 'python';
    this.#chosen = this.#isPython ? [] : postgres([]);
    this.#view = new EditorView({ parent, state: this.#state(options.doc) });
    // Without its colours a file can be read and written all the same.
    if (this.#isPython) python().then((chosen) => this.#choose(chosen), () => {});
  }

  #choose(language) {
    this.#chosen = language;
    this.#view.dispatch({ effects: this.#language.reconfigure(language) });
  }

  #state(doc) {
    return EditorState.create({ doc, extensions: [this.#language.of(this.#chosen), this.#extensions] });
  }

  doc() {
    return this.#view.state.doc.toString();
  }

  /** Shows another document: nothing of the old one is left to undo, and `onChange` is not called. */
  setDoc(doc) {
    this.#view.setState(this.#state(doc));
  }

  /** An edit like one typed by the person: it can be undone, and `onChange` is called. */
  replace(from, to, text) {
    const [start, end] = this.#within(from, to);
    this.#view.dispatch({
      changes: { from: start, to: end, insert: text },
      selection: { anchor: start + text.length },
      scrollIntoView: true,
      userEvent: 'input.complete',
    });
  }

  setDiagnostics(diagnostics) {
    const placed = diagnostics.map(({ from, to, severity, message, source, fix }) => {
      const [start, end] = this.#within(from, to);
      const actions = fix ? [{ name: fix.title, apply: (view) => this.#fix(view, fix) }] : [];
      return { from: start, to: end, severity, message, source, actions };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, placed));
  }

  /** Makes the edits of a fix, as one step that can be undone. */
  #fix(view, { changes }) {
    const placed = changes.map(({ from, to, insert }) => {
      const [start, end] = this.#within(from, to);
      return { from: start, to: end, insert };
    });
    view.dispatch({ changes: placed, userEvent: 'input.complete' });
  }

  /** Offers `tables` (see `postgres`) while typing SQL. */
  setTables(tables) {
    if (!this.#isPython) this.#choose(postgres(tables));
  }

  /** Puts the cursor somewhere, in view and with the focus. */
  goTo(offset) {
    const [anchor] = this.#within(offset, offset);
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    this.#view.focus();
  }

  destroy() {
    this.#view.destroy();
  }

  /** A range that came from an older text may lie beyond the end of this one. */
  #within(from, to) {
    const end = this.#view.state.doc.length;
    const start = Math.min(Math.max(from, 0), end);
    return [start, Math.min(Math.max(to, start), end)];
  }
}

const basics = [
  lineNumbers(),
  lintGutter(),
  highlightSpecialChars(),
  drawSelection(),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
  EditorState.tabSize.of(4),
  look,
];

const reading = [
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
  keymap.of([...defaultKeymap, ...searchKeymap, ...lintKeymap]),
];

// Tab indents; Escape and then Tab moves the focus on, which CodeMirror provides by itself.
const writing = [
  history(),
  indentOnInput(),
  indentUnit.of('    '),
  autocompletion({ icons: false }),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
];
