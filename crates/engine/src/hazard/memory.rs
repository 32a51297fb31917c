//! What came before a statement: in its transaction, and in the plan.

use crate::lock::LockMode;
use crate::sql::effect::{Effect, WorkKind};
use crate::sql::schema::TableName;
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
    pub has_lock_timeout: bool,
    pub has_statement_timeout: bool,
}

/// A statement that ran.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub body: Range<usize>,
    pub effect: Effect,
    /// Tables that it changes the definition of, or makes.
    pub defines: BTreeSet<TableName>,
    /// Enum types that it adds values to, with the values.
    pub enum_values: Vec<(TableName, String)>,
    /// Constraints that it adds NOT VALID, with their tables.
    pub not_valid: Vec<(TableName, String)>,
}

/// What the plan did before the section that is judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Sections in which a table was locked ACCESS EXCLUSIVE or stronger work was done on it.
    pub hits: BTreeMap<TableName, usize>,
    /// Tables that an earlier section built an index on, scanned or rewrote.
    pub worked: BTreeMap<TableName, BTreeSet<WorkKind>>,
}

impl Transaction {
    /// Takes in a statement that ran.
    pub fn take(&mut self, past: Past) {
        if let Effect::Known(facts) = &past.effect {
            for lock in &facts.locks {
                let held = self.locks.entry(lock.relation.clone()).or_insert(lock.mode);
                *held = (*held).max(lock.mode);
            }
        }
        self.earlier.push(past);
    }

    /// The strongest lock that is held on a table which `is_old`.
    pub fn held(&self, is_old: impl Fn(&TableName) -> bool) -> Option<(&TableName, LockMode)> {
        let held = self.locks.iter().filter(|(table, _)| is_old(table));
        held.map(|(table, mode)| (table, *mode))
            .max_by_key(|(_, mode)| *mode)
    }
}

impl Memory {
    /// Takes in a section that ran; what was new in it does not count.
    pub fn take(&mut self, statements: &[Past], is_new: impl Fn(&TableName) -> bool) {
        let mut hit = BTreeSet::new();
        for past in statements {
            let Effect::Known(facts) = &past.effect else {
                continue;
            };
            for lock in &facts.locks {
                if lock.mode == LockMode::AccessExclusive && !is_new(&lock.relation) {
                    hit.insert(lock.relation.clone());
                }
            }
            for work in facts.work.iter().filter(|work| !is_new(&work.table)) {
                let kinds = self.worked.entry(work.table.clone()).or_default();
                kinds.insert(work.kind);
            }
        }
        for table in hit {
            *self.hits.entry(table).or_default() += 1;
        }
    }
}
