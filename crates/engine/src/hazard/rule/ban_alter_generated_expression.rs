//! Generated column's expression changed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-generated-expression",
    rows: &[27],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Generated column's expression changed",
    happens: "The table is written again under ACCESS EXCLUSIVE, as every row's value is computed again.",
    waits: "Everybody who uses the table waits.",
    applies: "For SET EXPRESSION of a stored column.",
    instead: "Add a new generated column, and change over.",
    manual: "sql-altertable",
    word: "alter",
    find: Find::Squawk(Squawk::BanAlterGeneratedExpression, |look| look.is_felt()),
    ..Rule::BASE
};
