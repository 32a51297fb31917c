//! Cannot be run again after a failure.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-robust-stmts",
    rows: &[60],
    severity: Severity::Note,
    is_default: false,
    title: "Cannot be run again after a failure",
    happens: "Outside a transaction, what ran before a failure stays, and running the file again fails on it.",
    applies: "For statements outside a transaction. Cofferdam itself finds out what became of them.",
    instead: "Use IF NOT EXISTS or IF EXISTS.",
    manual: "sql-createtable",
    find: Find::Squawk(Squawk::PreferRobustStmts, |look| {
        !look.transaction.is_open && !look.is_revision
    }),
    ..Rule::BASE
};
