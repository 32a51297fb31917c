//! Suppression that suppresses nothing.

use super::{Find, Rule};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "unused-ignore",
    rows: &[98],
    severity: Severity::Note,
    in_downgrade: true,
    title: "Suppression that suppresses nothing",
    happens: "A suppression that suppresses nothing any more hides the next hazard of its kind.",
    applies: "For -- +allow, -- +allow-file and squawk-ignore, where a revision is judged by itself; in a downgrade for rules that are looked for there.",
    instead: "Take it away.",
    manual: "sql-commands",
    find: Find::Judge,
    ..Rule::BASE
};
