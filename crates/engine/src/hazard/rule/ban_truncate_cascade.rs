//! TRUNCATE … CASCADE.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-truncate-cascade",
    rows: &[71],
    severity: Severity::Error,
    title: "TRUNCATE … CASCADE",
    happens: "Every table that refers to this one is emptied, too, and theirs in turn.",
    waits: "Everybody who uses any of them waits.",
    applies: "For TRUNCATE with CASCADE.",
    instead: "Name every table that is meant.",
    manual: "sql-truncate",
    word: "truncate",
    find: Find::Squawk(Squawk::BanTruncateCascade, |_| true),
    ..Rule::BASE
};
