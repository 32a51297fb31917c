//! The state of the page on which one revision is written.
//!
//! The text is the truth: everything beside it (message, parents, statements, problems) is read from it, and
//! changes it. It is read a moment after the last key, and kept in the browser a moment later.

mod project;
mod python;

use super::clock;
use super::context::Shop;
use super::saved::Saved;
use super::sheet::{self, Problem, Sheet};
use crate::js::editor::{Change, Diagnostic, Editor, Fix as FixMark, Severity as Mark, Table};
use crate::js::offset::{utf16, utf16_range};
use crate::state::drafts::Base;
use crate::state::python::PYTHON;
use crate::state::{Draft, judging};
use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::{self, Fix, Judge};
use cofferdam_engine::history::HistoryError;
use cofferdam_engine::lint;
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId, Script};
use cofferdam_engine::rewrite;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// From the last key to reading the text.
const READ_AFTER_MS: u32 = 150;
/// From reading the text to keeping it.
const KEEP_AFTER_MS: u32 = 350;
/// Problems that are shown; a broken file of thousands of lines would freeze the list.
const PROBLEMS_SHOWN: usize = 100;

#[derive(Clone, Copy)]
pub struct Desk {
    pub shop: Shop,
    pub id: StoredValue<String>,
    project: StoredValue<String>,
    /// The saved file that this is a change of; none for a new revision.
    pub base: RwSignal<Option<Arc<Base>>>,
    pub sheet: RwSignal<Sheet>,
    /// The sections that the pattern's form wrote last: while they stand, it goes on writing them.
    pub written: RwSignal<Option<(String, Downgrade)>>,
    /// When the draft was last kept; none while there is nothing to keep.
    pub kept_at: RwSignal<Option<f64>>,
    /// A new revision's path and text before anybody wrote in it.
    untouched: StoredValue<Option<(String, String)>>,
    /// The whole text now, ahead of the sheet while somebody types.
    text: StoredValue<String>,
    /// Revisions and files that the draft was begun on.
    parents: StoredValue<Vec<(String, String)>>,
    editor: StoredValue<Option<Rc<Editor>>, LocalStorage>,
    reading: StoredValue<Option<Timeout>, LocalStorage>,
    keeping: StoredValue<Option<Timeout>, LocalStorage>,
    /// The header that a Python file is to have, while its text is not there yet.
    wanted: StoredValue<Option<Revision>>,
    /// What its functions are to do, likewise.
    bodies: StoredValue<Option<python::Bodies>>,
    /// Its text as a form left it.
    formed: StoredValue<Option<String>>,
    /// What the history would not hold together for.
    conflicts: Memo<Vec<HistoryError>>,
    /// The tables of the revisions that this one comes after.
    tables: Memo<Vec<Table>>,
    pub problems: Memo<Vec<Problem>>,
}

/// What a new revision begins with, and the path of its file.
pub fn begin(
    id: &RevisionId,
    saved: &Saved,
    parents: Vec<RevisionId>,
    author: Option<String>,
) -> (String, Revision) {
    let (moment, create_date) = clock::now(saved.config().timezone.as_deref());
    let message = if parents.len() > 1 {
        saved.merge_message(&parents)
    } else {
        String::new()
    };
    let path = saved.path_for(id, &message, &moment);
    let revision = Revision {
        id: id.clone(),
        down: parents,
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message,
        description: Vec::new(),
        author,
        create_date: Some(create_date),
        extra: Vec::new(),
        upgrade: "\n".into(),
        downgrade: Downgrade::Sql(String::new()),
    };
    (path, revision)
}

impl Desk {
    /// A desk for `draft`, which is kept in the browser already where it has a time.
    pub fn new(shop: Shop, draft: Draft, kept: bool) -> Self {
        let text = rewrite::plain(&draft.text);
        let is_fresh = draft.base.is_none() && !kept;
        let untouched = is_fresh.then(|| (draft.path.clone(), text.clone()));
        let sheet = RwSignal::new(shop.sheet(&draft.path, &text));
        let base = RwSignal::new(draft.base.map(Arc::new));
        let outline =
            Memo::new(move |_| sheet.with(|sheet| sheet.script.as_ref().map(sheet::outline)));
        let conflicts = Memo::new(move |_| {
            let (Some(saved), Some(outline)) = (shop.saved.get(), outline.get()) else {
                return Vec::new();
            };
            let base = base.get();
            let base = base.as_ref().map(|base| base.path.as_str());
            sheet::history_errors(&saved.outlines, base, &outline)
        });
        let down = Memo::new(move |_| {
            let down = sheet.with(|sheet| sheet.revision().map(|revision| revision.down.clone()));
            down.unwrap_or_default()
        });
        let tables = Memo::new(move |_| {
            let saved = shop.saved.get();
            saved.map_or_else(Vec::new, |saved| down.with(|down| saved.tables(down)))
        });
        let judge = Memo::new(move |_| {
            let saved = shop.saved.get()?;
            Some(Before(Arc::new(
                down.with(|down| judging::before(&saved.workspace, down)),
            )))
        });
        let problems = Memo::new(move |_| {
            sheet.with(|sheet| {
                let mut problems: Vec<Problem> = sheet.findings.iter().map(Problem::from).collect();
                if let (Some(Before(judge)), Some(script)) = (judge.get(), &sheet.script) {
                    let found = lint::script(script, &sheet.text, &[], &mut Judge::clone(&judge));
                    let shown = found.iter().filter(|found| found.allowed.is_none());
                    let python = sheet.is_python();
                    problems
                        .extend(shown.map(|found| Problem::of_hazard(found, &sheet.text, python)));
                }
                conflicts.with(|errors| {
                    problems.extend(
                        errors
                            .iter()
                            .map(|error| sheet::history_problem(&sheet.text, error)),
                    );
                });
                problems.sort_by_key(|problem| problem.range.start);
                problems.truncate(PROBLEMS_SHOWN);
                problems
            })
        });
        let desk = Desk {
            shop,
            id: StoredValue::new(draft.id),
            project: StoredValue::new(draft.project),
            base,
            sheet,
            written: RwSignal::new(None),
            kept_at: RwSignal::new(kept.then_some(draft.updated_at)),
            untouched: StoredValue::new(untouched),
            text: StoredValue::new(text),
            parents: StoredValue::new(draft.parents),
            editor: StoredValue::new_local(None),
            reading: StoredValue::new_local(None),
            keeping: StoredValue::new_local(None),
            wanted: StoredValue::new(None),
            bodies: StoredValue::new(None),
            formed: StoredValue::new(None),
            conflicts,
            tables,
            problems,
        };
        desk.read_first(desk.sheet.with_untracked(|sheet| sheet.path.clone()));
        Effect::new(move |_| desk.mark());
        Effect::new(move |_| desk.offer_tables());
        on_cleanup(move || desk.close());
        desk
    }

    pub fn is_new(self) -> bool {
        self.base.with(Option::is_none)
    }

    /// Whether anything differs from what is saved.
    pub fn is_changed(self) -> bool {
        self.sheet.with(|sheet| {
            self.base.with(|base| match base {
                Some(base) => rewrite::plain(&base.text) != sheet.text || base.path != sheet.path,
                None => true,
            })
        })
    }

    pub fn errors(self) -> usize {
        self.problems.with(|problems| {
            problems
                .iter()
                .filter(|problem| problem.severity == Severity::Error && !problem.is_hazard)
                .count()
        })
    }

    /// Somebody typed in the editor.
    pub fn typed(self, text: String) {
        if self.text.with_value(|old| *old == text) {
            return;
        }
        self.text.set_value(text);
        let read = Timeout::new(READ_AFTER_MS, move || self.read());
        self.reading.set_value(Some(read));
    }

    /// Puts a text in place of the whole, as an edit that can be undone.
    pub fn put(self, text: String) {
        let old = self.text.get_value();
        let Some((range, new)) = rewrite::splice(&old, &text) else {
            return;
        };
        let (range, new) = (utf16_range(&old, range), new.to_owned());
        self.text.set_value(text);
        if let Some(editor) = self.editor.get_value() {
            // The editor answers with `typed`, which finds nothing new.
            editor.replace(range, &new);
        }
        self.read();
    }

    /// Changes the header; the sections keep every byte.
    pub fn change_header(self, change: impl FnOnce(&mut Revision)) {
        match self.sheet.with_untracked(Sheet::is_python) {
            true => self.change_python(change),
            false => self.change(change, rewrite::with_header),
        }
    }

    /// Changes the sections; the header keeps every byte.
    pub fn change_sections(self, change: impl FnOnce(&mut Revision)) {
        match self.sheet.with_untracked(Sheet::is_python) {
            true => self.change_bodies(change, false),
            false => self.change(change, rewrite::with_sections),
        }
    }

    /// Writes the sections, as a form does that goes on writing them while they stand.
    pub fn form_sections(self, change: impl FnOnce(&mut Revision)) {
        if self.sheet.with_untracked(Sheet::is_python) {
            return self.change_bodies(change, true);
        }
        self.change_sections(change);
        self.stand();
    }

    /// The sections are as the form left them.
    fn stand(self) {
        let sections = |revision: &Revision| (revision.upgrade.clone(), revision.downgrade.clone());
        let left = self
            .sheet
            .with_untracked(|sheet| sheet.revision().map(sections));
        self.written.set(left);
    }

    fn change(
        self,
        change: impl FnOnce(&mut Revision),
        write: fn(&str, &Script, &Revision) -> String,
    ) {
        self.read_now();
        let text = self.sheet.with_untracked(|sheet| {
            let script = sheet.script.as_ref()?;
            let mut revision = script.revision.clone();
            change(&mut revision);
            Some(write(&sheet.text, script, &revision))
        });
        if let Some(text) = text {
            self.put(text);
        }
    }

    /// Gives the file another name.
    pub fn rename(self, path: String) {
        self.read_now();
        self.sheet.update(|sheet| match sheet.is_python() {
            true => sheet.path.clone_from(&path),
            false => *sheet = self.shop.sheet(&path, &sheet.text),
        });
        self.read_first(path);
        self.keep_soon();
    }

    /// Reads what was typed and not read yet.
    pub fn read_now(self) {
        if self
            .reading
            .try_update_value(Option::take)
            .flatten()
            .is_some()
        {
            self.read();
        }
    }

    fn read(self) {
        self.reading.set_value(None);
        let path = self.sheet.with_untracked(|sheet| sheet.path.clone());
        let text = self.text.get_value();
        if !path.ends_with(PYTHON) {
            return self.take(&path, text);
        }
        // Kept from now on; what it says comes a moment later.
        self.sheet.update(|sheet| {
            sheet.text = text;
            sheet.findings.clear();
        });
        self.keep_soon();
        self.read_first(path);
    }

    /// Puts what the text says, as the file at `path`, in the place of what was read before.
    fn take(self, path: &str, text: String) {
        let (now, old) = self
            .sheet
            .with_untracked(|sheet| (sheet.path.clone(), sheet.revision().cloned()));
        let mut sheet = self.shop.sheet(path, &text);
        self.keep_wanted(&mut sheet);
        // A space at the end of the message may be followed by another word.
        if let (Some(old), Some(script)) = (&old, &mut sheet.script)
            && old.message.trim() == script.revision.message
        {
            script.revision.message.clone_from(&old.message);
        }
        // A name that follows the template goes on following it, until the file is saved.
        let followed = match (&old, sheet.revision()) {
            (Some(old), Some(new)) => self.followed(&now, old, new),
            _ => None,
        };
        let now = followed.unwrap_or(now);
        if now != path {
            match sheet.is_python() {
                // The forms go on showing what was read, until it is read by its new name.
                true => {
                    sheet.path.clone_from(&now);
                    self.read_first(now);
                }
                false => sheet = self.shop.sheet(&now, &text),
            }
        }
        let is_formed = self
            .formed
            .with_value(|formed| formed.as_ref() == Some(&sheet.text));
        self.sheet.set(sheet);
        if is_formed {
            self.stand();
        }
        self.keep_soon();
    }

    /// The new path of a file whose name follows the template, where what it says has changed.
    fn followed(self, path: &str, old: &Revision, new: &Revision) -> Option<String> {
        let follows = self.base.with_untracked(Option::is_none)
            && self.usual_path(old).as_deref() == Some(path);
        self.usual_path(new)
            .filter(|usual| follows && usual != path)
    }

    fn keep_soon(self) {
        self.keeping
            .set_value(Some(Timeout::new(KEEP_AFTER_MS, move || self.keep())));
    }

    /// Keeps the draft in the browser now, where there is something to keep.
    pub fn keep(self) {
        self.keeping.set_value(None);
        let is_untouched = self.sheet.with_untracked(|sheet| {
            let untouched = self.untouched.get_value();
            untouched.is_some_and(|(path, text)| path == sheet.path && text == sheet.text)
        });
        if self.kept_at.with_untracked(Option::is_none)
            && (is_untouched || !untrack(move || self.is_changed()))
        {
            return;
        }
        let draft = self.draft();
        self.kept_at.set(Some(draft.updated_at));
        self.shop.keep_draft(draft);
    }

    pub fn draft(self) -> Draft {
        self.sheet.with_untracked(|sheet| Draft {
            project: self.project.get_value(),
            id: self.id.get_value(),
            path: sheet.path.clone(),
            text: sheet.text.clone(),
            base: self.base.get_untracked().map(|base| (*base).clone()),
            parents: self.parents.get_value(),
            updated_at: clock::millis(),
        })
    }

    /// What is shown is what is saved now.
    pub fn settle(self, base: Option<Base>) {
        self.reading.set_value(None);
        self.keeping.set_value(None);
        self.kept_at.set(None);
        self.written.set(None);
        self.formed.set_value(None);
        if let Some(base) = base {
            self.text.set_value(rewrite::plain(&base.text));
            let sheet = self.shop.sheet(&base.path, &self.text.get_value());
            self.base.set(Some(Arc::new(base)));
            if let Some(editor) = self
                .editor
                .get_value()
                .filter(|editor| editor.doc() != sheet.text)
            {
                editor.set_doc(&sheet.text);
            }
            self.sheet.set(sheet);
        }
    }

    /// The draft is a change of `base` from now on, with its own text.
    pub fn rebase(self, base: Option<Base>) {
        self.base.set(base.map(Arc::new));
        self.keep();
    }

    /// The editor stands; it may have been waiting for while somebody used the forms.
    pub fn mounted(self, editor: Editor) {
        let text = self.text.get_value();
        if editor.doc() != text {
            editor.set_doc(&text);
        }
        self.editor.set_value(Some(Rc::new(editor)));
        untrack(move || {
            self.mark();
            self.offer_tables();
        });
    }

    /// Takes the editor off the page.
    pub fn unmounted(self) {
        self.editor.try_set_value(None);
    }

    /// Puts the cursor at a byte of the text.
    pub fn jump(self, byte: usize) {
        if let Some(editor) = self.editor.get_value() {
            editor.go_to(self.text.with_value(|text| utf16(text, byte)));
        }
    }

    /// Takes a hazard away, as an edit that can be undone.
    pub fn fix(self, fix: &Fix) {
        self.read_now();
        self.put(hazard::apply(&self.text.get_value(), 0, fix));
    }

    pub fn text_now(self) -> String {
        self.text.get_value()
    }

    /// Shows the problems in the margin.
    fn mark(self) {
        let marks = self.sheet.with(|sheet| {
            self.problems.with(|problems| {
                problems
                    .iter()
                    .map(|problem| {
                        let range = utf16_range(&sheet.text, problem.range.clone());
                        Diagnostic {
                            from: range.start,
                            to: range.end,
                            severity: match problem.severity {
                                Severity::Error => Mark::Error,
                                Severity::Warning => Mark::Warning,
                                Severity::Note => Mark::Info,
                            },
                            message: problem.message.clone(),
                            source: Some(problem.code.to_owned()),
                            fix: problem.fix.as_ref().map(|fix| marked(&sheet.text, fix)),
                        }
                    })
                    .collect::<Vec<_>>()
            })
        });
        if let Some(editor) = self.editor.get_value() {
            editor.set_diagnostics(&marks);
        }
    }

    /// Lets the editor offer tables and columns.
    fn offer_tables(self) {
        self.tables.with(|tables| {
            if let Some(editor) = self.editor.get_value() {
                editor.set_tables(tables);
            }
        });
    }

    /// The page goes away: what was typed last is kept.
    fn close(self) {
        self.flush();
        self.unmounted();
    }

    /// Keeps what is typed and not kept yet.
    pub fn flush(self) {
        self.read_now();
        if self
            .keeping
            .try_update_value(Option::take)
            .flatten()
            .is_some()
        {
            self.keep();
        }
    }
}

/// A judge that knows the revisions before; each is another one.
#[derive(Clone)]
struct Before(Arc<Judge>);

impl PartialEq for Before {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A fix with the editor's offsets.
fn marked(text: &str, fix: &Fix) -> FixMark {
    let edits = fix.edits.iter().map(|edit| {
        let range = utf16_range(text, edit.range.clone());
        Change {
            from: range.start,
            to: range.end,
            insert: edit.text.clone(),
        }
    });
    FixMark {
        title: fix.title.clone(),
        changes: edits.collect(),
    }
}

/// A path's last part.
pub fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
