//! Transaction that is never committed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-uncommitted-transaction",
    rows: &[58],
    severity: Severity::Error,
    title: "Transaction that is never committed",
    happens: "The file opens a transaction and never commits it: psql rolls it back at the end.",
    applies: "In files with BEGIN.",
    instead: "Add COMMIT.",
    manual: "sql-commit",
    find: Find::Squawk(Squawk::BanUncommittedTransaction, |_| true),
    ..Rule::BASE
};
