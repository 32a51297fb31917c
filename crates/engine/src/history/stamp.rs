//! Stamping: moving the version rows to other revisions without running any.
//!
//! As in Alembic (`_stamp_revs` of alembic/script/base.py, `StampStep` of alembic/runtime/migration.py), only rows on
//! the lineage of a target move, through parents and dependencies; the rows of other branches stay.
//!
//! Given several targets, or `heads`, Alembic takes all rows that are related to any of them for each, so that it fails
//! in the middle (`KeyError`) or loses a target that was there already. Where that would happen, every target is
//! written here and every row that is related to one goes.

use super::heads::{self, VersionWrite};
use super::target::{self, TargetError};
use super::walk::counted;
use super::{Along, History};
use crate::revision::{Direction, RevisionId};
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;
use std::collections::BTreeSet;

/// One step of a stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The rows that it moves.
    pub from: Vec<RevisionId>,
    /// Where it moves them to; none for the base.
    pub to: Option<RevisionId>,
    /// Whether it goes up or down.
    pub direction: Direction,
    pub writes: Vec<VersionWrite>,
}

/// The steps that stamp a database whose rows are `current` with `targets`, a list with spaces or commas.
///
/// Rows that no file has, on which Alembic fails, are deleted first.
pub fn steps(
    history: &History,
    current: &[RevisionId],
    targets: &str,
) -> Result<Vec<Stamp>, TargetError> {
    let (known, unknown): (Vec<RevisionId>, Vec<RevisionId>) = current
        .iter()
        .cloned()
        .partition(|id| history.get(id).is_some());
    let rows = target::rows(history, &known)?;
    let mut goals: Vec<NodeIndex> = Vec::new();
    let mut moving: Vec<NodeIndex> = Vec::new();
    let mut named = false;
    for text in target::words(targets) {
        named = true;
        if text == "current" {
            continue;
        }
        let (lineage, goal) = follow(history, &rows, text)?;
        for at in &rows {
            if lineage.as_ref().is_none_or(|inside| inside[at.index()]) && !moving.contains(at) {
                moving.push(*at);
            }
        }
        for at in goal {
            if !goals.contains(&at) {
                goals.push(at);
            }
        }
    }
    if !named {
        return Err(TargetError::Malformed(targets.to_owned()));
    }
    let mut all = to_base(unknown);
    if goals.is_empty() {
        all.extend(to_base(history.ids(moving)));
        return Ok(all);
    }
    let steps: Vec<Stamp> = goals
        .iter()
        .filter(|goal| !moving.contains(goal))
        .map(|goal| toward(history, &moving, *goal))
        .collect();
    all.extend(
        alembics(history, &rows, &goals, steps.clone())
            .unwrap_or_else(|| ours(history, &moving, &goals, steps)),
    );
    Ok(all)
}

/// Which nodes a target's rows may be on (any, for the base), and the revisions that it names.
type Followed = (Option<Vec<bool>>, Vec<NodeIndex>);

fn follow(history: &History, rows: &[NodeIndex], text: &str) -> Result<Followed, TargetError> {
    // As in Alembic, counting is understood where the version table is empty.
    if !rows.is_empty() && counted(history, text).is_some_and(|steps| steps.symbol.is_none()) {
        return Err(TargetError::Counted(text.to_owned()));
    }
    if let Some(ends) = target::below_heads(history, text, true)? {
        return Ok((None, ends.into_iter().flatten().collect()));
    }
    let goal = history.named(text)?;
    let mut relatives = match text {
        "base" => return Ok((None, goal)),
        _ => goal.clone(),
    };
    if let Some((branch, _)) = text.split_once('@')
        && !branch.is_empty()
    {
        relatives.push(history.branch(branch)?);
    }
    if relatives.is_empty() {
        // The head of an empty history.
        return Ok((None, goal));
    }
    Ok((Some(history.lineage(&relatives, Along::Everything)), goal))
}

fn to_base(rows: Vec<RevisionId>) -> Vec<Stamp> {
    rows.into_iter()
        .map(|id| Stamp {
            from: vec![id.clone()],
            to: None,
            direction: Direction::Downgrade,
            writes: vec![VersionWrite::Delete(id)],
        })
        .collect()
}

/// The step to `goal`: down or up from all of `moving` where one of them is above or below it, else a new row.
fn toward(history: &History, moving: &[NodeIndex], goal: NodeIndex) -> Stamp {
    let among = |way| {
        let reached = history.reach(&[goal], way, Along::Everything);
        moving.iter().any(|at| reached[at.index()])
    };
    let (direction, from) = if among(Way::Outgoing) {
        (Direction::Downgrade, moving)
    } else if among(Way::Incoming) {
        (Direction::Upgrade, moving)
    } else {
        (Direction::Upgrade, &[][..])
    };
    Stamp {
        from: history.ids(from.iter().copied()),
        to: Some(history.id(goal).clone()),
        direction,
        writes: Vec::new(),
    }
}

/// The steps with the writes that Alembic does; none where it fails, or ends without a row for one of `goals`.
fn alembics(
    history: &History,
    rows: &[NodeIndex],
    goals: &[NodeIndex],
    mut steps: Vec<Stamp>,
) -> Option<Vec<Stamp>> {
    let mut table: BTreeSet<RevisionId> = history.ids(rows.iter().copied()).into_iter().collect();
    for step in &mut steps {
        let to = step.to.as_ref()?;
        let here = step.from.iter().all(|from| table.contains(from));
        step.writes = match step.from.split_last() {
            Some((last, others)) if here => {
                let others = others.iter().cloned().map(VersionWrite::Delete);
                let update = VersionWrite::Update {
                    from: last.clone(),
                    to: to.clone(),
                };
                others.chain([update]).collect()
            }
            Some(_) if step.direction == Direction::Downgrade => return None,
            _ => vec![VersionWrite::Insert(to.clone())],
        };
        if table.contains(to) {
            return None;
        }
        heads::apply(&mut table, &step.writes);
    }
    let kept = goals.iter().all(|goal| table.contains(history.id(*goal)));
    kept.then_some(steps)
}

/// The same steps with writes that end with every goal and without the rows that are related to one.
fn ours(
    history: &History,
    moving: &[NodeIndex],
    goals: &[NodeIndex],
    mut steps: Vec<Stamp>,
) -> Vec<Stamp> {
    let lineage = history.lineage(goals, Along::Everything);
    let mut going: Vec<RevisionId> = history.ids(
        moving
            .iter()
            .copied()
            .filter(|at| lineage[at.index()] && !goals.contains(at)),
    );
    going.reverse();
    let last = steps.len().saturating_sub(1);
    for (at, step) in steps.iter_mut().enumerate() {
        let Some(to) = step.to.clone() else { continue };
        step.from = if at == last {
            going.drain(..).rev().collect()
        } else {
            going.pop().into_iter().collect()
        };
        step.writes = match step.from.split_last() {
            Some((from, others)) => {
                let others = others.iter().cloned().map(VersionWrite::Delete);
                let from = from.clone();
                others.chain([VersionWrite::Update { from, to }]).collect()
            }
            None => vec![VersionWrite::Insert(to)],
        };
    }
    steps
}
