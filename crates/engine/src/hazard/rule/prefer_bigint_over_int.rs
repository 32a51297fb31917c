//! integer that may run out.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-bigint-over-int",
    rows: &[86],
    severity: Severity::Note,
    is_default: false,
    title: "integer that may run out",
    happens: "An integer ends at 2,147,483,647, and widening it later writes the table again.",
    applies: "For integer columns of new tables.",
    instead: "Use bigint for keys and counters.",
    manual: "datatype-numeric",
    find: Find::Squawk(Squawk::PreferBigintOverInt, |_| true),
    ..Rule::BASE
};
