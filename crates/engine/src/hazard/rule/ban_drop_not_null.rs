//! NOT NULL dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-not-null",
    rows: &[14],
    title: "NOT NULL dropped",
    happens: "Programs that read the column may not expect NULL.",
    applies: "For a column of a table that others use.",
    instead: "Change what reads the column first.",
    manual: "sql-altertable",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropNotNull, |look| look.is_felt()),
    ..Rule::BASE
};
