//! Enum value without a place.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-enum-value-ordering",
    rows: &[89],
    severity: Severity::Note,
    title: "Enum value without a place",
    happens: "The new value comes last in the order, which comparisons and ORDER BY use.",
    applies: "For ADD VALUE without BEFORE or AFTER.",
    instead: "ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';",
    manual: "sql-altertype",
    word: "value",
    find: Find::Squawk(Squawk::RequireEnumValueOrdering, |_| true),
    ..Rule::BASE
};
