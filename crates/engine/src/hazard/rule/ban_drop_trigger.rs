//! Trigger dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-trigger",
    rows: &[105],
    title: "Trigger dropped",
    happens: "What the trigger did no longer happens: rows that it kept in step, or wrote a history of, are not any more.",
    applies: "For DROP TRIGGER on a table in use; not where it is made again in the same transaction.",
    instead: "CREATE OR REPLACE TRIGGER (from 14 on), where it only changes.",
    manual: "sql-droptrigger",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropTrigger, |look| look.is_felt()),
    ..Rule::BASE
};
