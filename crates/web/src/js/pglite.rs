//! PostgreSQL in the tab: PGlite in a Web Worker of its own, thrown away when it is done with.

mod parts;

use super::exchange::{CANCELLED, Exchange};
use super::{address, plain, set};
use cofferdam_engine::run::{Answer, DbError, Failure};
use parts::Parts;
use serde::{Deserialize, Serialize};

/// Why PGlite did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BootError {
    /// The SQL wants extensions that PGlite does not have.
    #[error("PostgreSQL in the browser has no extension {}; it has {}", .unknown.join(", "), .available.join(", "))]
    UnknownExtensions {
        unknown: Vec<String>,
        available: Vec<String>,
    },
    /// A file of PGlite could not be fetched or compiled.
    #[error("PostgreSQL could not be loaded into the browser: {0}")]
    Load(String),
    /// All files were there, and it failed all the same.
    #[error("PostgreSQL did not start in the browser: {0}")]
    Start(String),
}

/// One database with one connection. Dropping it ends the worker, which gives all memory back.
pub struct Pglite {
    exchange: Exchange,
    version: String,
}

/// What the worker says, as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Ready(#[expect(dead_code, reason = "the message's name says it")] bool),
    Answer(Answer),
    Error(DbError),
    Lost(String),
}

#[derive(Serialize)]
struct Extension<'a> {
    name: &'a str,
    url: String,
}

impl Pglite {
    /// Fetches and compiles what every database starts from; kept until the page is closed.
    pub async fn load() -> Result<(), BootError> {
        Parts::get().await.map(|_| ())
    }

    /// Starts an empty database whose SQL may create `extensions`, named as `CREATE EXTENSION` names them.
    pub async fn boot(extensions: &[String]) -> Result<Self, BootError> {
        // The worker reads its script while the page fetches the rest.
        let exchange = Exchange::start("vendor/dry-run.worker.js").map_err(BootError::Start)?;
        let parts = Parts::get().await?;
        let archives = parts.contents.archives(extensions)?;
        let listed: Vec<_> = archives
            .iter()
            .map(|(name, archive)| Extension {
                name,
                url: address(&format!("vendor/pglite/{archive}")),
            })
            .collect();
        let message = parts.message();
        set(&message, "extensions", &plain(&listed));
        match read(exchange.call("boot", &message).await) {
            Ok(Reply::Ready(_)) => {
                let version = parts.contents.version.clone();
                Ok(Self { exchange, version })
            }
            Ok(Reply::Lost(why)) | Err(why) => Err(BootError::Start(why)),
            Ok(Reply::Error(error)) => Err(BootError::Start(error.to_string())),
            Ok(Reply::Answer(_)) => Err(BootError::Start(
                "the worker gave an answer to no question".into(),
            )),
        }
    }

    /// PostgreSQL's version, such as `18.6`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Sends one SQL text by the simple query protocol.
    ///
    /// After [`Failure::Lost`] the worker is gone; every later call fails with the same words.
    pub async fn sql(&self, sql: &str) -> Result<Answer, Failure> {
        self.text("sql", sql).await
    }

    /// Prepares one statement without running it: a row with name and type's OID for each column that it returns.
    ///
    /// Fails as [`Pglite::sql`] does.
    pub async fn describe(&self, sql: &str) -> Result<Answer, Failure> {
        self.text("describe", sql).await
    }

    async fn text(&self, operation: &str, sql: &str) -> Result<Answer, Failure> {
        let message = js_sys::Object::new();
        set(&message, "text", &sql.into());
        match read(self.exchange.call(operation, &message).await) {
            Ok(Reply::Answer(answer)) => Ok(answer),
            Ok(Reply::Error(error)) => Err(Failure::Database(error)),
            Ok(Reply::Lost(why)) | Err(why) => {
                self.exchange.stop(&why);
                Err(Failure::Lost(why))
            }
            Ok(Reply::Ready(_)) => Err(Failure::Lost("the worker gave no answer".into())),
        }
    }

    /// Ends the worker at once; pending calls fail with [`CANCELLED`].
    pub fn terminate(&self) {
        self.exchange.stop(CANCELLED);
    }
}

fn read(reply: Result<String, String>) -> Result<Reply, String> {
    serde_json::from_str(&reply?)
        .map_err(|error| format!("the worker's reply cannot be read: {error}"))
}
