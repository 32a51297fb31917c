//! Column assigned twice.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-duplicate-column-assignments",
    rows: &[95],
    severity: Severity::Error,
    title: "Column assigned twice",
    happens: "PostgreSQL refuses to assign a column twice in one statement.",
    applies: "For UPDATE and INSERT.",
    instead: "Take one away.",
    manual: "sql-update",
    find: Find::Squawk(Squawk::BanDuplicateColumnAssignments, |_| true),
    ..Rule::BASE
};
