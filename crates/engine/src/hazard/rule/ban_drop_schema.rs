//! Schema dropped.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-schema",
    rows: &[68],
    severity: Severity::Error,
    title: "Schema dropped",
    happens: "The schema goes, and with CASCADE all that is in it.",
    applies: "For DROP SCHEMA.",
    instead: "Drop what is in it by name first, so that a reviewer sees it.",
    manual: "sql-dropschema",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropSchema, |_| true),
    ..Rule::BASE
};
