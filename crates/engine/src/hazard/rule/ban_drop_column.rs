//! Column dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-column",
    rows: &[66],
    severity: Severity::Error,
    title: "Column dropped",
    happens: "The column and its values are gone, and programs that still name it fail.",
    applies: "Not for a table made in the same plan.",
    instead: "Stop using the column everywhere first; keep a copy of its values where they may be wanted.",
    manual: "sql-altertable",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropColumn, |look| look.is_felt()),
    ..Rule::BASE
};
