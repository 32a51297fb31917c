//! A PostgreSQL of Cofferdam's own, for those who configured none.
//!
//! It lives in `.cofferdam/postgres` of the project folder, listens on 127.0.0.1 only, and lets
//! nobody in without a random password that is kept in a file for its owner alone. Several
//! Cofferdam processes share one cluster: whoever comes first starts it, whoever leaves last stops
//! it, and one that a crash left running is taken over. As root it runs as an ordinary user.

mod cluster;
mod copy;
mod identity;
mod place;
mod programs;
mod scratch;

pub use cluster::Cluster;
pub use scratch::Scratch;

use crate::database::ConnectError;
use std::path::PathBuf;

/// The database for the server's own state.
pub const STATE_DATABASE: &str = "cofferdam";

/// Why there is no embedded PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "no PostgreSQL programs (initdb, pg_ctl, postgres) on this machine: install PostgreSQL's server, or name their folder with --pg-bin or COFFERDAM_PG_BIN, or name a database with a URL"
    )]
    NoPrograms,
    #[error("{} has no {missing}: --pg-bin and COFFERDAM_PG_BIN name the folder of PostgreSQL's programs", .folder.display())]
    WrongFolder {
        folder: PathBuf,
        missing: &'static str,
    },
    #[error(
        "the databases in {} were made by PostgreSQL {wanted}, and this machine has {}: install {wanted}, or name its folder with --pg-bin, or move the databases' folder away to start afresh", .data.display(), .found.join(", ")
    )]
    Version {
        data: PathBuf,
        wanted: String,
        found: Vec<String>,
    },
    #[error(
        "PostgreSQL does not run as root, user {user} cannot read its programs in {}, and they cannot be copied: {cause}", .folder.display()
    )]
    Copy {
        folder: PathBuf,
        user: String,
        cause: std::io::Error,
    },
    #[error("the embedded PostgreSQL cannot be started: {program} said: {said}")]
    Program { program: &'static str, said: String },
    #[error("the embedded PostgreSQL ended while starting; the end of {}:\n{said}", .log.display())]
    Ended { log: PathBuf, said: String },
    #[error("the embedded PostgreSQL does not answer: {0}")]
    Silent(ConnectError),
    #[error("cannot {action} {}: {cause}", .path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        cause: std::io::Error,
    },
    #[error("the system gives no random bytes")]
    Random,
    #[error("{} is not what Cofferdam wrote there: remove it together with the folder data beside it to start afresh", .0.display())]
    Connection(PathBuf),
    #[error("cannot create database {name}: {said}")]
    Create { name: String, said: String },
}

impl EmbeddedError {
    fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| EmbeddedError::Io {
            action,
            path,
            cause,
        }
    }
}

/// The database of an environment without `url_env`: `<slug>_<environment>`, at most 63 bytes.
pub fn environment_database(slug: &str, environment: &str) -> String {
    let name = format!("{slug}_{environment}");
    if name.len() <= 63 && name != STATE_DATABASE {
        return name;
    }
    let digest = cofferdam_engine::digest::sha256(name.as_bytes());
    let mut end = 50.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}", &name[..end], &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        assert_eq!(
            environment_database("observatory", "local"),
            "observatory_local"
        );
        let one = environment_database(&"é".repeat(40), "one");
        let two = environment_database(&"é".repeat(40), "two");
        assert!(one.len() <= 63 && two.len() <= 63 && one != two);
    }
}
