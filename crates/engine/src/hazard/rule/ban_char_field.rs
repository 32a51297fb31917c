//! char(n).

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-char-field",
    rows: &[84],
    title: "char(n)",
    happens: "char(n) fills values with blanks up to n and ignores them in comparisons, which surprises programs.",
    applies: "For char and character with a length.",
    instead: "Use text.",
    manual: "datatype-character",
    word: "char",
    find: Find::Squawk(Squawk::BanCharField, |_| true),
    ..Rule::BASE
};
