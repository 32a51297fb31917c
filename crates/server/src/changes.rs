//! Breaking changes on a project's folder and on its databases: their files, gates, and the comparison of their two sides.

use crate::database::{ConnectError, Database};
use crate::driver::query;
use crate::environment::{self, StateError};
use crate::project::{CHANGE, CHANGES, Folder, Project, ProjectError, change_of};
use cofferdam_engine::change::gate::{self, FORCED, Gate, Measured};
use cofferdam_engine::change::parity::{Compared, Parity};
use cofferdam_engine::change::{self, Change, ChangeError, ChangeId, FileError, Phase};
use cofferdam_engine::plan::{self, Plan};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use cofferdam_engine::run::{Answer, Failure, journal};
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
    Id(ChangeError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("there is no change {id}: {known}")]
    Unknown { id: String, known: String },
    #[error("cannot {what}: {error}")]
    Query { what: &'static str, error: String },
    #[error("{}", shut_words(gate))]
    Shut {
        gate: Box<Gate>,
        environment: Option<String>,
    },
    #[error("{words:?} is nothing that {id} asks for: {asked}")]
    NotAsked {
        id: ChangeId,
        words: String,
        asked: String,
    },
    #[error("say why the gate is to be opened by force: the reason stays in the database")]
    NoReason,
    #[error("the change {0} has no two sides to compare")]
    OneSided(ChangeId),
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

/// Every change of the project, by id.
pub fn all(folder: &Folder) -> Result<Vec<Change>, ChangesError> {
    let paths = folder.list(CHANGES, &[CHANGE])?.unwrap_or_default();
    paths.iter().map(|path| read(folder, path)).collect()
}

/// The change of that id.
pub fn find(folder: &Folder, id: &str) -> Result<Change, ChangesError> {
    let unknown = |known: String| ChangesError::Unknown {
        id: id.to_owned(),
        known,
    };
    let wanted = ChangeId::new(id).map_err(ChangesError::Id)?.path();
    let paths = folder.list(CHANGES, &[CHANGE])?.unwrap_or_default();
    if paths.contains(&wanted) {
        return read(folder, &wanted);
    }
    let names: Vec<&str> = paths.iter().filter_map(|path| change_of(path)).collect();
    Err(unknown(match names.is_empty() {
        true => "the project has none; make one with `cofferdam change new`".into(),
        false => format!("there are {}", names.join(", ")),
    }))
}

fn read(folder: &Folder, path: &str) -> Result<Change, ChangesError> {
    let id = id_of(path)?;
    let fail = |message: &str| file_error(path, message);
    let bytes = folder.read(path)?.ok_or_else(|| fail("the file is gone"))?;
    let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8"))?;
    Ok(Change::read(id, &text)?)
}

/// The id of the change whose file has that path.
fn id_of(path: &str) -> Result<ChangeId, FileError> {
    let id = ChangeId::new(change_of(path).unwrap_or_default());
    id.map_err(|error| file_error(path, &error.to_string()))
}

fn file_error(path: &str, message: &str) -> FileError {
    FileError {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

/// Refuses a text that cannot stand in a change's file of that path.
pub fn check_file(path: &str, text: &str) -> Result<(), ChangesError> {
    let id = id_of(path)?;
    if path.ends_with(CHANGE) {
        Change::read(id, text)?;
    }
    Ok(())
}

/// The changes whose contract begins among revisions that are upgraded: what comes before it is of another change, or of another
/// phase.
pub fn begun<'s>(
    upgraded: impl IntoIterator<Item = &'s RevisionId>,
    find: impl Fn(&RevisionId) -> Option<&'s Script>,
) -> BTreeSet<ChangeId> {
    let of = |script: &Script| {
        let (change, phase) = change::of_revision(&script.revision)?;
        (phase == Phase::Contract).then_some(change)
    };
    upgraded
        .into_iter()
        .filter_map(|id| {
            let script = find(id)?;
            let change = of(script)?;
            let mut before = script.revision.down.iter().filter_map(&find);
            (!before.any(|script| of(script).as_ref() == Some(&change))).then_some(change)
        })
        .collect()
}

/// The revisions that a plan upgrades.
pub fn upgraded(plan: &Plan) -> impl Iterator<Item = &RevisionId> {
    let upgrades = plan.revisions.iter();
    let upgrades = upgrades.filter(|one| one.direction == Direction::Upgrade);
    upgrades.filter_map(|one| one.revision.as_ref())
}

/// What is to be known of the contract of `change` where no database was asked.
pub fn unmeasured(change: &ChangeId) -> String {
    format!(
        "it contains the contract of {change}, whose gate was not measured: see that it is open on the database (`cofferdam change gate {change}`) before anything of it runs"
    )
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
    let script = |id: &RevisionId| project.scripts.iter().find(|one| one.revision.id == *id);
    for id in begun(upgraded(plan), script) {
        let change = find(&project.folder, id.as_str())?;
        let gate = measure(database, environment, project, &change).await?;
        if !gate.is_open() {
            return Err(ChangesError::Shut {
                gate: Box::new(gate),
                environment: environment.map(str::to_owned),
            });
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

/// Records that `actor` confirms a condition, by its words.
pub async fn confirm(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    change: &Change,
    words: &str,
    actor: &str,
) -> Result<(), ChangesError> {
    let asked = &change.conditions.confirm;
    if !asked.iter().any(|one| one == words) {
        return Err(ChangesError::NotAsked {
            id: change.id.clone(),
            words: words.to_owned(),
            asked: match asked.as_slice() {
                [] => "it asks nobody to confirm anything".into(),
                some => format!("it asks for {}", some.join("; ")),
            },
        });
    }
    let entry = Entry {
        condition: &gate::confirmed(words),
        holds: true,
        found: "confirmed",
        actor,
    };
    record(database, environment, project, change, entry).await
}

/// Records that `actor` opens the gate by force.
pub async fn force(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    change: &Change,
    reason: &str,
    actor: &str,
) -> Result<(), ChangesError> {
    if reason.trim().is_empty() {
        return Err(ChangesError::NoReason);
    }
    let entry = Entry {
        condition: FORCED,
        holds: true,
        found: reason.trim(),
        actor,
    };
    record(database, environment, project, change, entry).await
}

/// Compares both sides of every row for `actor`, and records what was found.
pub async fn compare(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    change: &Change,
    actor: &str,
) -> Result<Compared, ChangesError> {
    let Some(parity) = change::phases(change)?.parity else {
        return Err(ChangesError::OneSided(change.id.clone()));
    };
    let mut connection = open(database, environment, project).await?;
    let compared = compare_ranges(&mut connection, &parity).await;
    let _ = connection.close().await;
    let compared = compared?;
    let entry = Entry {
        condition: gate::PARITY,
        holds: compared.disagree == 0,
        found: &compared.words(),
        actor,
    };
    record(database, environment, project, change, entry).await?;
    Ok(compared)
}

/// Range after range of the key, each by itself.
async fn compare_ranges(
    connection: &mut PgConnection,
    parity: &Parity,
) -> Result<Compared, ChangesError> {
    const WHAT: &str = "compare both sides";
    let mut compared = Compared::new(parity);
    let mut after: Option<Vec<String>> = None;
    loop {
        let answer = ask(connection, WHAT, parity.count(after.as_deref())).await?;
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
            let answer = ask(connection, WHAT, parity.samples(after.as_deref())).await?;
            let free = 5 - compared.samples.len();
            compared.samples.extend(answer.rows.into_iter().take(free));
        }
        let last: Option<Vec<String>> = row.into_iter().skip(2).collect();
        let Some(last) = last else { break };
        after = Some(last);
    }
    Ok(compared)
}

/// A row of the gate's record.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    condition: &'a str,
    holds: bool,
    found: &'a str,
    actor: &'a str,
}

async fn record(
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
