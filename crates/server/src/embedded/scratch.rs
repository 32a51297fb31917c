//! A PostgreSQL that is thrown away, for proving revisions: roles, settings and databases in it are nobody's loss.

use super::cluster::Cluster;
use super::place::Place;
use super::{EmbeddedError, programs};
use crate::database::Database;
use cofferdam_engine::sql::identifier;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A running throwaway cluster.
#[derive(Debug)]
pub struct Scratch {
    cluster: Cluster,
    maintenance: PgConnection,
    /// The roles that there were with each kept database; with none, at the beginning.
    kept: BTreeMap<String, BTreeSet<String>>,
}

impl Scratch {
    /// Makes and starts one, with programs of that major version where this machine has them. `programs` is the folder of
    /// PostgreSQL's programs, where the user named one.
    pub async fn start(
        root: &Path,
        programs: Option<&Path>,
        major: Option<&str>,
    ) -> Result<Self, EmbeddedError> {
        let programs = programs::prefer(programs, root, major)?;
        let root = root.to_owned();
        // Another process may be clearing up.
        let place = tokio::task::spawn_blocking(move || Place::scratch(&root)).await;
        let place = place.map_err(|error| EmbeddedError::io("make", "scratch")(error.into()))??;
        let cluster = Cluster::start_scratch(place, programs).await?;
        let maintenance = cluster.maintenance().connect().await;
        let mut scratch = Scratch {
            maintenance: maintenance.map_err(EmbeddedError::Silent)?,
            cluster,
            kept: BTreeMap::new(),
        };
        let roles = scratch.roles().await?;
        scratch.kept.insert(String::new(), roles);
        Ok(scratch)
    }

    /// The major version, such as `15`.
    pub fn major(&self) -> &str {
        self.cluster.major()
    }

    /// The version, such as `15.18`.
    pub async fn version(&mut self) -> Result<String, EmbeddedError> {
        let row = sqlx::raw_sql("SHOW server_version;")
            .fetch_one(&mut self.maintenance)
            .await;
        let text = row.and_then(|row| row.try_get::<String, _>(0));
        let text = text.map_err(gone)?;
        Ok(text.split(' ').next().unwrap_or_default().to_owned())
    }

    /// Makes the database `name` anew: empty, or as `kept` was. Nobody may be connected to either. Roles belong to the whole
    /// cluster: those that came since then go.
    pub async fn restore(
        &mut self,
        name: &str,
        kept: Option<&str>,
    ) -> Result<Database, EmbeddedError> {
        self.drop(name).await?;
        let before = self.kept.get(kept.unwrap_or_default()).cloned();
        for role in self.roles().await? {
            if before
                .as_ref()
                .is_some_and(|before| !before.contains(&role))
            {
                let sql = format!("DROP ROLE {}", identifier(&role));
                self.run(name, sql).await?;
            }
        }
        self.create(name, kept.unwrap_or("template0")).await?;
        Ok(self.cluster.maintenance().with_name(name))
    }

    /// Keeps the database `from` as it is under `name`, in place of any of that name. Nobody may be connected to it.
    pub async fn keep(&mut self, name: &str, from: &str) -> Result<(), EmbeddedError> {
        self.drop(name).await?;
        self.create(name, from).await?;
        let roles = self.roles().await?;
        self.kept.insert(name.to_owned(), roles);
        Ok(())
    }

    async fn create(&mut self, name: &str, template: &str) -> Result<(), EmbeddedError> {
        let (new, template) = (identifier(name), identifier(template));
        self.run(name, format!("CREATE DATABASE {new} TEMPLATE {template}"))
            .await
    }

    async fn roles(&mut self) -> Result<BTreeSet<String>, EmbeddedError> {
        let rows = sqlx::raw_sql("SELECT rolname::text FROM pg_catalog.pg_roles;")
            .fetch_all(&mut self.maintenance)
            .await;
        let names = rows.and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect());
        names.map_err(gone)
    }

    /// Removes a database, where it is there.
    async fn drop(&mut self, name: &str) -> Result<(), EmbeddedError> {
        let sql = format!("DROP DATABASE IF EXISTS {}", identifier(name));
        self.run(name, sql).await
    }

    async fn run(&mut self, name: &str, sql: String) -> Result<(), EmbeddedError> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.maintenance)
            .await;
        let failed = |error: sqlx::Error| EmbeddedError::Create {
            name: name.to_owned(),
            said: error.to_string(),
        };
        done.map(|_| ()).map_err(failed)
    }

    /// Stops it and removes its files.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        let _ = self.maintenance.close().await;
        self.cluster.discard().await
    }
}

fn gone(error: sqlx::Error) -> EmbeddedError {
    EmbeddedError::Program {
        program: "postgres",
        said: error.to_string(),
    }
}
