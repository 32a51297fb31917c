//! A project and its database, in which changes are made by the commands.

use super::CONFIG;
use cofferdam_tests::binary::{Printed, run, succeed};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::time::{Duration, Instant};

/// A project with one revision, `r00`, which is applied.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub database: Database,
}

impl Place {
    pub fn new(schema: &str) -> Self {
        Self::on(database(), schema)
    }

    pub fn on(database: Database, schema: &str) -> Self {
        let base = format!(
            "-- Base\n--\n-- Revision ID: r00\n-- Revises:\n\n-- +upgrade\n{schema}\n-- +downgrade none: it is the base\n"
        );
        let it = Place {
            folder: project::of(&[("cofferdam.toml", CONFIG), ("versions/r00.sql", &base)]),
            database,
        };
        it.go(&["upgrade", "head"]);
        it
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub fn go(&self, arguments: &[&str]) -> String {
        let all = [&["--url", &self.database.url], arguments].concat();
        succeed(self.folder.path(), &all).out
    }

    /// Runs a command that may fail.
    pub fn try_(&self, arguments: &[&str]) -> Printed {
        let all = [&["--url", &self.database.url], arguments].concat();
        run(self.folder.path(), &all)
    }

    /// Writes a change.
    pub fn change(&self, kind: &str, id: &str, table: &str, fields: &[&str]) {
        let new = ["change", "new", kind, "--id", id, "--table", table];
        self.go(&[&new[..], fields].concat());
        self.go(&["change", "write", id]);
    }

    /// Compares, and goes through the gate, which replicas of other tests may keep shut for a while.
    pub fn contract(&self, id: &str) {
        self.go(&["change", "parity", id]);
        let since = Instant::now();
        loop {
            let said = self.try_(&["change", "contract", id]);
            if said.code == Some(0) {
                break;
            }
            let is_late = since.elapsed() > Duration::from_secs(60);
            assert!(!is_late, "{}{}", said.out, said.err);
            std::thread::sleep(Duration::from_millis(200));
        }
        self.go(&["upgrade", "head"]);
    }

    pub fn ask(&self, sql: &str) -> String {
        cluster().psql(&self.database.name, sql)
    }
}
