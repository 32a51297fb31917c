//! `cofferdam catalog`: the schema of the database.

use super::context::Target;
use super::{Context, Format, output};
use crate::driver::query;
use anyhow::{Result, bail};
use cofferdam_engine::catalog::{self, Catalog, VERSIONS, tree};
use cofferdam_engine::config::Project;
use cofferdam_engine::run::{Answer, Failure};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let catalog = context
        .with_target(&project, async |target| {
            live(target, &project.config.project).await
        })
        .await?;
    match args.format {
        Format::Json => output::print_json(&catalog.to_json())?,
        Format::Text => output::print(tree::lines(&tree::tree(&catalog)))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the catalog of a database, in one transaction that changes nothing.
pub(super) async fn live(target: &Target, project: &Project) -> Result<Catalog> {
    let mut connection = target.database.connect().await?;
    let catalog = read(&mut connection, project).await;
    let _ = connection.close().await;
    catalog
}

async fn read(connection: &mut PgConnection, project: &Project) -> Result<Catalog> {
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
        bail!(
            "the schema of PostgreSQL {major} cannot be read: {} or newer is needed",
            VERSIONS.start()
        );
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

async fn ask(connection: &mut PgConnection, sql: String) -> Result<Answer> {
    match query(connection, sql, true).await {
        Ok(answer) => Ok(answer),
        Err(Failure::Database(error)) => bail!("cannot read the schema: {error}"),
        Err(Failure::Lost(message)) => bail!("cannot read the schema: {message}"),
    }
}
