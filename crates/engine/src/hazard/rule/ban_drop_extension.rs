//! Extension dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-extension",
    rows: &[108],
    severity: Severity::Error,
    title: "Extension dropped",
    happens: "All that the extension made goes, and with CASCADE the columns of its types.",
    applies: "For DROP EXTENSION.",
    instead: "Make sure that nothing uses it.",
    manual: "sql-dropextension",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropExtension, |_| true),
    ..Rule::BASE
};
