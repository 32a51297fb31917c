//! The state database: what the workbench remembers besides the project's files. PostgreSQL, in the
//! schema `cofferdam_server`, which Cofferdam manages with its own revisions ([`schema`]).
//!
//! Every row belongs to a project; a [`Store`] sees the rows of one.

pub mod account;
pub mod event;
pub mod plan;
pub mod review;
pub mod run;
pub mod schema;
pub mod session;
pub mod token;

use crate::database::Database;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use std::time::Duration;

/// A timestamp column as RFC 3339 text in UTC.
macro_rules! utc {
    ($column:literal) => {
        concat!(
            "to_char(",
            $column,
            " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        )
    };
}
pub(crate) use utc;

/// Why the state database cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the state database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the state database holds {what} that this version cannot read: {value}")]
    Unreadable { what: &'static str, value: String },
    #[error(transparent)]
    Randomness(#[from] crate::auth::secret::NoRandomness),
}

/// The rows of one project.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    project: Arc<str>,
}

impl Store {
    /// Connects; the schema has to be there ([`schema::upgrade`]).
    pub async fn connect(database: &Database, project: &str) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(
                database
                    .options()
                    .clone()
                    .application_name("cofferdam (state)"),
            )
            .await?;
        Ok(Store {
            pool,
            project: project.into(),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Remembers at which address people reach the server.
    pub async fn set_address(&self, url: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO cofferdam_server.address (project, url) VALUES ($1, $2)
             ON CONFLICT (project) DO UPDATE SET url = excluded.url",
        )
        .bind(&*self.project)
        .bind(url)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The address of the server that was started last; none: there was none.
    pub async fn address(&self) -> Result<Option<String>, StoreError> {
        let found =
            sqlx::query_scalar("SELECT url FROM cofferdam_server.address WHERE project = $1")
                .bind(&*self.project)
                .fetch_optional(&self.pool)
                .await?;
        Ok(found)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Reads a word of one of the wire's enumerations.
fn word<T: std::str::FromStr>(what: &'static str, value: &str) -> Result<T, StoreError> {
    value.parse().map_err(|_| StoreError::Unreadable {
        what,
        value: value.to_owned(),
    })
}

/// Reads a word of an enumeration that is known by its JSON form only.
fn json_word<T: serde::de::DeserializeOwned>(
    what: &'static str,
    value: &str,
) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(value.to_owned())).map_err(|_| {
        StoreError::Unreadable {
            what,
            value: value.to_owned(),
        }
    })
}

/// Writes the JSON form of an enumeration without fields.
fn json_text<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
