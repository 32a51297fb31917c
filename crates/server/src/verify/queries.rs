//! An application's queries, prepared at every point of a change on a throwaway PostgreSQL.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch};
use super::draft::{Refusal, WORK, upgrade};
use crate::database::Database;
use crate::embedded::Scratch;
use cofferdam_engine::change::Change;
use cofferdam_engine::change::queries::{Prepared, Query};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::RevisionId;
use sqlx::{
    AssertSqlSafe, Column, Connection, Executor, PgConnection, SqlSafeStr, Statement, TypeInfo,
};

/// Prepares `queries` of the applications that `change` is about after `today` and after each of `points`, which follow it in their
/// order: a list for each, with an answer for each query.
pub async fn queries(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    today: &[RevisionId],
    points: &[RevisionId],
    change: &Change,
    queries: &[Query],
) -> Result<Result<Vec<Vec<Prepared>>, Refusal>, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database.clone(), Vec::new()).await?;
    let mut found = Vec::new();
    for id in today {
        let plan = upgrade(&bench, setting, history, id)?;
        if let Ran::Refused { at, refused, .. } = bench.run(plan, Watch::Nothing).await? {
            bench.close().await;
            return Ok(Err((at.unwrap_or_else(|| id.clone()), refused)));
        }
    }
    found.push(prepare(&database, setting, change, queries).await?);
    for id in points {
        let plan = upgrade(&bench, setting, history, id)?;
        if let Ran::Refused { at, refused, .. } = bench.run(plan, Watch::Nothing).await? {
            bench.close().await;
            return Ok(Err((at.unwrap_or_else(|| id.clone()), refused)));
        }
        found.push(prepare(&database, setting, change, queries).await?);
    }
    bench.close().await;
    Ok(Ok(found))
}

async fn prepare(
    database: &Database,
    setting: Setting<'_>,
    change: &Change,
    queries: &[Query],
) -> Result<Vec<Prepared>, VerifyError> {
    // What an earlier point prepared is not to be seen again.
    let mut connection = database.connect().await?;
    for sql in setting.config.settings(setting.environment) {
        crate::driver::query(&mut connection, sql, false)
            .await
            .map_err(VerifyError::of("set the environment's settings"))?;
    }
    let mut found = Vec::new();
    for query in queries {
        let own = query.setting(change);
        if let Some(own) = &own {
            send(&mut connection, &["BEGIN;", own]).await?;
        }
        let sql = AssertSqlSafe(query.sql.clone()).into_sql_str();
        found.push(match (&mut connection).prepare(sql).await {
            Ok(statement) => Prepared::Works(
                statement
                    .columns()
                    .iter()
                    .map(|column| {
                        let name = column.name().to_owned();
                        (name, column.type_info().name().to_owned())
                    })
                    .collect(),
            ),
            Err(sqlx::Error::Database(error)) => Prepared::Fails(error.message().to_owned()),
            Err(error) => return Err(VerifyError::Lost(error.to_string())),
        });
        if own.is_some() {
            send(&mut connection, &["ROLLBACK;"]).await?;
        }
    }
    let _ = connection.close().await;
    Ok(found)
}

/// Sends what lets queries find the tables of another version.
async fn send(connection: &mut PgConnection, statements: &[&str]) -> Result<(), VerifyError> {
    for sql in statements {
        crate::driver::query(connection, (*sql).to_owned(), false)
            .await
            .map_err(VerifyError::of("set the search_path of a version"))?;
    }
    // The same text may be prepared already, for the version before.
    connection
        .clear_cached_statements()
        .await
        .map_err(|error| VerifyError::Lost(error.to_string()))
}
