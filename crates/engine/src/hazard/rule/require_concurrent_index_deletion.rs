//! Index dropped without CONCURRENTLY.

use super::{Find, Rule, Squawk, fix};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-concurrent-index-deletion",
    rows: &[36],
    in_downgrade: true,
    title: "Index dropped without CONCURRENTLY",
    happens: "DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every query on it, and all that come later wait behind it.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for an index or a table made in the same plan.",
    instead: "DROP INDEX CONCURRENTLY users_email_idx;",
    manual: "sql-dropindex",
    word: "drop",
    find: Find::Squawk(Squawk::RequireConcurrentIndexDeletion, |look| {
        look.is_felt()
    }),
    fix: Some(fix::concurrently),
    ..Rule::BASE
};
