//! Column assigned twice.

use super::{Find, Rule, Squawk, heard};
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
    may_be: heard::may_some_assign_twice,
    find: Find::Squawk(Squawk::BanDuplicateColumnAssignments, |_| true),
    ..Rule::BASE
};
