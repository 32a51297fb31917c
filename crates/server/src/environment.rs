//! What a database says of itself: version rows, journal, what is half applied, the last run.

use crate::database::{ConnectError, Database};
use cofferdam_engine::api::{AppliedFile, HalfApplied, LastRun};
use cofferdam_engine::config::Config;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Preparation};
use cofferdam_engine::revision::{Direction, RevisionId};
use cofferdam_engine::run::journal;
use cofferdam_engine::sql::literal;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row, ValueRef};

/// A database's state at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Such as `15.18`.
    pub server_version: String,
    /// The version rows, sorted.
    pub heads: Vec<RevisionId>,
    /// The file of each revision whose last complete journal row is an upgrade, by revision.
    pub journal: Vec<AppliedFile>,
    pub half_applied: Option<HalfApplied>,
    pub last_run: Option<LastRun>,
}

/// Why a database's state cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("cannot read the database's state: {0}")]
    Query(String),
    #[error("the version table holds {0:?}, which cannot be a revision")]
    VersionRow(String),
}

impl State {
    /// Every revision that counts as applied: the version rows and all below them, in the
    /// history's order.
    pub fn applied(&self, history: &History) -> Vec<RevisionId> {
        let applied = history.ancestors(&self.heads);
        let ids = history.scripts().map(|script| &script.revision.id);
        ids.filter(|id| applied.contains(*id)).cloned().collect()
    }
}

/// Reads the state, as one snapshot, with the settings that a run on `environment` would have (an
/// unqualified version table is found by the search path).
pub async fn read(
    database: &Database,
    config: &Config,
    environment: Option<&str>,
) -> Result<State, StateError> {
    let mut connection = database.connect().await?;
    let state = read_with(&mut connection, config, environment).await;
    let _ = connection.close().await;
    state
}

/// Runs what of `needed` is not there yet, in one transaction; whether anything was.
pub async fn prepare(
    database: &Database,
    config: &Config,
    environment: Option<&str>,
    needed: &[Preparation],
) -> Result<bool, StateError> {
    let mut connection = database.connect().await?;
    for setting in config.settings(environment) {
        texts(&mut connection, setting).await?;
    }
    texts(&mut connection, "BEGIN;".into()).await?;
    let mut did = false;
    for preparation in needed {
        let there = texts(&mut connection, preparation.check.clone()).await?;
        if cell(there.first(), 0) != "true" {
            texts(&mut connection, preparation.sql.clone()).await?;
            did = true;
        }
    }
    texts(&mut connection, "COMMIT;".into()).await?;
    let _ = connection.close().await;
    Ok(did)
}

async fn read_with(
    connection: &mut PgConnection,
    config: &Config,
    environment: Option<&str>,
) -> Result<State, StateError> {
    for setting in config.settings(environment) {
        texts(connection, setting).await?;
    }
    texts(
        connection,
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;".into(),
    )
    .await?;
    let version = texts(connection, "SHOW server_version;".into()).await?;
    let version = cell(version.first(), 0);
    let table = plan::version_table(&config.project);
    let mut state = State {
        server_version: version.split(' ').next().unwrap_or_default().to_owned(),
        heads: Vec::new(),
        journal: Vec::new(),
        half_applied: None,
        last_run: None,
    };
    if exists(connection, &table).await? {
        for row in texts(connection, journal::read_versions(&table)).await? {
            let text = cell(Some(&row), 0);
            let id = RevisionId::new(text.as_str()).map_err(|_| StateError::VersionRow(text))?;
            state.heads.push(id);
        }
    }
    if exists(connection, "cofferdam.journal").await? {
        let rows = texts(connection, journal::read_applied(&table)).await?;
        state.journal = rows
            .iter()
            .filter(|row| cell(Some(row), 1) == "upgrade")
            .map(|row| applied_file(row))
            .collect();
    }
    if exists(connection, "cofferdam.half_applied").await? {
        let rows = texts(connection, journal::read_half_applied(&table)).await?;
        state.half_applied = rows.first().map(|row| half_applied(row));
    }
    if exists(connection, "cofferdam.run").await? {
        let rows = texts(connection, read_last_run(&table)).await?;
        state.last_run = rows.first().map(|row| last_run(row));
    }
    texts(connection, "COMMIT;".into()).await?;
    Ok(state)
}

fn read_last_run(version_table: &str) -> String {
    let time = |column: &str| {
        format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    };
    format!(
        "SELECT kind, state, actor, error, {}, {} FROM cofferdam.run WHERE version_table = {} ORDER BY started_at DESC LIMIT 1;",
        time("started_at"),
        time("finished_at"),
        literal(version_table)
    )
}

fn applied_file(row: &[Option<String>]) -> AppliedFile {
    AppliedFile {
        revision: cell(Some(row), 0),
        path: cell(Some(row), 2),
        sha256: cell(Some(row), 3),
        at: cell(Some(row), 4),
    }
}

fn half_applied(row: &[Option<String>]) -> HalfApplied {
    HalfApplied {
        revision: cell(Some(row), 0),
        direction: match cell(Some(row), 1).as_str() {
            "downgrade" => Direction::Downgrade,
            _ => Direction::Upgrade,
        },
        done: cell(Some(row), 2).parse().unwrap_or(0),
        segments: cell(Some(row), 3).parse().unwrap_or(0),
        in_flight: cell(Some(row), 4) == "true",
    }
}

fn last_run(row: &[Option<String>]) -> LastRun {
    LastRun {
        kind: cell(Some(row), 0),
        state: cell(Some(row), 1),
        actor: cell(Some(row), 2),
        error: row.get(3).cloned().flatten(),
        started_at: cell(Some(row), 4),
        finished_at: row.get(5).cloned().flatten(),
    }
}

async fn exists(connection: &mut PgConnection, table: &str) -> Result<bool, StateError> {
    let sql = format!(
        "SELECT (to_regclass({}) IS NOT NULL)::text;",
        literal(table)
    );
    Ok(cell(texts(connection, sql).await?.first(), 0) == "true")
}

fn cell<R: AsRef<[Option<String>]> + ?Sized>(row: Option<&R>, column: usize) -> String {
    row.and_then(|row| row.as_ref().get(column).cloned().flatten())
        .unwrap_or_default()
}

async fn texts(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Vec<Vec<Option<String>>>, StateError> {
    let text = |row: &PgRow, column: usize| {
        let value = row
            .try_get_raw(column)
            .ok()
            .filter(|value| !value.is_null())?;
        value.as_str().ok().map(str::to_owned)
    };
    // Every statement is this module's own, or the engine's, with its literals quoted.
    let rows = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await;
    let rows = rows.map_err(|error| match error.as_database_error() {
        Some(refusal) => StateError::Query(refusal.message().to_owned()),
        None => StateError::Query("the connection broke".into()),
    })?;
    Ok(rows
        .iter()
        .map(|row| (0..row.len()).map(|column| text(row, column)).collect())
        .collect())
}
