//! varchar(n) where text would do.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-text-field",
    rows: &[23],
    severity: Severity::Note,
    is_default: false,
    title: "varchar(n) where text would do",
    happens: "The length of a varchar(n) can be made smaller only by reading the whole table.",
    applies: "For varchar with a length.",
    instead: "Use text, with a CHECK where a limit is meant.",
    manual: "datatype-character",
    word: "char",
    find: Find::Squawk(Squawk::PreferTextField, |_| true),
    ..Rule::BASE
};
