//! Changes to be tried: a project with a change on it, an old and a new version of an application, and what has to be so.

pub mod cases;

use crate::binary::{Printed, run, succeed};
use crate::clients::{Client, Done, Version};
use crate::cluster::{Database, cluster, database};
use crate::project;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// A change to be tried.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub kind: &'static str,
    pub table: &'static str,
    pub fields: &'static [&'static str],
    /// What makes the tables, and fills them with keys from 0 to `{last}`.
    pub schema: &'static str,
    /// The blocking way to the same schema.
    pub plain: &'static str,
    /// At work until the contract.
    pub old: Version,
    /// At work from the end of expand on.
    pub new: Version,
    /// A query that is true when the contract is applied.
    pub contracted: &'static str,
    /// A query that is true when all is undone.
    pub undone: &'static str,
}

impl Case {
    /// What makes the tables, with so many rows.
    pub fn schema(&self, rows: i64) -> String {
        self.schema.replace("{last}", &(rows - 1).to_string())
    }
}

/// A project with one revision, and a change on it, on a database that has the revision.
pub struct Stage {
    pub folder: tempfile::TempDir,
    pub database: Database,
    rows: i64,
}

impl Stage {
    /// With so many rows in the case's tables.
    pub fn new(case: &Case, rows: i64) -> Self {
        let first = format!(
            "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\n{}\n\n-- +downgrade none: a test\n",
            case.schema(rows)
        );
        let folder = project::of(&[
            ("cofferdam.toml", "[project]\nname = \"changes\"\n"),
            ("versions/a.sql", &first),
        ]);
        let stage = Stage {
            folder,
            database: database(),
            rows,
        };
        stage.do_(&["upgrade", "head"]);
        let new = ["change", "new", case.kind, "--id", "it"];
        let of = ["--table", case.table, "--old-application", case.old.name];
        stage.do_(&[&new[..], &of, case.fields].concat());
        stage.do_(&["change", "write", "it"]);
        stage
    }

    /// The same files, on a database that has none of it.
    pub fn elsewhere(self) -> Self {
        Stage {
            database: database(),
            ..self
        }
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--url", &self.database.url], arguments].concat()
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub fn do_(&self, arguments: &[&str]) -> String {
        succeed(self.folder.path(), &self.arguments(arguments)).out
    }

    /// Runs a command that may fail.
    pub fn try_(&self, arguments: &[&str]) -> Printed {
        run(self.folder.path(), &self.arguments(arguments))
    }

    /// The revisions that are written for a phase.
    pub fn written(&self, phase: &str) -> Vec<String> {
        let listed = self.do_(&["change", "list", "--format", "json"]);
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        let written = listed["changes"][0]["written"].as_array();
        let of_phase = written.expect("revisions").iter();
        of_phase
            .filter(|one| one[0] == phase)
            .map(|one| one[1].as_str().expect("a revision").to_owned())
            .collect()
    }

    /// The last revision that is written for a phase.
    pub fn last(&self, phase: &str) -> String {
        self.written(phase).pop().expect("a revision")
    }

    /// Writes the contract when its gate is open; replicas of other tests may keep it shut for a while.
    pub fn contract(&self) {
        let since = Instant::now();
        loop {
            let said = self.try_(&["change", "contract", "it"]);
            if said.code == Some(0) {
                return;
            }
            let is_late = since.elapsed() > Duration::from_secs(60);
            assert!(!is_late, "{}{}", said.out, said.err);
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Starts a client whose rows are those with a key that leaves `turn` when divided by 3; it inserts keys from `first` on.
    pub fn client(&self, version: Version, turn: i64, first: i64) -> Client {
        Client::start(&self.database.url, version, turn, self.rows, first)
    }

    /// The schema as it is now.
    pub fn catalog(&self) -> serde_json::Value {
        catalog(self.folder.path(), &self.database.url)
    }

    /// The catalog is the one that the plain migration gives.
    pub fn assert_as_plain(&self, case: &Case) {
        let plain = database();
        cluster().psql(&plain.name, &case.schema(self.rows));
        cluster().psql(&plain.name, case.plain);
        assert_eq!(self.catalog(), catalog(self.folder.path(), &plain.url));
    }

    /// Every row that was acknowledged is there, as `version` reads it.
    pub fn assert_seen(&self, version: Version, done: &Done) {
        let all = format!(
            "SELECT id || E'\\t' || value FROM ({}) AS known (id, value)",
            version.rows
        );
        let all = cluster().psql(&self.database.name, &all);
        let there: BTreeMap<i64, &str> = all
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(id, value)| (id.parse().expect("a key"), value))
            .collect();
        for (id, value) in &done.rows {
            let found = there.get(id).copied();
            assert_eq!(found, value.as_deref(), "row {id}, for {}", version.name);
        }
        assert!(there.len() as i64 >= self.rows, "only {} rows", there.len());
    }
}

/// The schema of a database, without what an order of columns or the journal would make different.
fn catalog(folder: &Path, url: &str) -> serde_json::Value {
    let text = succeed(folder, &["--url", url, "catalog", "--format", "json"]).out;
    let mut catalog: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for object in catalog["objects"].as_array_mut().expect("objects") {
        if let Some(columns) = object["columns"].as_array_mut() {
            columns.sort_by_key(|column| column["name"].as_str().unwrap_or_default().to_owned());
        }
    }
    catalog["objects"].take()
}
