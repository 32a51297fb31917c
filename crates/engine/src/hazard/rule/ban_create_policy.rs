//! Policy made.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-create-policy",
    rows: &[99],
    severity: Severity::Note,
    title: "Policy made",
    happens: "Who sees and writes which rows changes at once.",
    applies: "For CREATE POLICY on a table in use.",
    instead: "Try it as each role.",
    manual: "sql-createpolicy",
    word: "policy",
    find: Find::Squawk(Squawk::BanCreatePolicy, |look| look.is_felt()),
    ..Rule::BASE
};
