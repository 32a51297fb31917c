//! What came before a statement: in its transaction, and in the plan.

use super::look::{name, name_of, word};
use crate::lock::LockMode;
use crate::sql::effect::{Action, Effect, Facts, ObjectKind};
use crate::sql::forest::Parsed;
use crate::sql::green;
use crate::sql::reader::{Reader, begins};
use crate::sql::schema::TableName;
use crate::sql::tree::Tree;
use squawk_syntax::ast::{self, AstNode};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A transaction, so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Transaction {
    /// Statements run in one together; not so for what runs by itself.
    pub is_open: bool,
    /// BEGIN in a plain file opened it.
    pub is_explicit: bool,
    pub earlier: Vec<Past>,
    /// The strongest lock on each table, until the end.
    pub locks: BTreeMap<TableName, LockMode>,
    /// The strongest of those on tables that others use.
    pub strongest: Option<(TableName, LockMode)>,
    /// Values that were added to enum types.
    pub enum_values: Vec<(TableName, String)>,
    /// Constraints that were added NOT VALID, with their tables.
    pub not_valid: Vec<(TableName, String)>,
    pub has_lock_timeout: bool,
    pub has_statement_timeout: bool,
    /// Nobody waits longer than a second behind a lock that it waits for.
    pub waits_briefly: bool,
}

/// A statement that ran.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub body: Range<usize>,
    /// Tables that it changes the definition of, or makes.
    pub defines: BTreeSet<TableName>,
}

/// What the plan did before the section that is judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// In how many sections a table that others use was locked ACCESS EXCLUSIVE.
    pub hits: BTreeMap<TableName, usize>,
}

impl Transaction {
    /// The next one after a COMMIT: settings of the session stay.
    pub fn after_commit(&self) -> Transaction {
        Transaction {
            is_open: self.is_open,
            is_explicit: self.is_explicit,
            has_lock_timeout: self.has_lock_timeout,
            has_statement_timeout: self.has_statement_timeout,
            ..Transaction::default()
        }
    }

    /// Takes in `SET lock_timeout` and its like.
    pub fn settings(&mut self, text: &str) {
        if !begins(text, &["set"]) {
            return;
        }
        let mut reader = Reader::new(text);
        if !reader.eat("set") {
            return;
        }
        reader.eat_any(&["local", "session"]);
        if reader.eat("lock_timeout") {
            self.has_lock_timeout = true;
            reader.skip();
            self.waits_briefly = is_brief(reader.peek_text().trim_matches('\''));
            return;
        }
        self.has_statement_timeout |= reader.is("statement_timeout");
    }

    /// Takes in a statement that ran.
    pub fn take(&mut self, parsed: &Parsed, effect: &Effect, is_new: impl Fn(&TableName) -> bool) {
        let mut defines = BTreeSet::new();
        if let Effect::Known(facts) = effect {
            defines = defined(facts);
            for lock in &facts.locks {
                let held = self.locks.entry(lock.relation.clone()).or_insert(lock.mode);
                *held = (*held).max(lock.mode);
                let strongest = self.strongest.as_ref().map(|(_, mode)| *mode);
                if Some(lock.mode) > strongest && !is_new(&lock.relation) {
                    self.strongest = Some((lock.relation.clone(), lock.mode));
                }
            }
        }
        self.earlier.push(Past {
            body: parsed.statement.body.clone(),
            defines,
        });
        match parsed.tree.as_ref().map(Tree::statement) {
            Some(ast::Stmt::AlterType(alter)) => self.enum_values.extend(added_value(alter)),
            Some(ast::Stmt::AlterTable(alter)) => self.not_valid.extend(not_valid(alter)),
            _ => {}
        }
    }
}

/// A setting's time of at most a second (manual, 20.1.1), which is more than none.
fn is_brief(value: &str) -> bool {
    let end = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let milliseconds = match value[end..].trim() {
        "" | "ms" => 1,
        "s" => 1000,
        _ => return false,
    };
    let number = value[..end].parse::<u64>().ok();
    number.is_some_and(|number| (1..=1000).contains(&(number.saturating_mul(milliseconds))))
}

/// Tables whose definition changes.
fn defined(facts: &Facts) -> BTreeSet<TableName> {
    let touches = facts.touches.iter().filter(|touch| {
        let is_table = matches!(
            touch.kind,
            ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint
        );
        is_table && matches!(touch.action, Action::Create | Action::Alter | Action::Drop)
    });
    touches.map(|touch| touch.name.clone()).collect()
}

/// The value that an ALTER TYPE adds to its enum.
fn added_value(alter: &ast::AlterType) -> Option<(TableName, String)> {
    let Some(ast::AlterTypeAction::AddValue(value)) = alter.action() else {
        return None;
    };
    let text = green::text(alter.syntax());
    let mut reader = Reader::new(&text);
    reader.eat_all(&["alter", "type"]);
    Some((name_of(&reader.name()?)?, value.literal()?.string_value()?))
}

/// The constraints that an ALTER TABLE adds NOT VALID.
fn not_valid(alter: &ast::AlterTable) -> Vec<(TableName, String)> {
    let Some(table) = name(alter.table_relation_name().as_ref()) else {
        return vec![];
    };
    let added = alter.actions().filter_map(|action| match action {
        ast::AlterTableAction::AddConstraint(added) => added.constraint(),
        _ => None,
    });
    added
        .filter(ast::Constraint::is_not_valid)
        .filter_map(|constraint| {
            let name = word(constraint.constraint_name().as_ref())?;
            Some((table.clone(), name))
        })
        .collect()
}
