//! Autovacuum switched off.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "autovacuum-off",
    rows: &[104],
    severity: Severity::Error,
    title: "Autovacuum switched off",
    happens: "Dead rows are never taken away: the table grows, and in the end its transaction ids run out.",
    applies: "For SET (autovacuum_enabled = false).",
    instead: "Tune autovacuum_vacuum_scale_factor for the table.",
    manual: "routine-vacuuming",
    word: "autovacuum",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let text: String = look
        .text()
        .to_ascii_lowercase()
        .split_ascii_whitespace()
        .collect();
    if [
        "autovacuum_enabled=false",
        "autovacuum_enabled=off",
        "autovacuum_enabled='false'",
        "autovacuum_enabled=0",
    ]
    .iter()
    .any(|off| text.contains(off))
    {
        hits.here(look.head());
    }
}
