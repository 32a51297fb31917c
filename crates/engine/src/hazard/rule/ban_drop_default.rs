//! Default dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-default",
    rows: &[80],
    severity: Severity::Note,
    is_default: false,
    title: "Default dropped",
    happens: "An INSERT that leaves the column out writes NULL from now on, or fails.",
    applies: "For DROP DEFAULT on a table in use.",
    instead: "Make sure that every program writes the column.",
    manual: "sql-altertable",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropDefault, |look| look.is_felt()),
    ..Rule::BASE
};
