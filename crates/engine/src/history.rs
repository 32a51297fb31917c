//! The history: a checked, acyclic graph of revisions, on petgraph.
//!
//! The graph's nodes are the scripts in the history's order, so a node's index is its position, and
//! everything above a revision has a greater index than everything below it.
//!
//! Names, targets, the order of steps and the writes to the version table are Alembic's
//! (alembic/script/revision.py, alembic/script/base.py and alembic/runtime/migration.py of Alembic 1.20.1);
//! docs/alembic.md lists where they differ, and tests/tests/graph.rs compares them.

mod build;
pub mod draw;
pub mod heads;
pub mod lanes;
mod name;
mod order;
pub mod stamp;
pub mod target;
mod walk;

use crate::config::Project;
use crate::revision::{RevisionId, Script};
use petgraph::Direction as Way;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How a revision hangs on one below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Alembic's `down_revision`.
    Parent,
    /// Alembic's `depends_on`.
    Dependency,
}

/// Which links lead on from a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Along {
    /// Those of its branch only: parents and children.
    Branch,
    /// Dependencies and dependants too.
    Everything,
}

/// A history that holds: every id is there once, every parent exists, nothing goes in a circle.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Edges go from the revision below to the one above; those into one node are added parents first, in
    /// the file's order.
    graph: DiGraph<Script, Link>,
    positions: HashMap<RevisionId, NodeIndex>,
    /// Where each branch label is written.
    labelled: BTreeMap<String, NodeIndex>,
    /// The labels of each node, its own and inherited.
    labels: Vec<Arc<BTreeSet<String>>>,
    /// What each node stands on in the version table: its parents, then those of its dependencies on which
    /// nothing further down its branch depends already (Alembic's `_normalized_down_revisions`).
    stands_on: Vec<Vec<NodeIndex>>,
    /// The place of each node's file among the files, as Alembic reads them.
    files: Vec<usize>,
}

/// Why files do not make a history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    #[error("revision {id} is in two files: {first} and {second}; give one of them another id")]
    DuplicateId {
        id: RevisionId,
        first: String,
        second: String,
    },
    #[error(
        "{path} says that {id} comes after {missing}, and no file has that revision; add the file, or correct `Revises:`"
    )]
    MissingDown {
        id: RevisionId,
        path: String,
        missing: String,
    },
    #[error(
        "{path} says that {id} depends on {missing}, and no file has that revision or branch label; add the file, or correct `Depends on:`"
    )]
    MissingDependency {
        id: RevisionId,
        path: String,
        missing: String,
    },
    #[error("{path} says that {id} depends on {text}, which could be any of {}; write more of the id", names(.candidates))]
    AmbiguousDependency {
        id: RevisionId,
        path: String,
        text: String,
        candidates: Vec<RevisionId>,
    },
    #[error("{path} says that {id} comes after itself; correct its `Revises:`")]
    SelfLoop { id: RevisionId, path: String },
    #[error("these revisions go in a circle: {}; correct the `Revises:` or `Depends on:` of one of them", circle(.members))]
    Cycle { members: Vec<(RevisionId, String)> },
    #[error(
        "branch label {label} is in two files: {first} and {second}; give one of them another name"
    )]
    DuplicateLabel {
        label: String,
        first: String,
        second: String,
    },
    #[error(
        "branch label {label} in {path} is also the id of the revision in {other}; give the label another name"
    )]
    LabelIsId {
        label: String,
        path: String,
        other: String,
    },
}

fn names(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn circle(members: &[(RevisionId, String)]) -> String {
    let mut names: Vec<String> = members
        .iter()
        .map(|(id, path)| format!("{id} ({path})"))
        .collect();
    if let Some(first) = members.first() {
        names.push(first.0.to_string());
    }
    names.join(" after ")
}

impl History {
    /// Builds the history of `scripts`; all errors at once, in order of path.
    pub fn new(scripts: Vec<Script>) -> Result<Self, Vec<HistoryError>> {
        build::build(scripts, None)
    }

    /// The same for the files of a project. Where it has several version locations, Alembic reads one after another
    /// (`_load_revisions` of alembic/script/base.py).
    pub fn of_project(scripts: Vec<Script>, project: &Project) -> Result<Self, Vec<HistoryError>> {
        build::build(scripts, Some(project))
    }

    pub fn len(&self) -> usize {
        self.graph.node_count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, id: &RevisionId) -> Option<&Script> {
        self.positions.get(id).map(|at| &self.graph[*at])
    }

    /// The place of `id` in the order of [`History::scripts`], from 0.
    pub fn position(&self, id: &RevisionId) -> Option<usize> {
        self.positions.get(id).map(|at| at.index())
    }

    /// Every script, parents and dependencies before children; among those that may stand in any
    /// order: by create date (as text), then by id.
    pub fn scripts(&self) -> impl DoubleEndedIterator<Item = &Script> {
        self.graph.raw_nodes().iter().map(|node| &node.weight)
    }

    /// Revisions without children, in order of [`History::scripts`].
    pub fn heads(&self) -> Vec<RevisionId> {
        self.those(|at| {
            self.linked(at, Way::Outgoing, Link::Parent)
                .next()
                .is_none()
        })
    }

    /// The same, in the order of their files, as Alembic lists them.
    pub fn heads_by_file(&self) -> Vec<RevisionId> {
        self.ids(self.head_nodes(Along::Branch))
    }

    /// Revisions without parents.
    pub fn bases(&self) -> Vec<RevisionId> {
        self.those(|at| {
            self.linked(at, Way::Incoming, Link::Parent)
                .next()
                .is_none()
        })
    }

    /// Revisions with several children.
    pub fn branch_points(&self) -> Vec<RevisionId> {
        self.those(|at| {
            self.linked(at, Way::Outgoing, Link::Parent)
                .nth(1)
                .is_some()
        })
    }

    /// Revisions with several parents.
    pub fn merge_points(&self) -> Vec<RevisionId> {
        self.those(|at| {
            self.linked(at, Way::Incoming, Link::Parent)
                .nth(1)
                .is_some()
        })
    }

    /// The revisions that come directly after `id` (not dependants), in order of [`History::scripts`].
    pub fn children(&self, id: &RevisionId) -> Vec<RevisionId> {
        self.positions
            .get(id)
            .map_or_else(Vec::new, |at| self.ids(self.above(*at, Link::Parent)))
    }

    /// The revisions that `id` comes directly after, in the file's order, each once.
    pub fn parents(&self, id: &RevisionId) -> Vec<RevisionId> {
        self.positions
            .get(id)
            .map_or_else(Vec::new, |at| self.ids(self.below(*at, Link::Parent)))
    }

    /// The revisions named by `depends_on` of `id`, resolved, in the file's order; without those that are
    /// its parents anyway.
    pub fn dependencies(&self, id: &RevisionId) -> Vec<RevisionId> {
        self.positions
            .get(id)
            .map_or_else(Vec::new, |at| self.ids(self.below(*at, Link::Dependency)))
    }

    /// `ids` and everything below them, through parents and dependencies.
    pub fn ancestors(&self, ids: &[RevisionId]) -> BTreeSet<RevisionId> {
        self.reached(ids, Way::Incoming)
    }

    /// `ids` and everything above them, through children and dependants.
    pub fn descendants(&self, ids: &[RevisionId]) -> BTreeSet<RevisionId> {
        self.reached(ids, Way::Outgoing)
    }

    /// Branch labels that `id` carries itself or inherits along its branch, as Alembic shows them; sorted.
    pub fn labels(&self, id: &RevisionId) -> Vec<String> {
        let labels = self
            .positions
            .get(id)
            .and_then(|at| self.labels.get(at.index()));
        labels.map_or_else(Vec::new, |labels| labels.iter().cloned().collect())
    }

    fn those(&self, wanted: impl Fn(NodeIndex) -> bool) -> Vec<RevisionId> {
        self.ids(self.graph.node_indices().filter(|at| wanted(*at)))
    }

    fn id(&self, at: NodeIndex) -> &RevisionId {
        &self.graph[at].revision.id
    }

    fn ids(&self, nodes: impl IntoIterator<Item = NodeIndex>) -> Vec<RevisionId> {
        nodes.into_iter().map(|at| self.id(at).clone()).collect()
    }

    fn known(&self, ids: &[RevisionId]) -> Vec<NodeIndex> {
        ids.iter()
            .filter_map(|id| self.positions.get(id).copied())
            .collect()
    }

    /// Neighbours by one kind of link, in petgraph's order (the last edge first).
    fn linked(&self, at: NodeIndex, way: Way, link: Link) -> impl Iterator<Item = NodeIndex> {
        self.graph
            .edges_directed(at, way)
            .filter(move |edge| *edge.weight() == link)
            .map(move |edge| match way {
                Way::Outgoing => edge.target(),
                Way::Incoming => edge.source(),
            })
    }

    /// What `at` hangs on by `link`, in the file's order.
    fn below(&self, at: NodeIndex, link: Link) -> Vec<NodeIndex> {
        let mut nodes: Vec<NodeIndex> = self.linked(at, Way::Incoming, link).collect();
        nodes.reverse();
        nodes
    }

    /// What hangs on `at` by `link`, in order.
    fn above(&self, at: NodeIndex, link: Link) -> Vec<NodeIndex> {
        let mut nodes: Vec<NodeIndex> = self.linked(at, Way::Outgoing, link).collect();
        nodes.sort_unstable();
        nodes
    }

    /// Heads in the order of their files; with [`Along::Everything`] without those on which something depends,
    /// which are the rows of a database that has everything (Alembic's `_real_heads`).
    fn head_nodes(&self, along: Along) -> Vec<NodeIndex> {
        let is_head = |at: &NodeIndex| {
            let mut above = self.graph.edges_directed(*at, Way::Outgoing);
            !above.any(|edge| along == Along::Everything || *edge.weight() == Link::Parent)
        };
        self.in_file_order(self.graph.node_indices().filter(is_head))
    }

    fn in_file_order(&self, nodes: impl IntoIterator<Item = NodeIndex>) -> Vec<NodeIndex> {
        let mut nodes: Vec<NodeIndex> = nodes.into_iter().collect();
        nodes.sort_unstable_by_key(|at| self.files[at.index()]);
        nodes.dedup();
        nodes
    }

    /// Whether each node is one of `starts` or beyond one of them.
    fn reach(&self, starts: &[NodeIndex], way: Way, along: Along) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open: Vec<NodeIndex> = Vec::new();
        for at in starts {
            if !std::mem::replace(&mut reached[at.index()], true) {
                open.push(*at);
            }
        }
        while let Some(at) = open.pop() {
            for edge in self.graph.edges_directed(at, way) {
                if along == Along::Branch && *edge.weight() != Link::Parent {
                    continue;
                }
                let next = match way {
                    Way::Outgoing => edge.target(),
                    Way::Incoming => edge.source(),
                };
                if !std::mem::replace(&mut reached[next.index()], true) {
                    open.push(next);
                }
            }
        }
        reached
    }

    fn reached(&self, ids: &[RevisionId], way: Way) -> BTreeSet<RevisionId> {
        let reached = self.reach(&self.known(ids), way, Along::Everything);
        let nodes = self.graph.node_indices().filter(|at| reached[at.index()]);
        nodes.map(|at| self.id(at).clone()).collect()
    }
}
