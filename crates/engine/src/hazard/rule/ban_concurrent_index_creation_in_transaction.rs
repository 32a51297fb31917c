//! CONCURRENTLY inside a transaction.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-concurrent-index-creation-in-transaction",
    rows: &[37],
    severity: Severity::Error,
    in_downgrade: true,
    title: "CONCURRENTLY inside a transaction",
    happens: "PostgreSQL refuses CONCURRENTLY inside a transaction block.",
    applies: "Between BEGIN and COMMIT of a file. In a revision, Cofferdam runs such a statement outside.",
    instead: "Take it out of the transaction.",
    manual: "sql-createindex",
    word: "concurrently",
    find: Find::Squawk(Squawk::BanConcurrentIndexCreationInTransaction, |_| true),
    ..Rule::BASE
};
