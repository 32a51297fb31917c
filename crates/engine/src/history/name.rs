//! Names of revisions: ids, the beginnings of ids, branch labels, `head`, `heads`, `base`, and each of them on a
//! branch (`label@head`), as `_resolve_revision_number` and `_revision_for_ident` of alembic/script/revision.py have them.

use super::target::TargetError;
use super::{Along, History};
use crate::revision::RevisionId;
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;

/// Names shorter than this are known in full only, as in Alembic.
const SHORTEST: usize = 4;

/// The words that name no revision of their own.
const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

impl History {
    /// The revision with this id or branch label; else the only one with an id or a label of at least four
    /// characters that begins so, among those of the `branch` if there is one.
    pub(super) fn find(&self, text: &str, branch: Option<&str>) -> Result<NodeIndex, TargetError> {
        let lineage = match branch {
            Some(branch) => Some(self.lineage(&[self.branch(branch)?], Along::Branch)),
            None => None,
        };
        let inside = |at: NodeIndex| lineage.as_ref().is_none_or(|inside| inside[at.index()]);
        match (self.exact(text), branch) {
            (Some(at), Some(branch)) if !inside(at) => Err(TargetError::NotInBranch {
                revision: self.id(at).clone(),
                branch: branch.to_owned(),
            }),
            (Some(at), _) => Ok(at),
            (None, _) => self.beginning(text, inside),
        }
    }

    fn exact(&self, text: &str) -> Option<NodeIndex> {
        // An id is never a label too.
        let id = RevisionId::new(text).ok();
        id.and_then(|id| self.positions.get(&id))
            .or_else(|| self.labelled.get(text))
            .copied()
    }

    /// Whether `text` is an id or a branch label, in full.
    pub(super) fn has_name(&self, text: &str) -> bool {
        self.exact(text).is_some()
    }

    fn beginning(
        &self,
        text: &str,
        inside: impl Fn(NodeIndex) -> bool,
    ) -> Result<NodeIndex, TargetError> {
        let begins = |name: &str| {
            !text.is_empty() && name.starts_with(text) && name.chars().count() >= SHORTEST
        };
        let ids = self
            .graph
            .node_indices()
            .map(|at| (self.id(at).as_str(), at));
        let labels = self.labelled.iter().map(|(name, at)| (name.as_str(), *at));
        let mut candidates: Vec<(&str, NodeIndex)> = ids
            .chain(labels)
            .filter(|(name, at)| begins(name) && inside(*at))
            .collect();
        match candidates.as_slice() {
            [] if RevisionId::new(text).is_err() => Err(TargetError::Malformed(text.to_owned())),
            [] => Err(TargetError::Unknown(text.to_owned())),
            [(_, at)] => Ok(*at),
            _ => {
                candidates.sort_unstable();
                Err(TargetError::Ambiguous {
                    text: text.to_owned(),
                    candidates: candidates
                        .iter()
                        .map(|(name, _)| (*name).to_owned())
                        .collect(),
                })
            }
        }
    }

    /// The revision by which a branch is named: one with that label, or any revision.
    pub(super) fn branch(&self, text: &str) -> Result<NodeIndex, TargetError> {
        if RESERVED.contains(&text) {
            return Err(TargetError::UnknownBranch(text.to_owned()));
        }
        self.find(text, None).map_err(|error| match error {
            TargetError::Unknown(_) | TargetError::Malformed(_) => {
                TargetError::UnknownBranch(text.to_owned())
            }
            error => error,
        })
    }

    /// Whether each node is one of `nodes`, above one or below one.
    pub(super) fn lineage(&self, nodes: &[NodeIndex], along: Along) -> Vec<bool> {
        let below = self.reach(nodes, Way::Incoming, along);
        let above = self.reach(nodes, Way::Outgoing, along);
        below
            .into_iter()
            .zip(above)
            .map(|(below, above)| below || above)
            .collect()
    }

    /// The heads, all or those of a branch, in the order of their files.
    pub(super) fn heads_of(&self, branch: Option<&str>) -> Result<Vec<NodeIndex>, TargetError> {
        let mut heads = self.head_nodes(Along::Branch);
        if let Some(branch) = branch {
            let inside = self.lineage(&[self.branch(branch)?], Along::Branch);
            heads.retain(|at| inside[at.index()]);
        }
        Ok(heads)
    }

    /// The revisions that `text` names, without counting; none for `base`, and for `head` and `heads` of an
    /// empty history.
    ///
    /// `heads` are the effective heads, those on which nothing depends; `head` must be the only head, and
    /// counts also one that a dependency hides. So does `heads` of a branch.
    pub(super) fn named(&self, text: &str) -> Result<Vec<NodeIndex>, TargetError> {
        let (branch, name) = match text.split_once('@') {
            // Alembic takes `@head` for `head`.
            Some(("", name)) => (None, name),
            Some((branch, name)) => (Some(branch), name),
            None => (None, text),
        };
        match name {
            "heads" if branch.is_none() => Ok(self.head_nodes(Along::Everything)),
            "heads" => self.heads_of(branch),
            "head" => {
                let heads = self.heads_of(branch)?;
                if heads.len() > 1 {
                    return Err(TargetError::SeveralHeads {
                        text: text.to_owned(),
                        heads: self.ids(heads),
                    });
                }
                Ok(heads)
            }
            "base" => match branch {
                Some(branch) => self.branch(branch).map(|_| Vec::new()),
                None => Ok(Vec::new()),
            },
            _ => Ok(vec![self.find(name, branch)?]),
        }
    }

    /// The only revision that `text` names; none for `base` and for `head` of an empty history.
    pub(super) fn only_named(&self, text: &str) -> Result<Option<NodeIndex>, TargetError> {
        match self.named(text)?.as_slice() {
            [] => Ok(None),
            [at] => Ok(Some(*at)),
            several => Err(TargetError::SeveralHeads {
                text: text.to_owned(),
                heads: self.ids(several.iter().copied()),
            }),
        }
    }
}
