//! REINDEX without CONCURRENTLY.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-concurrent-reindex",
    rows: &[38],
    severity: Severity::Error,
    in_downgrade: true,
    title: "REINDEX without CONCURRENTLY",
    happens: "REINDEX locks the table SHARE and the index ACCESS EXCLUSIVE while it builds.",
    waits: "INSERT, UPDATE and DELETE wait, and queries that would use the index.",
    applies: "For an index, a table or a schema; REINDEX SYSTEM has no other form.",
    instead: "REINDEX INDEX CONCURRENTLY users_email_idx;",
    manual: "sql-reindex",
    word: "reindex",
    find: Find::Squawk(Squawk::RequireConcurrentReindex, |_| true),
    fix: Some(fix::concurrently),
    ..Rule::BASE
};
