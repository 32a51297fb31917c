//! Policy dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-policy",
    rows: &[99],
    title: "Policy dropped",
    happens: "Who sees and writes which rows changes at once; without any policy nobody but the owner sees any.",
    applies: "For DROP POLICY on a table in use.",
    instead: "Make the new policy in the same transaction.",
    manual: "sql-droppolicy",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropPolicy, |look| look.is_felt()),
    ..Rule::BASE
};
