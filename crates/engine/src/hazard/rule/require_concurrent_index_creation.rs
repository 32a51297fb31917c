//! Index built without CONCURRENTLY.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-concurrent-index-creation",
    rows: &[35],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Index built without CONCURRENTLY",
    happens: "The index is built while the table is locked SHARE.",
    waits: "INSERT, UPDATE and DELETE on it wait.",
    applies: "Not for a table made in the same plan.",
    instead: "CREATE INDEX CONCURRENTLY users_email_idx ON users (email);",
    manual: "sql-createindex",
    word: "index",
    find: Find::Squawk(Squawk::RequireConcurrentIndexCreation, |look| {
        look.is_felt() && !look.indexes_what_is_aside()
    }),
    fix: Some(fix::concurrently),
    ..Rule::BASE
};
