//! Counted targets: `+2`, `-1`, `ae10+2`, `label@-1`; and going so many revisions up or down.

use super::target::TargetError;
use super::{Along, History, Link};
use petgraph::graph::NodeIndex;

/// A counted target, after `_relative_destination` of alembic/script/revision.py.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted<'t> {
    pub branch: Option<&'t str>,
    /// Where counting begins; none: where the database is.
    pub symbol: Option<&'t str>,
    /// Whether it goes up.
    pub up: bool,
    pub count: usize,
}

/// Reads a counted target; none where `text` counts nothing.
///
/// Alembic takes `feature-1` and `feature-1@head` for counting where `feature-1` is a branch label, and reads
/// `ae10+1x` as `ae10+1`. Here a name of the history goes first, and nothing may follow the number.
pub(super) fn counted<'t>(history: &History, text: &'t str) -> Option<Counted<'t>> {
    if history.has_name(text) {
        return None;
    }
    for (at, _) in text.match_indices('@') {
        let branch = &text[..at];
        let rest = step(&text[at + 1..]);
        if rest.is_some() || history.has_name(branch) {
            return rest.filter(|_| !branch.is_empty()).map(|step| Counted {
                branch: Some(branch),
                ..step
            });
        }
    }
    step(text)
}

/// Reads `ae10+2`, `+2` or `-1`.
fn step(text: &str) -> Option<Counted<'_>> {
    let at = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let (symbol, rest) = text.split_at(at);
    let up = rest.starts_with('+');
    let digits = rest.strip_prefix(['+', '-'])?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Counted {
        branch: None,
        symbol: Some(symbol).filter(|symbol| !symbol.is_empty()),
        up,
        count: digits.parse().unwrap_or(usize::MAX),
    })
}

impl History {
    /// The node `count` steps above `start`, or above the base; one that is not on `branch` is no way up.
    /// Where the history ends before, that end with `clip`, else an error.
    pub(super) fn climb(
        &self,
        start: Option<NodeIndex>,
        count: usize,
        branch: Option<&str>,
        clip: bool,
        text: &str,
    ) -> Result<Option<NodeIndex>, TargetError> {
        let inside = match branch {
            Some(branch) => Some(self.lineage(&[self.branch(branch)?], Along::Branch)),
            None => None,
        };
        let mut at = start;
        for done in 0..count {
            let mut ways = match at {
                Some(at) => self.above(at, Link::Parent),
                None => self.known(&self.bases()),
            };
            ways.retain(|at| inside.as_ref().is_none_or(|inside| inside[at.index()]));
            at = match (ways.as_slice(), at) {
                ([next], _) => Some(*next),
                ([], _) if clip => return Ok(at),
                ([], _) => return Err(too_far(text, count - done)),
                (_, Some(at)) => return Err(self.fork(at, text, "children", &ways)),
                (_, None) => return Err(TargetError::SeveralBases(self.ids(ways))),
            };
        }
        Ok(at)
    }

    /// The node `count` steps below `start`; none for the base. Where the history ends before, that with
    /// `clip`, else an error.
    pub(super) fn descend(
        &self,
        start: NodeIndex,
        count: usize,
        clip: bool,
        text: &str,
    ) -> Result<Option<NodeIndex>, TargetError> {
        let mut at = start;
        for done in 0..count {
            at = match self.below(at, Link::Parent).as_slice() {
                [parent] => *parent,
                [] if clip || done + 1 == count => return Ok(None),
                [] => return Err(too_far(text, count - done - 1)),
                several => return Err(self.fork(at, text, "parents", several)),
            };
        }
        Ok(Some(at))
    }

    fn fork(
        &self,
        at: NodeIndex,
        text: &str,
        what: &'static str,
        ways: &[NodeIndex],
    ) -> TargetError {
        TargetError::Fork {
            text: text.to_owned(),
            at: self.id(at).clone(),
            what,
            ways: self.ids(ways.iter().copied()),
        }
    }
}

pub(super) fn too_far(text: &str, missing: usize) -> TargetError {
    TargetError::TooFar {
        text: text.to_owned(),
        missing,
    }
}
