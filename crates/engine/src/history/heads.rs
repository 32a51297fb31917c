//! What applying or undoing one revision does to the rows of `alembic_version`.
//!
//! The rows are the applied revisions that no other applied revision stands on, where a revision stands on
//! its parents and on its dependencies (after `HeadMaintainer` in alembic/runtime/migration.py). Where Alembic's own
//! order of writes depends on a Python set, the file's order decides here.

use super::{History, Link};
use crate::revision::{Direction, RevisionId};
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One write to the version table, as Alembic does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionWrite {
    Insert(RevisionId),
    Update { from: RevisionId, to: RevisionId },
    Delete(RevisionId),
}

/// The version rows after `revision` ran in `direction` on a database whose rows were `before`,
/// and the writes that get there. The rows keep their order (an updated row keeps its place); new ones
/// come last.
///
/// A revision that is not in the history, an upgrade whose row is already there, and a downgrade whose row
/// is not there change nothing.
pub fn step(
    history: &History,
    before: &[RevisionId],
    revision: &RevisionId,
    direction: Direction,
) -> (Vec<RevisionId>, Vec<VersionWrite>) {
    let present = before.contains(revision);
    let writes = match (history.positions.get(revision), direction) {
        (Some(at), Direction::Upgrade) if !present => upgrade(history, before, *at),
        (Some(at), Direction::Downgrade) if present => downgrade(history, before, *at),
        _ => Vec::new(),
    };
    (apply(before, &writes), writes)
}

/// The rows after `writes`.
fn apply(before: &[RevisionId], writes: &[VersionWrite]) -> Vec<RevisionId> {
    let mut rows = before.to_vec();
    for write in writes {
        match write {
            VersionWrite::Insert(id) => rows.push(id.clone()),
            VersionWrite::Delete(id) => rows.retain(|row| row != id),
            VersionWrite::Update { from, to } => {
                for row in rows.iter_mut().filter(|row| *row == from) {
                    *row = to.clone();
                }
            }
        }
    }
    rows
}

fn upgrade(history: &History, before: &[RevisionId], at: NodeIndex) -> Vec<VersionWrite> {
    let to = history.id(at).clone();
    let mut rows = history.ids(stands_on(history, at));
    rows.retain(|id| before.contains(id));
    let Some(from) = rows.pop() else {
        return vec![VersionWrite::Insert(to)];
    };
    let mut writes: Vec<VersionWrite> = rows.into_iter().map(VersionWrite::Delete).collect();
    writes.push(VersionWrite::Update { from, to });
    writes
}

fn downgrade(history: &History, before: &[RevisionId], at: NodeIndex) -> Vec<VersionWrite> {
    let from = history.id(at).clone();
    let below = stands_on(history, at);
    let others: Vec<NodeIndex> = history
        .known(before)
        .into_iter()
        .filter(|row| *row != at)
        .collect();
    let implied = implied(history, &others, &below);
    let mut rows = history.ids(below.into_iter().filter(|node| !implied.contains(node)));
    let Some(to) = rows.pop() else {
        return vec![VersionWrite::Delete(from)];
    };
    let mut writes: Vec<VersionWrite> = rows.into_iter().map(VersionWrite::Insert).collect();
    writes.push(VersionWrite::Update { from, to });
    writes
}

/// Those of `wanted` that are a row of `rows`, or below one, or below another of `wanted`.
fn implied(history: &History, rows: &[NodeIndex], wanted: &[NodeIndex]) -> BTreeSet<NodeIndex> {
    let mut found: BTreeSet<NodeIndex> = rows
        .iter()
        .copied()
        .filter(|row| wanted.contains(row))
        .collect();
    let Some(lowest) = wanted.iter().min() else {
        return found;
    };
    // What is below has a lower index, so that nothing below the lowest is of interest.
    let mut open: Vec<NodeIndex> = rows
        .iter()
        .chain(wanted)
        .copied()
        .filter(|at| at > lowest)
        .collect();
    let mut seen: BTreeSet<NodeIndex> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        for below in history.graph.neighbors_directed(at, Way::Incoming) {
            if wanted.contains(&below) {
                found.insert(below);
            }
            if below > *lowest && seen.insert(below) {
                open.push(below);
            }
        }
    }
    found
}

/// The parents of `at`, then its dependencies without those on which a revision further down its own
/// branches depends already (Alembic's `_normalized_down_revisions`).
fn stands_on(history: &History, at: NodeIndex) -> Vec<NodeIndex> {
    let mut below = history.below(at, Link::Parent);
    let mut dependencies = history.below(at, Link::Dependency);
    let mut open = below.clone();
    let mut seen: BTreeSet<NodeIndex> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        if dependencies.is_empty() {
            break;
        }
        for dependency in history.linked(node, Way::Incoming, Link::Dependency) {
            dependencies.retain(|other| *other != dependency);
        }
        open.extend(
            history
                .linked(node, Way::Incoming, Link::Parent)
                .filter(|parent| seen.insert(*parent)),
        );
    }
    below.append(&mut dependencies);
    below
}

/// The writes that turn rows `before` into `after` (for stamp): updates first pair up what goes
/// and what comes, then inserts or deletes.
pub fn stamp(before: &[RevisionId], after: &[RevisionId]) -> Vec<VersionWrite> {
    let mut going = without(before, after).into_iter();
    let mut coming = without(after, before).into_iter();
    let mut writes = Vec::new();
    loop {
        writes.push(match (going.next(), coming.next()) {
            (Some(from), Some(to)) => VersionWrite::Update { from, to },
            (Some(from), None) => VersionWrite::Delete(from),
            (None, Some(to)) => VersionWrite::Insert(to),
            (None, None) => return writes,
        });
    }
}

/// `rows`, each once, without `others`.
fn without(rows: &[RevisionId], others: &[RevisionId]) -> Vec<RevisionId> {
    let mut left: Vec<RevisionId> = Vec::new();
    for row in rows {
        if !others.contains(row) && !left.contains(row) {
            left.push(row.clone());
        }
    }
    left
}
