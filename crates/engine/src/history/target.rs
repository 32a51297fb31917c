//! Targets: where an upgrade, a downgrade or a listing goes to, and the revisions on the way, in order.
//!
//! A target is a name (`head`, `heads`, `base`, an id or its beginning, a branch label, each also on a branch:
//! `label@head`), or counts from where the database is (`+2`, `-1`, `label@+2`) or from a name (`ae10+2`, `head-1`).
//! The answers are Alembic's: `_collect_upgrade_revisions` and `_collect_downgrade_revisions` of
//! alembic/script/revision.py.

use super::walk::{Counted, counted, too_far};
use super::{Along, History, Link, order};
use crate::revision::{Direction, RevisionId};
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;

/// Why a target cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("there is no revision {0:?} in this history")]
    Unknown(String),
    #[error(
        "there is no branch {0:?} in this history: a branch is named by its label, or by one of its revisions"
    )]
    UnknownBranch(String),
    #[error("{revision} is not on branch {branch}")]
    NotInBranch {
        revision: RevisionId,
        branch: String,
    },
    #[error("{text:?} could be any of {}; write more of the id", .candidates.join(", "))]
    Ambiguous {
        text: String,
        candidates: Vec<String>,
    },
    #[error(
        "{text} could be any of several heads ({}): merge them (`cofferdam merge {}`), or say `heads`, or name one",
        join(.heads),
        spaced(.heads)
    )]
    SeveralHeads {
        text: String,
        heads: Vec<RevisionId>,
    },
    #[error("there are several current revisions ({}): name one instead of counting, or the branch as in label@+1", join(.0))]
    SeveralCurrent(Vec<RevisionId>),
    #[error("nothing of branch {0} is applied, so there is nothing to count from")]
    NoneCurrent(String),
    #[error("the history begins in several places ({}): name the revision instead of counting from nothing", join(.0))]
    SeveralBases(Vec<RevisionId>),
    #[error("{text} goes {missing} {} beyond the end of the history", if *.missing == 1 { "step" } else { "steps" })]
    TooFar { text: String, missing: usize },
    #[error("{text} reaches {at}, which has several {what} ({}): name the one that is meant", join(.ways))]
    Fork {
        text: String,
        at: RevisionId,
        what: &'static str,
        ways: Vec<RevisionId>,
    },
    #[error(
        "the database is at {0:?}, which no file of this project has; add the file, or stamp a revision that is here"
    )]
    UnknownCurrent(RevisionId),
    #[error(
        "{below} and {above} are asked for together, and {above} contains {below} already: leave {below} out"
    )]
    Overlap {
        above: RevisionId,
        below: RevisionId,
    },
    #[error(
        "the version table has both {above} and {below}, and {above} contains {below} already: delete the row {below} from it"
    )]
    OverlappingRows {
        above: RevisionId,
        below: RevisionId,
    },
    #[error(
        "{target} is not below the current revisions on their branches, so there is nothing to downgrade to it"
    )]
    NotBelow { target: String },
    #[error(
        "{target}: none of the revisions above it is on the way to branch {branch}; name a revision without the branch"
    )]
    OffBranch { target: String, branch: String },
    #[error("{from} is not below {to}, so there is no range from one to the other")]
    NoRange { from: String, to: String },
    #[error("{text} is no target for {} {direction}: {}", article(.direction), other_way(.direction))]
    WrongWay { text: String, direction: Direction },
    #[error(
        "{0} counts steps, which only upgrade and downgrade do: write head, heads, base or a revision id"
    )]
    Counted(String),
    #[error(
        "{0:?} is not a target: write head, heads, base, a revision id, a branch label, +N or -N"
    )]
    Malformed(String),
}

fn join(ids: &[RevisionId]) -> String {
    list(ids, ", ")
}

fn spaced(ids: &[RevisionId]) -> String {
    list(ids, " ")
}

fn list(ids: &[RevisionId], between: &str) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(between)
}

fn article(direction: &Direction) -> &'static str {
    match direction {
        Direction::Upgrade => "an",
        Direction::Downgrade => "a",
    }
}

fn other_way(direction: &Direction) -> &'static str {
    match direction {
        Direction::Upgrade => "write head, heads, a revision id or +N, or use downgrade",
        Direction::Downgrade => "write base, a revision id or -N, or use upgrade",
    }
}

/// The revisions that `target` names, in the order of their files: `head` (an error when there are several), `heads`,
/// `base` (none), ids, the beginnings of ids, branch labels (the revision that carries it), each also on a branch;
/// and `-N`, which counts down from the heads, as in Alembic.
pub fn resolve(history: &History, target: &str) -> Result<Vec<RevisionId>, TargetError> {
    let nodes = match below_heads(history, target, false)? {
        Some(ends) => ends
            .into_iter()
            .map(|end| end.ok_or_else(|| too_far(target, 1)))
            .collect::<Result<_, _>>()?,
        None => history.named(target)?,
    };
    Ok(history.ids(nodes))
}

/// The revisions that a list names, with spaces or commas between its targets, each once.
pub fn resolve_list(history: &History, targets: &str) -> Result<Vec<RevisionId>, TargetError> {
    let mut found: Vec<RevisionId> = Vec::new();
    for target in words(targets) {
        for id in resolve(history, target)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found)
}

/// The targets of a list, with spaces or commas between them.
pub(super) fn words(targets: &str) -> impl Iterator<Item = &str> {
    targets
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
}

/// Where `-N` and `label@-N` end when counted down from each effective head, none for the base; no list where `text`
/// is nothing like that. With `clip` it may go beyond the base, else that is an error.
pub(super) fn below_heads(
    history: &History,
    text: &str,
    clip: bool,
) -> Result<Option<Vec<Option<NodeIndex>>>, TargetError> {
    let Some(steps @ Counted { symbol: None, .. }) = counted(history, text) else {
        return Ok(None);
    };
    if steps.up || steps.count == 0 {
        return Err(TargetError::Counted(text.to_owned()));
    }
    let mut heads = history.head_nodes(Along::Everything);
    if let Some(branch) = steps.branch {
        let inside = members(history, branch)?;
        heads.retain(|at| inside[at.index()]);
    }
    let ends = heads
        .into_iter()
        .map(|head| history.descend(head, steps.count, clip, text));
    ends.collect::<Result<_, _>>().map(Some)
}

/// Whether each node carries the label `text`; where it names a revision, the only label of that one; where that has
/// none or several, whether the node is above it.
fn members(history: &History, text: &str) -> Result<Vec<bool>, TargetError> {
    let label = if history.labelled.contains_key(text) {
        text
    } else {
        let at = history.branch(text)?;
        let labels = &history.labels[at.index()];
        match (labels.first(), labels.len()) {
            (Some(label), 1) => label,
            _ => return Ok(history.reach(&[at], Way::Outgoing, Along::Branch)),
        }
    };
    Ok(history
        .labels
        .iter()
        .map(|labels| labels.contains(label))
        .collect())
}

/// The rows as nodes, in the order given, each once.
pub(super) fn rows(
    history: &History,
    current: &[RevisionId],
) -> Result<Vec<NodeIndex>, TargetError> {
    let mut nodes = Vec::with_capacity(current.len());
    let mut seen = vec![false; history.len()];
    for id in current {
        let at = history
            .positions
            .get(id)
            .ok_or_else(|| TargetError::UnknownCurrent(id.clone()))?;
        if !std::mem::replace(&mut seen[at.index()], true) {
            nodes.push(*at);
        }
    }
    Ok(nodes)
}

/// One of `nodes` that is above another of them, and that one.
fn overlap(history: &History, nodes: &[NodeIndex]) -> Option<(RevisionId, RevisionId)> {
    let next: Vec<NodeIndex> = nodes
        .iter()
        .flat_map(|at| history.stands_on[at.index()].iter().copied())
        .collect();
    let under = history.reach(&next, Way::Incoming, Along::Everything);
    let below = nodes.iter().find(|at| under[at.index()])?;
    let over = history.reach(&[*below], Way::Outgoing, Along::Everything);
    let above = nodes.iter().find(|at| *at != below && over[at.index()])?;
    Some((history.id(*above).clone(), history.id(*below).clone()))
}

fn refuse_overlap(history: &History, goal: &[NodeIndex]) -> Result<(), TargetError> {
    match overlap(history, goal) {
        Some((above, below)) => Err(TargetError::Overlap { above, below }),
        None => Ok(()),
    }
}

/// The revisions to apply, in order, to bring a database at `current` up to `target`.
/// Empty when there is nothing to do, as for `base` and `current`.
pub fn upgrade(
    history: &History,
    current: &[RevisionId],
    target: &str,
) -> Result<Vec<RevisionId>, TargetError> {
    let rows = rows(history, current)?;
    if let Some((above, below)) = overlap(history, &rows) {
        return Err(TargetError::OverlappingRows { above, below });
    }
    if target == "current" {
        return Ok(Vec::new());
    }
    let goal = goal(history, &rows, target, false)?;
    refuse_overlap(history, &goal)?;
    let applied = history.reach(&rows, Way::Incoming, Along::Everything);
    let mut todo = history.reach(&goal, Way::Incoming, Along::Everything);
    for (todo, applied) in todo.iter_mut().zip(applied) {
        *todo &= !applied;
    }
    let mut steps = order::from_above(history, todo, &goal);
    steps.reverse();
    Ok(history.ids(steps))
}

/// What an upgrade from `rows` goes to. With `clip` counting ends where the history does.
fn goal(
    history: &History,
    rows: &[NodeIndex],
    target: &str,
    clip: bool,
) -> Result<Vec<NodeIndex>, TargetError> {
    let Some(steps) = counted(history, target) else {
        return history.named(target);
    };
    let end = match (steps.up && steps.count > 0, steps.symbol) {
        (false, None) => {
            return Err(TargetError::WrongWay {
                text: target.to_owned(),
                direction: Direction::Upgrade,
            });
        }
        (true, symbol) => {
            let start = match symbol {
                Some(symbol) => history.only_named(symbol)?,
                None => lowest_end(history, rows, steps.branch)?,
            };
            let end = history.climb(start, steps.count, steps.branch, clip, target)?;
            Some(end.ok_or_else(|| too_far(target, steps.count))?)
        }
        (false, Some(symbol)) => down_from_name(history, steps, symbol, clip, target)?,
    };
    match end {
        Some(end) => Ok(vec![end]),
        None if clip => Ok(Vec::new()),
        None => Err(too_far(target, 1)),
    }
}

/// Follows `ae10-2` and `label@ae10-2`; none for the base.
fn down_from_name(
    history: &History,
    steps: Counted<'_>,
    symbol: &str,
    clip: bool,
    target: &str,
) -> Result<Option<NodeIndex>, TargetError> {
    let start = match steps.branch {
        Some(branch) => history.only_named(&format!("{branch}@{symbol}"))?,
        None => history.only_named(symbol)?,
    };
    // Alembic counts `base-1` down from the head.
    let start = start.ok_or_else(|| too_far(target, steps.count))?;
    history.descend(start, steps.count, clip, target)
}

/// Where counting up begins: at the only row, or the only one of the branch; else where the branch has come to
/// so far; else at the base.
fn lowest_end(
    history: &History,
    rows: &[NodeIndex],
    branch: Option<&str>,
) -> Result<Option<NodeIndex>, TargetError> {
    let mut ends = rows.to_vec();
    if let Some(branch) = branch {
        let inside = history.lineage(&[history.branch(branch)?], Along::Branch);
        ends.retain(|at| inside[at.index()]);
        if ends.is_empty() {
            let applied = history.reach(rows, Way::Incoming, Along::Everything);
            let mut open: Vec<bool> = applied
                .iter()
                .zip(inside)
                .map(|(applied, inside)| *applied && inside)
                .collect();
            let active: Vec<NodeIndex> = history
                .graph
                .node_indices()
                .filter(|at| open[at.index()])
                .collect();
            for below in active.iter().flat_map(|at| &history.stands_on[at.index()]) {
                open[below.index()] = false;
            }
            ends = active;
            ends.retain(|at| open[at.index()]);
        }
    }
    only(history, ends)
}

fn only(history: &History, nodes: Vec<NodeIndex>) -> Result<Option<NodeIndex>, TargetError> {
    match nodes.as_slice() {
        [] => Ok(None),
        [at] => Ok(Some(*at)),
        _ => Err(TargetError::SeveralCurrent(history.ids(nodes))),
    }
}

/// The row from which a downgrade to `target` counts, where there are several and it could be any: the first.
/// Alembic warns that this will be refused one day.
pub fn counts_from<'c>(
    history: &History,
    current: &'c [RevisionId],
    target: &str,
) -> Option<&'c RevisionId> {
    let steps = counted(history, target)?;
    let open = !steps.up && steps.symbol.is_none() && steps.branch.is_none();
    let first = current.first()?;
    (open && current.iter().any(|id| id != first)).then_some(first)
}

/// Where a downgrade ends.
struct Floor<'h> {
    /// The revision that stays; none for the base.
    kept: Option<NodeIndex>,
    /// Of several ways up from there, only the one to this revision is undone.
    branch: Option<(NodeIndex, &'h str)>,
}

/// The revisions to undo, in order, to bring a database at `current` down to `target`.
/// A revision whose dependants or children are applied is never undone before them.
///
/// As in Alembic, going down to a revision undoes its children and all that stands on them; a branch that was merged
/// in from elsewhere stays. `-N` counts from the first of several rows ([`counts_from`]).
pub fn downgrade(
    history: &History,
    current: &[RevisionId],
    target: &str,
) -> Result<Vec<RevisionId>, TargetError> {
    let rows = rows(history, current)?;
    if target == "current" {
        return Ok(Vec::new());
    }
    let applied = history.reach(&rows, Way::Incoming, Along::Everything);
    let floor = floor(history, &rows, &applied, target)?;
    let mut lowest = match floor.kept {
        Some(kept) => history.above(kept, Link::Parent),
        None => history.known(&history.bases()),
    };
    if let Some((branch, name)) = floor.branch
        && lowest.len() > 1
    {
        let way = history.reach(&[branch], Way::Incoming, Along::Branch);
        lowest.retain(|at| way[at.index()]);
        if lowest.is_empty() {
            return Err(TargetError::OffBranch {
                target: target.to_owned(),
                branch: name.to_owned(),
            });
        }
    }
    let mut todo = history.reach(&lowest, Way::Outgoing, Along::Everything);
    for (todo, applied) in todo.iter_mut().zip(applied) {
        *todo &= applied;
    }
    if let Some(kept) = floor.kept
        && !todo.contains(&true)
        && !rows.contains(&kept)
    {
        return Err(TargetError::NotBelow {
            target: target.to_owned(),
        });
    }
    Ok(history.ids(order::from_above(history, todo, &rows)))
}

fn floor<'h>(
    history: &'h History,
    rows: &[NodeIndex],
    applied: &[bool],
    target: &'h str,
) -> Result<Floor<'h>, TargetError> {
    let Some(steps) = counted(history, target) else {
        let (branch, name) = match target.rsplit_once('@') {
            Some((branch, name)) if !branch.is_empty() => (Some(branch), name),
            Some((_, name)) => (None, name),
            None => (None, target),
        };
        return Ok(Floor {
            branch: on_branch(history, branch)?,
            kept: history.only_named(name)?,
        });
    };
    let up = steps.up || steps.count == 0;
    match steps.symbol {
        None if up => Err(TargetError::WrongWay {
            text: target.to_owned(),
            direction: Direction::Downgrade,
        }),
        None => {
            let start = match steps.branch {
                Some(branch) => highest_end(history, rows, applied, branch)?,
                None => *rows.first().ok_or_else(|| too_far(target, steps.count))?,
            };
            let branch = match steps.branch {
                Some(_) => on_branch(history, steps.branch)?,
                None => Some((start, history.id(start).as_str())),
            };
            Ok(Floor {
                kept: history.descend(start, steps.count, false, target)?,
                branch,
            })
        }
        Some(symbol) if up => {
            let start = history.only_named(symbol)?;
            let end = history.climb(start, steps.count, steps.branch, false, target)?;
            Ok(Floor {
                kept: Some(end.ok_or_else(|| too_far(target, 1))?),
                branch: on_branch(history, steps.branch)?,
            })
        }
        Some(symbol) => Ok(Floor {
            kept: down_from_name(history, steps, symbol, false, target)?,
            branch: on_branch(history, steps.branch)?,
        }),
    }
}

fn on_branch<'t>(
    history: &History,
    branch: Option<&'t str>,
) -> Result<Option<(NodeIndex, &'t str)>, TargetError> {
    match branch {
        Some(branch) => Ok(Some((history.branch(branch)?, branch))),
        None => Ok(None),
    }
}

/// Where counting down a branch begins: at its only row; else at the highest of its revisions that are applied.
fn highest_end(
    history: &History,
    rows: &[NodeIndex],
    applied: &[bool],
    branch: &str,
) -> Result<NodeIndex, TargetError> {
    let inside = history.lineage(&[history.branch(branch)?], Along::Branch);
    let mut ends = rows.to_vec();
    ends.retain(|at| inside[at.index()]);
    if ends.is_empty() {
        let is_end = |at: &NodeIndex| {
            let mut children = history.linked(*at, Way::Outgoing, Link::Parent);
            applied[at.index()] && inside[at.index()] && !children.any(|at| applied[at.index()])
        };
        ends = history.graph.node_indices().filter(is_end).collect();
    }
    only(history, ends)?.ok_or_else(|| TargetError::NoneCurrent(branch.to_owned()))
}

/// The revisions of the range `from:to`, both included, newest first: those that are above `from` on its branches and
/// belong to `to` (`walk_revisions` of alembic/script/base.py).
///
/// Nothing before the colon is `base`, nothing after it `heads`, `current` are the rows of the database. `-N:` counts
/// down from the heads, `:+N` up from the other end. `label@base:` lists the targets of that branch only. Counting
/// ends where the history does.
pub fn range(
    history: &History,
    from: &str,
    to: &str,
    current: &[RevisionId],
) -> Result<Vec<RevisionId>, TargetError> {
    let from_text = if from.is_empty() { "base" } else { from };
    let to_text = if to.is_empty() { "heads" } else { to };
    let rows = match [from_text, to_text].contains(&"current") {
        true => rows(history, current)?,
        false => Vec::new(),
    };
    let lower = match below_heads_or_rows(history, from_text, &rows)? {
        Some(lower) => lower,
        None => history.named(from_text)?,
    };
    let mut goal = match to_text {
        "current" => rows,
        _ => goal(history, &lower, to_text, true)?,
    };
    if let Some((branch, _)) = from_text.split_once('@')
        && !branch.is_empty()
    {
        let inside = members(history, branch)?;
        goal.retain(|at| inside[at.index()]);
    }
    refuse_overlap(history, &goal)?;
    refuse_overlap(history, &lower)?;
    let inside = history.reach(&goal, Way::Incoming, Along::Everything);
    if lower.iter().any(|at| !inside[at.index()]) {
        return Err(TargetError::NoRange {
            from: from_text.to_owned(),
            to: to_text.to_owned(),
        });
    }
    let mut todo = inside;
    if !lower.is_empty() {
        let above = history.reach(&lower, Way::Outgoing, Along::Branch);
        for (todo, above) in todo.iter_mut().zip(above) {
            *todo &= above;
        }
        let next: Vec<NodeIndex> = lower
            .iter()
            .flat_map(|at| history.stands_on[at.index()].iter().copied())
            .collect();
        let below = history.reach(&next, Way::Incoming, Along::Everything);
        for (todo, below) in todo.iter_mut().zip(below) {
            *todo &= !below;
        }
    }
    Ok(history.ids(order::from_above(history, todo, &goal)))
}

/// The lower end of a range where it is `-N` or `current`; nothing stands below a count that ends at the base.
fn below_heads_or_rows(
    history: &History,
    from: &str,
    rows: &[NodeIndex],
) -> Result<Option<Vec<NodeIndex>>, TargetError> {
    if from == "current" {
        return Ok(Some(rows.to_vec()));
    }
    let ends = below_heads(history, from, true)?;
    Ok(ends.map(|ends| {
        ends.into_iter()
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default()
    }))
}
