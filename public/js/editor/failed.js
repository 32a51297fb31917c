// The mark under the statement that failed in a dry run; it moves along when the text around it is edited.

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';

/** `{from, to}` marks that range, `null` takes the mark away. */
export const markFailed = StateEffect.define({
  map: (range, changes) => range && { from: changes.mapPos(range.from), to: changes.mapPos(range.to) },
});

const mark = Decoration.mark({ class: 'cm-failed-statement', attributes: { 'aria-invalid': 'true' } });

export const failedStatement = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markFailed)) continue;
      const range = effect.value;
      next = range && range.from < range.to ? Decoration.set([mark.range(range.from, range.to)]) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
