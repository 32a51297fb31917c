//! What the last proof of this tab is worth to a checklist.

use crate::dry_run::bench;
use crate::dry_run::order::Mode;
use crate::dry_run::range::{Project, Range};
use crate::dry_run::record::{Ending, Kind, Proof, Subject};
use crate::pages::dry_run::figures::counted;
use crate::pages::dry_run::result::outdated;
use cofferdam_engine::checklist::{self, Item};
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the last dry run of this tab proves of `wanted`.
pub fn proof_says(project: Option<&Arc<Project>>, wanted: &BTreeSet<RevisionId>) -> Item {
    let open = |words: &str| checklist::proved(false, vec![words.to_owned()]);
    let nothing = "open: prove these revisions in a dry run of this tab";
    let Some(proof) = bench::last().get().filter(|it| it.mode == Mode::Prove) else {
        return open(nothing);
    };
    if !wanted.is_subset(&ran(&proof)) {
        return open(nothing);
    }
    let range =
        project.and_then(|project| Range::new(project, proof.from.clone(), proof.to.clone()).ok());
    if range.is_none_or(|range| outdated(&proof, &range).is_some()) {
        return open("open: the revisions have changed since the last dry run of this tab");
    }
    match proof.ending.get() {
        None => return open("open: a dry run is under way"),
        Some(Ending::Done) => {}
        Some(_) => {
            return open(
                "the last dry run of this tab did not come to its end: it says where and why",
            );
        }
    }
    let postgres = proof.postgres.get().unwrap_or_default();
    let count = counted(wanted.len() as u64, "revision", "revisions");
    let mut evidence = vec![format!("{count} in PostgreSQL {postgres} of this tab")];
    let comparison = proof.comparison.get().unwrap_or_default();
    let differing = comparison.verdicts.iter().filter(|verdict| {
        let is_wanted = verdict.id.as_ref().is_some_and(|id| wanted.contains(id));
        is_wanted && !verdict.differences.is_empty()
    });
    let named: Vec<String> = differing
        .filter_map(|verdict| Some(format!("{}: not the inverse", verdict.id.as_ref()?)))
        .collect();
    // A long range is compared as a whole.
    let whole = comparison.verdicts.is_empty() && !comparison.down.is_empty();
    let again = comparison.again.is_some_and(|found| !found.is_empty());
    let is_done = named.is_empty() && !whole && !again;
    evidence.extend(named);
    if whole {
        evidence.push("as a whole, the way down left another schema".to_owned());
    }
    if again {
        evidence.push("the second upgrade gave another schema than the first".to_owned());
    }
    checklist::proved(is_done, evidence)
}

/// The revisions that the proof took up, down and up again.
fn ran(proof: &Proof) -> BTreeSet<RevisionId> {
    let up = proof.phases.iter().filter(|phase| phase.kind == Kind::Up);
    let entries = up.flat_map(|phase| &phase.entries);
    entries
        .filter_map(|entry| match &entry.subject {
            Subject::Revision { id, .. } => id.clone(),
            Subject::Seed { .. } => None,
        })
        .collect()
}
