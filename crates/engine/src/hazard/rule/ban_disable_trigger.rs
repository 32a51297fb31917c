//! Trigger disabled.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-disable-trigger",
    rows: &[106],
    severity: Severity::Error,
    title: "Trigger disabled",
    happens: "While it is disabled, what the trigger keeps true is not kept, foreign keys among it with DISABLE TRIGGER ALL, also for rows that others write.",
    applies: "For DISABLE TRIGGER.",
    instead: "Write the rows so that the trigger may run.",
    manual: "sql-altertable",
    word: "alter",
    find: Find::Squawk(Squawk::BanDisableTrigger, |look| {
        look.is_felt() && look.lower().contains("disable")
    }),
    ..Rule::BASE
};
