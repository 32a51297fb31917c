//! Database dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-database",
    rows: &[69],
    severity: Severity::Error,
    title: "Database dropped",
    happens: "The database and all that is in it are gone.",
    applies: "For DROP DATABASE.",
    instead: "Do it by hand, knowingly, and never in a migration.",
    manual: "sql-dropdatabase",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropDatabase, |_| true),
    ..Rule::BASE
};
