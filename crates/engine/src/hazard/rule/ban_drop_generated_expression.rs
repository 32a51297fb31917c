//! Generated column becomes a plain one.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-generated-expression",
    rows: &[27],
    title: "Generated column becomes a plain one",
    happens: "Nothing computes the column any more: it keeps its old values, and new rows have none.",
    applies: "For DROP EXPRESSION.",
    instead: "Make sure that programs write it.",
    manual: "sql-altertable",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropGeneratedExpression, |_| true),
    ..Rule::BASE
};
