//! A database to connect to: its address from a URL, and the one sentence that says why a
//! connection cannot be had.
//!
//! Invariant: no text that leaves this module holds the password.

mod error;
mod source;
mod url;

pub use error::ConnectError;
pub use source::{Source, Variables, choose};
pub use url::UrlError;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::time::Duration;

/// How long a connection may take to stand, unless the URL says `connect_timeout`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A database's address. It prints as `user@host:port/name`, without the password.
#[derive(Clone)]
pub struct Database {
    options: PgConnectOptions,
    timeout: Duration,
    has_password: bool,
}

impl Database {
    /// Reads a URL as libpq, SQLAlchemy or JDBC-minded people write it.
    pub fn from_url(text: &str) -> Result<Self, UrlError> {
        let parts = url::Parts::read(text)?;
        let timeout = parts.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let named = parts.application_name.is_some();
        let has_password = parts.has_password();
        let mut options = parts.options()?;
        if !named {
            options = options.application_name("cofferdam");
        }
        Ok(Database {
            options: options.disable_statement_logging(),
            timeout,
            has_password,
        })
    }

    /// The same server and user, another database.
    pub fn with_name(&self, name: &str) -> Self {
        Database {
            options: self.options.clone().database(name),
            timeout: self.timeout,
            has_password: self.has_password,
        }
    }

    /// The database's name; the user's name stands in for a missing one, as in libpq.
    pub fn name(&self) -> &str {
        self.options
            .get_database()
            .unwrap_or(self.options.get_username())
    }

    /// Its URL as SQLAlchemy prints one: with `***` for the password.
    pub fn masked_url(&self) -> String {
        let password = if self.has_password { ":***" } else { "" };
        let user = self.options.get_username();
        format!(
            "postgresql://{user}{password}@{}/{}",
            self.server(),
            self.name()
        )
    }

    /// What sqlx connects with, for a pool.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Opens one connection.
    pub async fn connect(&self) -> Result<PgConnection, ConnectError> {
        match tokio::time::timeout(self.timeout, self.options.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(ConnectError::of(self, &error)),
            Err(_) => Err(ConnectError::timeout(self, self.timeout)),
        }
    }

    /// Whether both mean the same database of the same server.
    pub fn is_same_as(&self, other: &Database) -> bool {
        self.host() == other.host()
            && self.options.get_port() == other.options.get_port()
            && self.name() == other.name()
    }

    fn host(&self) -> String {
        match self.options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => self.options.get_host().to_owned(),
        }
    }

    fn server(&self) -> String {
        let host = self.host();
        let port = self.options.get_port();
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }
}

impl std::fmt::Display for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}@{}/{}",
            self.options.get_username(),
            self.server(),
            self.name()
        )
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({self})")
    }
}
