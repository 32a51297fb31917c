//! Sequence dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-sequence",
    rows: &[70],
    severity: Severity::Error,
    title: "Sequence dropped",
    happens: "The sequence and its place in counting are gone; columns that count with it lose their default.",
    applies: "For DROP SEQUENCE.",
    instead: "Make sure that nothing counts with it.",
    manual: "sql-dropsequence",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropSequence, |_| true),
    ..Rule::BASE
};
