//! What applying or undoing revisions does to the rows of `alembic_version`.
//!
//! The rows are the applied revisions that no other applied revision stands on, where a revision stands on
//! its parents and on its dependencies (after `HeadMaintainer` and `RevisionStep` in alembic/runtime/migration.py).
//! Where Alembic's own order of writes depends on a Python set, the file's order decides here.
//!
//! In two places Alembic goes wrong, where a revision comes after `a` and `c` and depends on `b`, which is above `a`:
//! applying it fails there (`KeyError`), because it looks for a row `a` that is implied by `b`; undoing it
//! while another branch has a row writes rows for both `a` and `b`, after which its own upgrade refuses ("overlaps with
//! other requested revisions"). Here the rows never contain one that another implies.

use super::{Along, History};
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

/// The rows of a version table while revisions are applied and undone, one after the other.
///
/// A step costs as much as its revision has parents and dependencies, however long the history is.
#[derive(Clone, Debug)]
pub struct Rows<'h> {
    history: &'h History,
    rows: BTreeSet<RevisionId>,
    /// How many applied revisions stand on each.
    standing: Vec<u32>,
}

impl<'h> Rows<'h> {
    /// The table as it is; rows that are not in the history stay as they are.
    pub fn new(history: &'h History, rows: &[RevisionId]) -> Self {
        let applied = history.reach(&history.known(rows), Way::Incoming, Along::Everything);
        let mut standing = vec![0; history.len()];
        for at in history
            .graph
            .node_indices()
            .filter(|at| applied[at.index()])
        {
            for below in &history.stands_on[at.index()] {
                standing[below.index()] += 1;
            }
        }
        Rows {
            history,
            rows: rows.iter().cloned().collect(),
            standing,
        }
    }

    /// The rows, sorted.
    pub fn ids(&self) -> Vec<RevisionId> {
        self.rows.iter().cloned().collect()
    }

    /// Applies or undoes `revision`; gives what is written.
    ///
    /// A revision that is not in the history, an upgrade whose row is already there, and a downgrade whose row
    /// is not there change nothing.
    pub fn step(&mut self, revision: &RevisionId, direction: Direction) -> Vec<VersionWrite> {
        let present = self.rows.contains(revision);
        let writes = match (self.history.positions.get(revision), direction) {
            (Some(at), Direction::Upgrade) if !present => self.upgrade(*at),
            (Some(at), Direction::Downgrade) if present => self.downgrade(*at),
            _ => Vec::new(),
        };
        apply(&mut self.rows, &writes);
        writes
    }

    fn upgrade(&mut self, at: NodeIndex) -> Vec<VersionWrite> {
        let to = self.history.id(at).clone();
        let below = &self.history.stands_on[at.index()];
        for below in below {
            self.standing[below.index()] += 1;
        }
        let mut rows = self.history.ids(below.iter().copied());
        rows.retain(|id| self.rows.contains(id));
        let Some(from) = rows.pop() else {
            return vec![VersionWrite::Insert(to)];
        };
        let mut writes: Vec<VersionWrite> = rows.into_iter().map(VersionWrite::Delete).collect();
        writes.push(VersionWrite::Update { from, to });
        writes
    }

    fn downgrade(&mut self, at: NodeIndex) -> Vec<VersionWrite> {
        let from = self.history.id(at).clone();
        let mut rows: Vec<RevisionId> = Vec::new();
        for below in &self.history.stands_on[at.index()] {
            let standing = &mut self.standing[below.index()];
            *standing = standing.saturating_sub(1);
            let id = self.history.id(*below);
            if *standing == 0 && !self.rows.contains(id) {
                rows.push(id.clone());
            }
        }
        let Some(to) = rows.pop() else {
            return vec![VersionWrite::Delete(from)];
        };
        let mut writes: Vec<VersionWrite> = rows.into_iter().map(VersionWrite::Insert).collect();
        writes.push(VersionWrite::Update { from, to });
        writes
    }
}

/// The rows after `writes`, sorted.
pub fn written(rows: &[RevisionId], writes: &[VersionWrite]) -> Vec<RevisionId> {
    let mut rows: BTreeSet<RevisionId> = rows.iter().cloned().collect();
    apply(&mut rows, writes);
    rows.into_iter().collect()
}

/// Does `writes` to `rows`.
pub(super) fn apply(rows: &mut BTreeSet<RevisionId>, writes: &[VersionWrite]) {
    for write in writes {
        match write {
            VersionWrite::Insert(id) => {
                rows.insert(id.clone());
            }
            VersionWrite::Delete(id) => {
                rows.remove(id);
            }
            VersionWrite::Update { from, to } => {
                rows.remove(from);
                rows.insert(to.clone());
            }
        }
    }
}
