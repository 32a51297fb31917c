//! Value added to an enum.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-add-enum-value",
    rows: &[89],
    severity: Severity::Note,
    is_default: false,
    title: "Value added to an enum",
    happens: "Programs of the old version may not know the value when they read it, and an enum value can never be taken away.",
    applies: "For ALTER TYPE … ADD VALUE.",
    instead: "Change what reads the column first.",
    manual: "sql-altertype",
    word: "value",
    find: Find::Squawk(Squawk::BanAddEnumValue, |_| true),
    ..Rule::BASE
};
