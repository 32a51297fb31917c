//! Breaking changes on a project's folder and on its databases: their files, gates, and the comparison of their two sides.

use crate::database::{ConnectError, Database};
use crate::driver::query;
use crate::environment::{self, StateError};
use crate::project::{Folder, Project, ProjectError};
use cofferdam_engine::change::gate::{self, FORCED, Gate, Measured};
use cofferdam_engine::change::parity::Parity;
use cofferdam_engine::change::{self, Change, ChangeError, ChangeId, FileError, Phase};
use cofferdam_engine::plan::{self, Plan};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use cofferdam_engine::run::{Answer, Failure, journal};
use serde::Serialize;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::collections::BTreeSet;

/// Why there is no answer about a change.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("there is no change {id}: {known}")]
    Unknown { id: String, known: String },
    #[error("cannot {what}: {error}")]
    Query { what: &'static str, error: String },
    #[error("{}", shut_words(.0))]
    Shut(Box<Gate>),
}

/// What keeps a gate shut, in lines.
fn shut_words(gate: &Gate) -> String {
    let mut text = format!(
        "the gate before the contract of {} is shut, so nothing of it can run:",
        gate.change
    );
    for one in gate.shut() {
        text.push_str(&format!(
            "\n  {} (found: {}); {}",
            one.condition.words, one.found, one.condition.help
        ));
    }
    text
}

/// The folder of the changes' files.
const FOLDER: &str = "changes";

/// Every change of the project, by id.
pub fn all(folder: &Folder) -> Result<Vec<Change>, ChangesError> {
    let paths = folder.list(FOLDER, &[".toml"])?.unwrap_or_default();
    paths.iter().map(|path| read(folder, path)).collect()
}

/// The change of that id.
pub fn find(folder: &Folder, id: &str) -> Result<Change, ChangesError> {
    let unknown = |known: String| ChangesError::Unknown {
        id: id.to_owned(),
        known,
    };
    let wanted = ChangeId::new(id)?.path();
    let paths = folder.list(FOLDER, &[".toml"])?.unwrap_or_default();
    if paths.contains(&wanted) {
        return read(folder, &wanted);
    }
    let names: Vec<&str> = paths.iter().map(|path| stem(path)).collect();
    Err(unknown(match names.is_empty() {
        true => "the project has none; make one with `cofferdam change new`".into(),
        false => format!("there are {}", names.join(", ")),
    }))
}

fn stem(path: &str) -> &str {
    path.trim_start_matches("changes/")
        .trim_end_matches(".toml")
}

fn read(folder: &Folder, path: &str) -> Result<Change, ChangesError> {
    let fail = |message: &str| FileError {
        path: path.to_owned(),
        message: message.to_owned(),
    };
    let id = ChangeId::new(stem(path)).map_err(|error| fail(&error.to_string()))?;
    let bytes = folder.read(path)?.ok_or_else(|| fail("the file is gone"))?;
    let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8"))?;
    Ok(Change::read(id, &text)?)
}

/// The changes whose contract a plan begins: what comes before its revision is of another change, or of another phase.
fn begun(plan: &Plan, scripts: &[Script]) -> BTreeSet<ChangeId> {
    let of = |id: &RevisionId| {
        let script = scripts.iter().find(|script| script.revision.id == *id)?;
        let (change, phase) = change::of_revision(&script.revision)?;
        (phase == Phase::Contract).then_some(change)
    };
    let upgrades = plan
        .revisions
        .iter()
        .filter(|one| one.direction == Direction::Upgrade);
    upgrades
        .filter_map(|planned| {
            let change = of(planned.revision.as_ref()?)?;
            let goes_on = planned
                .down
                .iter()
                .any(|id| of(id).as_ref() == Some(&change));
            (!goes_on).then_some(change)
        })
        .collect()
}

/// Refuses a plan that begins a contract whose gate is shut on `database`. A database at base is nobody's yet, and a contract
/// that has begun may end.
pub async fn check_plan(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    plan: &Plan,
) -> Result<(), ChangesError> {
    if plan.from.is_empty() {
        return Ok(());
    }
    for id in begun(plan, &project.scripts) {
        let change = find(&project.folder, id.as_str())?;
        let gate = measure(database, environment, project, &change).await?;
        if !gate.is_open() {
            return Err(ChangesError::Shut(Box::new(gate)));
        }
    }
    Ok(())
}

/// Measures the gate of a change on a database.
pub async fn measure(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    change: &Change,
) -> Result<Gate, ChangesError> {
    let phases = change::phases(change)?;
    let table = plan::version_table(&project.config.project);
    let conditions = gate::conditions(change, &phases, &table)?;
    let mut connection = open(database, environment, project).await?;
    let mut measured = Vec::new();
    for condition in conditions {
        let answer = query(&mut connection, condition.query.clone(), true).await;
        let answer = answer.map_err(|failure| words(&failure));
        measured.push(Measured::read(
            condition,
            answer.as_ref().map_err(String::as_str),
        ));
    }
    let forced = query(&mut connection, gate::forced(change, &table), true).await;
    let _ = connection.close().await;
    let row = forced
        .ok()
        .and_then(|answer| answer.rows.into_iter().next());
    let cell = |at: usize| row.as_ref().and_then(|row| row.get(at)).cloned().flatten();
    Ok(Gate {
        change: change.id.to_string(),
        conditions: measured,
        forced: cell(1).map(|found| match cell(2) {
            Some(at) => format!("{found}, {at}"),
            None => found,
        }),
    })
}

async fn open(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
) -> Result<PgConnection, ChangesError> {
    let mut connection = database.connect().await?;
    for setting in project.config.settings(environment) {
        ask(&mut connection, "set the session's settings", setting).await?;
    }
    Ok(connection)
}

async fn ask(
    connection: &mut PgConnection,
    what: &'static str,
    sql: String,
) -> Result<Answer, ChangesError> {
    query(connection, sql, true)
        .await
        .map_err(|failure| ChangesError::Query {
            what,
            error: words(&failure),
        })
}

fn words(failure: &Failure) -> String {
    match failure {
        Failure::Database(error) => error.to_string(),
        Failure::Lost(message) => message.clone(),
    }
}

/// Records what a person says of a gate, or what was measured.
pub async fn record(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    change: &Change,
    entry: Entry<'_>,
) -> Result<(), ChangesError> {
    environment::prepare(database, &project.config, environment, &journal::tables()).await?;
    let mut connection = open(database, environment, project).await?;
    let table = plan::version_table(&project.config.project);
    let sql = gate::record(
        change,
        &table,
        entry.condition,
        entry.holds,
        entry.found,
        entry.actor,
    );
    let done = ask(&mut connection, "record it", sql).await;
    let _ = connection.close().await;
    done.map(|_| ())
}

/// A row of the gate's record.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub condition: &'a str,
    pub holds: bool,
    pub found: &'a str,
    pub actor: &'a str,
}

impl<'a> Entry<'a> {
    /// The gate is opened by force.
    pub fn forced(reason: &'a str, actor: &'a str) -> Self {
        Entry {
            condition: FORCED,
            holds: true,
            found: reason,
            actor,
        }
    }
}

/// How far the two sides of a change agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    pub rows: u64,
    pub disagree: u64,
    /// Up to five rows that do: the names of the columns, and their values as text.
    pub columns: Vec<String>,
    pub samples: Vec<Vec<Option<String>>>,
}

impl Compared {
    pub fn words(&self) -> String {
        match self.disagree {
            0 => format!("0 of {} rows disagree", self.rows),
            count => format!("{count} of {} rows disagree", self.rows),
        }
    }
}

/// Compares both sides of every row, range after range of the key, each by itself.
pub async fn compare(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    parity: &Parity,
    mut progress: impl FnMut(&Compared),
) -> Result<Compared, ChangesError> {
    const WHAT: &str = "compare both sides";
    let mut connection = open(database, environment, project).await?;
    let mut compared = Compared {
        columns: parity.key.iter().chain(&parity.columns).cloned().collect(),
        ..Compared::default()
    };
    let mut after: Option<Vec<String>> = None;
    loop {
        let answer = ask(&mut connection, WHAT, parity.count(after.as_deref())).await?;
        let row = answer.rows.into_iter().next().unwrap_or_default();
        let number = |at: usize| -> u64 {
            let cell = row.get(at).cloned().flatten();
            cell.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let (rows, disagree) = (number(0), number(1));
        if rows == 0 {
            break;
        }
        compared.rows += rows;
        compared.disagree += disagree;
        if disagree > 0 && compared.samples.len() < 5 {
            let answer = ask(&mut connection, WHAT, parity.samples(after.as_deref())).await?;
            let free = 5 - compared.samples.len();
            compared.samples.extend(answer.rows.into_iter().take(free));
        }
        progress(&compared);
        let last: Option<Vec<String>> = row.into_iter().skip(2).collect();
        let Some(last) = last else { break };
        after = Some(last);
    }
    let _ = connection.close().await;
    Ok(compared)
}
