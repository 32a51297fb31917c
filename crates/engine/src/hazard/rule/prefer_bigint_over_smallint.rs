//! smallint that may run out.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-bigint-over-smallint",
    rows: &[86],
    severity: Severity::Note,
    is_default: false,
    title: "smallint that may run out",
    happens: "A smallint ends at 32,767, and widening it later writes the table again.",
    applies: "For smallint columns.",
    instead: "Use bigint for keys and counters.",
    manual: "datatype-numeric",
    find: Find::Squawk(Squawk::PreferBigintOverSmallint, |_| true),
    ..Rule::BASE
};
