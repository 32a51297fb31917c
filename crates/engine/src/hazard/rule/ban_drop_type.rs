//! Type dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-type",
    rows: &[81],
    title: "Type dropped",
    happens: "Programs that name the type fail.",
    applies: "For DROP TYPE.",
    instead: "Make sure that nothing uses it.",
    manual: "sql-droptype",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropType, |_| true),
    ..Rule::BASE
};
