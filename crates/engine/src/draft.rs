//! Draft downgrades: what takes an upgrade back, for its author to read and to change.
//!
//! Each statement is undone by itself, the last one first, from the catalogs before and after it: what it made is dropped,
//! what it dropped (with all that CASCADE took along) is made again as the catalog had it. The catalogs say what a statement
//! did, and the statement says what catalogs cannot: that one name became another, that rows were written, that code ran.
//! What cannot be restored stands in the draft as a comment; nothing is guessed.

mod access;
mod column;
mod constraint;
mod enumeration;
mod goes;
mod index;
mod op;
mod other;
mod part;
mod partition;
mod reading;
mod relation;
mod rename;
mod restore;
mod routine;
mod sequence;
#[cfg(test)]
mod tests;
mod types;
mod view;
mod words;

use crate::catalog::{self, Catalog, CatalogError};
use crate::plan::{Plan, StepAt};
use crate::sql;
pub(crate) use access::{grant_column, grant_table, grantees};
use reading::Class;
use restore::{Restore, Restored};
use serde::{Deserialize, Serialize};
pub(crate) use view::replaced;
pub(crate) use words::{mentions, qualified};

/// One statement of an upgrade, in its order, and the schema around it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub sql: &'a str,
    /// Which of the upgrade's segments it is in: what commits together is undone together.
    pub segment: usize,
    pub before: &'a Catalog,
    pub after: &'a Catalog,
}

/// What a draft does not bring back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrestored {
    /// The upgrade's statement, in short.
    pub statement: String,
    pub sentence: String,
}

/// A drafted downgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The section's SQL; empty where there is nothing to undo.
    pub sql: String,
    /// In the order of the draft.
    pub unrestored: Vec<Unrestored>,
}

/// Reads the catalog in the transaction of a statement that has just run, and leaves no trace in it. The session has to have
/// [`catalog::prepare`]d.
pub fn look_inside() -> String {
    format!(
        "SAVEPOINT cofferdam_draft; {}; ROLLBACK TO SAVEPOINT cofferdam_draft; RELEASE SAVEPOINT cofferdam_draft",
        catalog::look()
    )
}

/// The schema before an upgrade and after each of its statements, as a driver that ran its plan looked at it.
#[derive(Clone, Debug)]
pub struct Trace {
    before: Catalog,
    looks: Vec<(StepAt, Catalog)>,
}

impl Trace {
    pub fn new(before: Catalog) -> Self {
        Trace {
            before,
            looks: Vec::new(),
        }
    }

    /// Notes the schema after the statement at that place; statements come in their order.
    pub fn note(&mut self, at: StepAt, after: Catalog) {
        self.looks.push((at, after));
    }

    /// Drafts what undoes the statements that were noted, of `plan`.
    ///
    /// # Errors
    /// Where the catalogs are of different major versions.
    pub fn draft(&self, plan: &Plan, role: &str) -> Result<Draft, CatalogError> {
        let mut before = &self.before;
        let mut steps = Vec::new();
        for (at, after) in &self.looks {
            if let Some(step) = plan.step(*at) {
                steps.push(Step {
                    sql: &step.sql,
                    segment: at.segment,
                    before,
                    after,
                });
            }
            before = after;
        }
        draft(&steps, role)
    }
}

/// Drafts what undoes `steps`. `role` is who ran them: what belongs to that role belongs to whoever runs the downgrade.
///
/// # Errors
/// Where the catalogs are of different major versions.
pub fn draft(steps: &[Step<'_>], role: &str) -> Result<Draft, CatalogError> {
    let mut draft = Draft::default();
    let mut writer = Writer::default();
    for step in steps {
        writer.setting(step.sql);
    }
    let Some(first) = steps.first() else {
        return Ok(draft);
    };
    for step in steps.iter().rev() {
        let undone = undo(step, first.before, role)?;
        let label = sql::label(step.sql);
        draft
            .unrestored
            .extend(undone.missing.iter().map(|sentence| Unrestored {
                statement: label.clone(),
                sentence: sentence.clone(),
            }));
        writer.step(&label, step.segment, &undone);
    }
    draft.sql = writer.text;
    Ok(draft)
}

/// The statements that make the objects of `from` into those of `to`, in an order in which they can run, and in words what
/// they leave as it is. What belongs to `role` belongs to whoever runs them.
pub(crate) fn between(from: &Catalog, to: &Catalog, role: &str) -> (Vec<String>, Vec<String>) {
    let Restored {
        statements,
        missing,
    } = Restore::new(from, to, role, false).all();
    let bare = |one: String| one.trim_end_matches(';').to_owned();
    (statements.into_iter().map(bare).collect(), missing)
}

/// What takes one statement back; `first` is the schema before the whole upgrade.
fn undo(step: &Step<'_>, first: &Catalog, role: &str) -> Result<Restored, CatalogError> {
    let changes = catalog::diff(step.after, step.before)?;
    let major = step.before.major;
    let class = Class::of(step.sql, major);
    let restore = || Restore::new(step.after, step.before, role, class.is_concurrent()).all();
    let mut undone = match &class {
        Class::Nothing => Restored::default(),
        _ if changes.is_empty() => Restored::default(),
        Class::Plain(_) if goes::along(step, first, &changes) => Restored::default(),
        Class::Rename => match rename::back(step.sql, step.before, step.after) {
            Some(statements) => Restored {
                statements,
                missing: Vec::new(),
            },
            None if restore::may_be_renamed(step.after, step.before) => unknown(&changes),
            None => restore(),
        },
        Class::Code(_) if restore::may_be_renamed(step.after, step.before) => unknown(&changes),
        Class::Code(_) | Class::Plain(_) => restore(),
    };
    let mut missing = class.missing(step.sql, changes.is_empty(), |table| {
        goes::with_table(step, first, table)
    });
    missing.append(&mut undone.missing);
    undone.missing = missing;
    Ok(undone)
}

/// Changes that cannot be told from renames, in words.
fn unknown(changes: &[catalog::Difference]) -> Restored {
    let mut missing = vec![
        "What it did to the schema may be a rename, which cannot be told from dropping and creating: undo it by hand."
            .to_owned(),
    ];
    let sentences = changes.iter().map(|one| words::one_line(&one.sentence));
    missing.extend(sentences.map(|sentence| format!("To do by hand: {sentence}.")));
    Restored {
        statements: Vec::new(),
        missing,
    }
}

/// Writes the section.
#[derive(Debug, Default)]
struct Writer {
    text: String,
    /// The segment of the last statement written; none after one that runs outside a transaction, as it commits by itself.
    segment: Option<usize>,
}

impl Writer {
    /// A timeout that the upgrade sets for its session is wanted on the way back, too.
    fn setting(&mut self, sql: &str) {
        if reading::is_timeout(sql) {
            self.statement(sql);
        }
    }

    fn statement(&mut self, sql: &str) {
        self.text.push_str(sql);
        if !sql.ends_with(';') {
            self.text.push(';');
        }
        self.text.push('\n');
    }

    fn step(&mut self, label: &str, segment: usize, undone: &Restored) {
        if undone.statements.is_empty() && undone.missing.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let mut lines = vec![format!("Undoes {}", words::one_line(label))];
        lines.extend(
            undone
                .missing
                .iter()
                .map(|sentence| format!("Not restored: {}", words::one_line(sentence))),
        );
        for line in lines {
            self.text.push_str("-- ");
            self.text.push_str(&line);
            self.text.push('\n');
        }
        for (at, sql) in undone.statements.iter().enumerate() {
            let is_outside = sql::execution(sql, &[]) != sql::Execution::Transactional;
            if at == 0 && !is_outside && self.segment.is_some_and(|last| last != segment) {
                self.text.push_str("-- +commit\n");
            }
            self.statement(sql);
            self.segment = (!is_outside).then_some(segment);
        }
    }
}
