//! Strong lock on a large or busy table.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use crate::lock::LockMode;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "large-table",
    rows: &[114],
    severity: Severity::Note,
    in_downgrade: true,
    title: "Strong lock on a large or busy table",
    happens: "Waiting for the lock, the statement lets all others queue behind it; on a busy table that is felt at once.",
    waits: "Everybody who uses the table waits, for as long as the oldest query on it runs.",
    applies: "Where statistics are given, for ACCESS EXCLUSIVE on a table of more than a million rows or 100,000 writes an hour.",
    instead: "Set a short lock_timeout, and try again.",
    manual: "explicit-locking",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for lock in look.facts().into_iter().flat_map(|facts| &facts.locks) {
        let Some(known) = look.options.statistics.of(&lock.relation) else {
            continue;
        };
        if lock.mode == LockMode::AccessExclusive
            && (known.rows > 1_000_000 || known.writes_per_hour > 100_000)
        {
            hits.add(
                look.head(),
                format!("{} has {} rows and {} writes in an hour: while this waits for its lock, all others queue behind it. Set a short lock_timeout, and try again.", lock.relation, known.rows, known.writes_per_hour),
            );
        }
    }
}
