//! The schema of a live database.

use crate::database::{ConnectError, Database};
use crate::driver::query;
use cofferdam_engine::catalog::{self, Catalog, VERSIONS};
use cofferdam_engine::config::Project;
use cofferdam_engine::run::{Answer, Failure};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

/// Why there is no catalog.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(
        "the schema of PostgreSQL {0} cannot be read: {first} or newer is needed",
        first = VERSIONS.start()
    )]
    TooOld(u32),
    #[error("cannot read the schema: {0}")]
    Query(String),
    #[error(transparent)]
    Catalog(#[from] catalog::CatalogError),
}

/// Reads the catalog of a database, in one transaction that changes nothing.
pub async fn read(database: &Database, project: &Project) -> Result<Catalog, SchemaError> {
    let mut connection = database.connect().await?;
    let catalog = read_with(&mut connection, project).await;
    let _ = connection.close().await;
    catalog
}

async fn read_with(
    connection: &mut PgConnection,
    project: &Project,
) -> Result<Catalog, SchemaError> {
    let version = ask(connection, "SHOW server_version_num;".into()).await?;
    let number = version
        .rows
        .first()
        .and_then(|row| row.first().cloned().flatten());
    let major = number
        .and_then(|text| text.parse::<u32>().ok())
        .unwrap_or(0)
        / 10_000;
    if major < *VERSIONS.start() {
        return Err(SchemaError::TooOld(major));
    }
    ask(
        connection,
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;".into(),
    )
    .await?;
    ask(connection, catalog::prepare(major, project)).await?;
    let answer = ask(connection, catalog::look()).await?;
    ask(connection, "ROLLBACK;".into()).await?;
    Ok(catalog::read(major, &answer)?)
}

async fn ask(connection: &mut PgConnection, sql: String) -> Result<Answer, SchemaError> {
    match query(connection, sql, true).await {
        Ok(answer) => Ok(answer),
        Err(Failure::Database(error)) => Err(SchemaError::Query(error.to_string())),
        Err(Failure::Lost(message)) => Err(SchemaError::Query(message)),
    }
}
