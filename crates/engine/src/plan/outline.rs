//! The outline of a plan: which revisions would run, in which order, between which heads, and what they would send.
//!
//! It needs no database and refuses nothing for what a script says: a missing downgrade or a statement with an error
//! is a matter for the plan itself.

use super::build::{version_sql, version_table};
use super::{FORMAT, Request};
use crate::history::heads::{self, Rows, VersionWrite};
use crate::history::stamp;
use crate::history::target::{self, TargetError};
use crate::revision::{Direction, RevisionId, Script};
use crate::sql;
use serde::Serialize;

/// What an outline is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Upgrade,
    Downgrade,
    Stamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outline {
    pub format: u32,
    /// The version rows at the start and at the end, sorted.
    pub from: Vec<RevisionId>,
    pub to: Vec<RevisionId>,
    pub revisions: Vec<Outlined>,
}

/// One revision's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outlined {
    /// None in a stamp.
    pub revision: Option<RevisionId>,
    /// In a stamp: down where every row that moves goes down.
    pub direction: Direction,
    /// The version rows, sorted.
    pub heads_before: Vec<RevisionId>,
    pub heads_after: Vec<RevisionId>,
    /// Those of the script, then the writes to the version table.
    pub statements: Vec<OutlinedStatement>,
    pub unreadable: Vec<Unreadable>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutlinedStatement {
    pub sql: String,
}

/// A place of a script whose statements cannot be known without running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    pub file: String,
    /// 1-based.
    pub line: u32,
    pub reason: String,
}

/// Outlines the way from `request.current` to `target`; for a stamp, a list with spaces or commas.
pub fn outline(request: Request<'_>, verb: Verb, target: &str) -> Result<Outline, TargetError> {
    let history = request.history;
    let table = version_table(&request.config.project);
    let mut rows = Rows::new(history, request.current);
    let from = rows.ids();
    let walk = match verb {
        Verb::Upgrade => Some((
            target::upgrade(history, request.current, target)?,
            Direction::Upgrade,
        )),
        Verb::Downgrade => Some((
            target::downgrade(history, request.current, target)?,
            Direction::Downgrade,
        )),
        Verb::Stamp => None,
    };
    let Some((ids, direction)) = walk else {
        let revisions: Vec<Outlined> = stamped(request, target, &table)?.into_iter().collect();
        let last = revisions.last().map(|stamped| stamped.heads_after.clone());
        return Ok(Outline {
            format: FORMAT,
            to: last.unwrap_or_else(|| from.clone()),
            from,
            revisions,
        });
    };
    let mut revisions = Vec::with_capacity(ids.len());
    let mut heads_before = from.clone();
    for id in ids {
        let script = history.get(&id);
        let mut statements = script.map_or_else(Vec::new, |script| statements(script, direction));
        statements.extend(versions(&table, &rows.step(&id, direction)));
        let heads_after = rows.ids();
        revisions.push(Outlined {
            unreadable: script.map_or_else(Vec::new, |script| unreadable(script, direction)),
            revision: Some(id),
            direction,
            heads_before: std::mem::replace(&mut heads_before, heads_after.clone()),
            heads_after,
            statements,
        });
    }
    Ok(Outline {
        format: FORMAT,
        from,
        to: heads_before,
        revisions,
    })
}

/// A stamp's writes as one part; none where nothing moves.
fn stamped(
    request: Request<'_>,
    target: &str,
    table: &str,
) -> Result<Option<Outlined>, TargetError> {
    let steps = stamp::steps(request.history, request.current, target)?;
    if steps.is_empty() {
        return Ok(None);
    }
    let down = steps
        .iter()
        .all(|step| step.direction == Direction::Downgrade);
    let writes: Vec<VersionWrite> = steps.into_iter().flat_map(|step| step.writes).collect();
    Ok(Some(Outlined {
        revision: None,
        direction: if down {
            Direction::Downgrade
        } else {
            Direction::Upgrade
        },
        heads_before: heads::written(request.current, &[]),
        heads_after: heads::written(request.current, &writes),
        statements: versions(table, &writes).collect(),
        unreadable: Vec::new(),
    }))
}

fn statements(script: &Script, direction: Direction) -> Vec<OutlinedStatement> {
    let text = script.revision.sql(direction);
    let found = sql::split(text).statements;
    found
        .into_iter()
        .map(|statement| OutlinedStatement {
            sql: text[statement.body].to_owned(),
        })
        .collect()
}

/// What of a script cannot be known. A native script is SQL, all of which is read.
fn unreadable(script: &Script, direction: Direction) -> Vec<Unreadable> {
    let parts = script.body(direction).map(|body| &body.unreadable);
    parts
        .into_iter()
        .flatten()
        .map(|part| Unreadable {
            file: script.path.clone(),
            line: part.line,
            reason: part.reason.clone(),
        })
        .collect()
}

fn versions<'a>(
    table: &'a str,
    writes: &'a [VersionWrite],
) -> impl Iterator<Item = OutlinedStatement> + 'a {
    writes.iter().map(|write| OutlinedStatement {
        sql: version_sql(table, write),
    })
}
