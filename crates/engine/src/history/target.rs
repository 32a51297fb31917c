//! Targets: `head`, `heads`, `base`, a full or unambiguous partial id, a branch label, `+N`, `-N`.

use super::{History, Link};
use crate::revision::{Direction, RevisionId};
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;

/// Why a target cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("there is no revision {0:?} in this history")]
    Unknown(String),
    #[error("{text:?} could be any of {}; write more of the id", join(.candidates))]
    Ambiguous {
        text: String,
        candidates: Vec<RevisionId>,
    },
    #[error("there are several heads ({}): merge them, or say `heads`, or name one", join(.0))]
    SeveralHeads(Vec<RevisionId>),
    #[error("there are several current revisions ({}): name one instead of counting", join(.0))]
    SeveralCurrent(Vec<RevisionId>),
    #[error("the history begins in several places ({}): name the revision instead of counting from nothing", join(.0))]
    SeveralBases(Vec<RevisionId>),
    #[error("{text} goes {missing} steps beyond the end of the history")]
    TooFar { text: String, missing: usize },
    #[error("{text} reaches {at}, which has several {what}: name the one that is meant")]
    Fork {
        text: String,
        at: RevisionId,
        what: &'static str,
    },
    #[error(
        "the database is at {0:?}, which no file of this project has; add the file, or stamp a revision that is here"
    )]
    UnknownCurrent(RevisionId),
    #[error("{target} is not below the current revisions, so there is nothing to downgrade to it")]
    NotBelow { target: String },
    #[error("{text} is no target for {} {direction}: {}", article(.direction), other_way(.direction))]
    WrongWay { text: String, direction: Direction },
    #[error("the history has no revisions yet")]
    Empty,
    #[error(
        "{0} counts steps, which only upgrade and downgrade do: write head, heads, base or a revision id"
    )]
    Counted(String),
    #[error("{0:?} is not a target: write head, heads, base, a revision id, +N or -N")]
    Malformed(String),
}

fn join(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
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

/// What a target's text says, before the history is asked.
enum Form<'t> {
    Head,
    Heads,
    Base,
    Up(usize),
    Down(usize),
    Name(&'t str),
}

fn form(text: &str) -> Result<Form<'_>, TargetError> {
    let malformed = || TargetError::Malformed(text.to_owned());
    let count = |digits: &str| {
        let digits_only = digits.bytes().all(|byte| byte.is_ascii_digit());
        let count = digits
            .parse::<usize>()
            .ok()
            .filter(|count| digits_only && *count > 0);
        count.ok_or_else(malformed)
    };
    match text {
        "head" => Ok(Form::Head),
        "heads" => Ok(Form::Heads),
        "base" => Ok(Form::Base),
        "" => Err(malformed()),
        _ => match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(digits), _) => count(digits).map(Form::Up),
            (_, Some(digits)) => count(digits).map(Form::Down),
            _ => Ok(Form::Name(text)),
        },
    }
}

/// The revisions that `target` names, without counting from a state: `head` (an error when there are several),
/// `heads`, `base` (none), ids, partial ids, branch labels (their head).
pub fn resolve(history: &History, target: &str) -> Result<Vec<RevisionId>, TargetError> {
    Ok(history.ids(named(history, target)?))
}

fn named(history: &History, target: &str) -> Result<Vec<NodeIndex>, TargetError> {
    match form(target)? {
        Form::Head => one(history, head_nodes(history)?),
        Form::Heads => head_nodes(history),
        Form::Base => Ok(Vec::new()),
        Form::Up(_) | Form::Down(_) => Err(TargetError::Counted(target.to_owned())),
        Form::Name(text) => find(history, text),
    }
}

fn head_nodes(history: &History) -> Result<Vec<NodeIndex>, TargetError> {
    if history.is_empty() {
        return Err(TargetError::Empty);
    }
    Ok(history.known(&history.heads()))
}

fn one(history: &History, heads: Vec<NodeIndex>) -> Result<Vec<NodeIndex>, TargetError> {
    if heads.len() > 1 {
        return Err(TargetError::SeveralHeads(history.ids(heads)));
    }
    Ok(heads)
}

/// An id; else a branch label (as in Alembic, a whole name goes before the beginning of one); else the
/// beginning of exactly one id.
fn find(history: &History, text: &str) -> Result<Vec<NodeIndex>, TargetError> {
    let Ok(id) = RevisionId::new(text) else {
        return match history.labelled.get(text) {
            Some(at) => one(history, branch_heads(history, *at)),
            None => Err(TargetError::Malformed(text.to_owned())),
        };
    };
    if let Some(at) = history.positions.get(&id) {
        return Ok(vec![*at]);
    }
    if let Some(at) = history.labelled.get(text) {
        return one(history, branch_heads(history, *at));
    }
    let begins = |at: &NodeIndex| history.id(*at).as_str().starts_with(text);
    let candidates: Vec<NodeIndex> = history.graph.node_indices().filter(begins).collect();
    match candidates.as_slice() {
        [] => Err(TargetError::Unknown(text.to_owned())),
        [_] => Ok(candidates),
        _ => Err(TargetError::Ambiguous {
            text: text.to_owned(),
            candidates: history.ids(candidates),
        }),
    }
}

/// The heads of the branch that begins at `at`: through children, not through dependants.
fn branch_heads(history: &History, at: NodeIndex) -> Vec<NodeIndex> {
    let mut inside = vec![false; history.len()];
    inside[at.index()] = true;
    let mut heads = Vec::new();
    for node in history.graph.node_indices().skip(at.index()) {
        if inside[node.index()] {
            let children = history.above(node, Link::Parent);
            if children.is_empty() {
                heads.push(node);
            }
            for child in children {
                inside[child.index()] = true;
            }
        }
    }
    heads
}

/// The rows as nodes, in the history's order, each once.
fn rows(history: &History, current: &[RevisionId]) -> Result<Vec<NodeIndex>, TargetError> {
    let mut nodes = Vec::with_capacity(current.len());
    for id in current {
        let at = history
            .positions
            .get(id)
            .ok_or_else(|| TargetError::UnknownCurrent(id.clone()))?;
        nodes.push(*at);
    }
    nodes.sort_unstable();
    nodes.dedup();
    Ok(nodes)
}

/// The revisions to apply, in order, to bring a database at `current` up to `target`.
/// Empty when there is nothing to do.
pub fn upgrade(
    history: &History,
    current: &[RevisionId],
    target: &str,
) -> Result<Vec<RevisionId>, TargetError> {
    let rows = rows(history, current)?;
    let goal = match form(target)? {
        Form::Base | Form::Down(_) => {
            return Err(TargetError::WrongWay {
                text: target.to_owned(),
                direction: Direction::Upgrade,
            });
        }
        Form::Up(count) => vec![climb(history, &rows, count, target)?],
        Form::Head | Form::Heads | Form::Name(_) => named(history, target)?,
    };
    let mut applied = vec![false; history.len()];
    for at in history.down_from(&rows) {
        applied[at.index()] = true;
    }
    let missing = history
        .down_from(&goal)
        .into_iter()
        .filter(|at| !applied[at.index()]);
    Ok(history.ids(missing))
}

/// The revision `count` steps above the only row, or above nothing.
fn climb(
    history: &History,
    rows: &[NodeIndex],
    count: usize,
    text: &str,
) -> Result<NodeIndex, TargetError> {
    let mut at = only(history, rows)?;
    for done in 0..count {
        let next = match at {
            Some(at) => history.above(at, Link::Parent),
            None => history.known(&history.bases()),
        };
        at = match (next.as_slice(), at) {
            ([next], _) => Some(*next),
            ([], _) => {
                return Err(TargetError::TooFar {
                    text: text.to_owned(),
                    missing: count - done,
                });
            }
            (_, Some(at)) => return Err(fork(history, at, text, "children")),
            (several, None) => {
                return Err(TargetError::SeveralBases(
                    history.ids(several.iter().copied()),
                ));
            }
        };
    }
    at.ok_or(TargetError::Empty)
}

fn only(history: &History, rows: &[NodeIndex]) -> Result<Option<NodeIndex>, TargetError> {
    match rows {
        [] => Ok(None),
        [row] => Ok(Some(*row)),
        _ => Err(TargetError::SeveralCurrent(
            history.ids(rows.iter().copied()),
        )),
    }
}

fn fork(history: &History, at: NodeIndex, text: &str, what: &'static str) -> TargetError {
    TargetError::Fork {
        text: text.to_owned(),
        at: history.id(at).clone(),
        what,
    }
}

/// The revisions to undo, in order, to bring a database at `current` down to `target`.
/// A revision whose dependants or children are applied is never undone before them.
///
/// As in Alembic (`_collect_downgrade_revisions` of alembic/script/revision.py), going down to a revision undoes its
/// children and all that stands on them; a branch that was merged in from elsewhere stays.
pub fn downgrade(
    history: &History,
    current: &[RevisionId],
    target: &str,
) -> Result<Vec<RevisionId>, TargetError> {
    let rows = rows(history, current)?;
    let mut applied = vec![false; history.len()];
    let down = history.down_from(&rows);
    for at in &down {
        applied[at.index()] = true;
    }
    let lowest = match form(target)? {
        Form::Base => down,
        Form::Up(_) => {
            return Err(TargetError::WrongWay {
                text: target.to_owned(),
                direction: Direction::Downgrade,
            });
        }
        Form::Down(count) => vec![descend(history, &rows, count, target)?],
        Form::Head | Form::Heads | Form::Name(_) => {
            let kept = named(history, target)?;
            if kept.iter().any(|at| !applied[at.index()]) {
                return Err(TargetError::NotBelow {
                    target: target.to_owned(),
                });
            }
            kept.into_iter()
                .flat_map(|at| history.above(at, Link::Parent))
                .collect()
        }
    };
    let mut undone = history.up_from(&lowest);
    undone.retain(|at| applied[at.index()]);
    undone.reverse();
    Ok(history.ids(undone))
}

/// The last of the `count` revisions that are to be undone, going down from the only row.
fn descend(
    history: &History,
    rows: &[NodeIndex],
    count: usize,
    text: &str,
) -> Result<NodeIndex, TargetError> {
    let too_far = |missing: usize| TargetError::TooFar {
        text: text.to_owned(),
        missing,
    };
    let mut at = only(history, rows)?.ok_or_else(|| too_far(count))?;
    for done in 1..count {
        let mut parents = history.linked(at, Way::Incoming, Link::Parent);
        let parent = parents.next().ok_or_else(|| too_far(count - done))?;
        if parents.next().is_some() {
            return Err(fork(history, at, text, "parents"));
        }
        at = parent;
    }
    if history
        .linked(at, Way::Incoming, Link::Parent)
        .nth(1)
        .is_some()
    {
        return Err(fork(history, at, text, "parents"));
    }
    Ok(at)
}
