//! Schema change and backfill in one transaction.

use super::{Find, Rule, fix};
use super::{Hits, Look};
use crate::finding::Severity;
use crate::hazard::look::Hit;
use crate::lock::LockMode;
use crate::sql::effect::WorkKind;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "schema-change-with-backfill",
    rows: &[61],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Schema change and backfill in one transaction",
    happens: "The lock of the schema change is held while the rows are written.",
    waits: "Everybody who uses the table waits until the last row is written.",
    applies: "For UPDATE, DELETE or INSERT … SELECT on a table that an earlier statement of the same transaction locked ACCESS EXCLUSIVE. Not for a table made in the same plan.",
    instead: "Put -- +commit between them, and the rows into -- +backfill batches.",
    manual: "explicit-locking",
    find: Find::Own(find),
    fix: Some(fix::commit_between),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !look.transaction.is_open {
        return;
    }
    for work in look.facts().into_iter().flat_map(|facts| &facts.work) {
        let held = look.transaction.locks.get(&work.table);
        if work.kind == WorkKind::Rows
            && held.is_some_and(|held| *held >= LockMode::ShareRowExclusive)
            && !look.is_new(&work.table)
        {
            hits.0.push(Hit {
                range: look.head(),
                message: Some(format!("{} is locked by the schema change before, in the same transaction, until the last row is written: everybody who uses it waits. Put -- +commit between them, and write the rows in batches.", work.table)),
                lock: held.copied(),
            });
        }
    }
}
