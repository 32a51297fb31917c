//! Moved to another schema.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-set-schema",
    rows: &[76],
    severity: Severity::Error,
    title: "Moved to another schema",
    happens: "From this moment programs find it under its old name only where the search_path helps.",
    applies: "Not for what the same plan made.",
    instead: "Put the new schema on the search_path of the programs first.",
    manual: "sql-altertable",
    word: "schema",
    find: Find::Squawk(Squawk::BanSetSchema, |look| look.is_felt()),
    ..Rule::BASE
};
