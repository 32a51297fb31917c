//! Why a connection cannot be had, in one sentence.

use super::Database;
use sqlx::postgres::PgDatabaseError;
use std::time::Duration;

/// No connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    message: String,
    transient: bool,
}

impl ConnectError {
    /// Whether waiting may help: nobody listens yet, or the server is starting or full.
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    pub(super) fn timeout(database: &Database, after: Duration) -> Self {
        ConnectError {
            message: format!(
                "PostgreSQL at {} did not answer within {} seconds",
                database.server(),
                after.as_secs()
            ),
            transient: true,
        }
    }

    pub(super) fn of(database: &Database, error: &sqlx::Error) -> Self {
        let server = database.server();
        let (message, transient) = match error {
            sqlx::Error::Database(refusal) => match refusal.try_downcast_ref::<PgDatabaseError>() {
                Some(refusal) => refused(database, refusal),
                None => (
                    format!("PostgreSQL at {server} refused the connection"),
                    false,
                ),
            },
            sqlx::Error::Io(error) => io_failure(database, error),
            sqlx::Error::Tls(error) => (
                format!("no encrypted connection to PostgreSQL at {server} can be had: {error}"),
                false,
            ),
            sqlx::Error::Protocol(words) => (
                format!("what answers at {server} does not speak as PostgreSQL does: {words}"),
                false,
            ),
            _ => (
                format!("cannot connect to PostgreSQL at {server} with these settings"),
                false,
            ),
        };
        ConnectError { message, transient }
    }
}

fn refused(database: &Database, refusal: &PgDatabaseError) -> (String, bool) {
    let server = database.server();
    let user = database.options.get_username();
    let name = database.name();
    match refusal.code() {
        "28P01" => (
            format!("PostgreSQL at {server} does not take this password for user {user}"),
            false,
        ),
        "28000" => (
            format!(
                "PostgreSQL at {server} does not let user {user} in: {}",
                refusal.message()
            ),
            false,
        ),
        "3D000" => (
            format!(
                "there is no database {name} on PostgreSQL at {server}: create it, or correct the URL"
            ),
            false,
        ),
        "57P03" => (
            format!("PostgreSQL at {server} is still starting, or is stopping"),
            true,
        ),
        "53300" => (
            format!("PostgreSQL at {server} has no free connection"),
            true,
        ),
        code => (
            format!(
                "PostgreSQL at {server} refused the connection: {} (SQLSTATE {code})",
                refusal.message()
            ),
            false,
        ),
    }
}

fn io_failure(database: &Database, error: &std::io::Error) -> (String, bool) {
    let server = database.server();
    let by_socket = server.starts_with('/');
    let reason = match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "nothing listens there".into(),
        std::io::ErrorKind::NotFound if by_socket => "there is no such socket".into(),
        std::io::ErrorKind::NotFound => {
            let message =
                "a certificate file that the database URL (or a PGSSL variable) names is not there";
            return (message.into(), false);
        }
        // What rustls finds wrong with a certificate comes as an error of the stream.
        std::io::ErrorKind::InvalidData => {
            return (
                format!("no encrypted connection to PostgreSQL at {server} can be had: {error}"),
                false,
            );
        }
        std::io::ErrorKind::UnexpectedEof => "it closed the connection".into(),
        _ => error.to_string(),
    };
    (
        format!("cannot reach PostgreSQL at {server}: {reason}"),
        true,
    )
}
