//! Function dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-function",
    rows: &[81],
    title: "Function dropped",
    happens: "Programs, triggers and defaults that call it fail.",
    applies: "For DROP FUNCTION, PROCEDURE, ROUTINE and AGGREGATE.",
    instead: "CREATE OR REPLACE it, or make sure that nothing calls it.",
    manual: "sql-dropfunction",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropFunction, |_| true),
    ..Rule::BASE
};
