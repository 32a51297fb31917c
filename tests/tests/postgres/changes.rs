//! Breaking changes in phases on a real PostgreSQL: gates, comparisons, and what is brought back.

use super::change_clients::cases::{Case, RENAME_COLUMN};
use cofferdam_tests::binary::{Printed, run, succeed};
use cofferdam_tests::clients::{Client, Done, Version};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) const ROWS: i64 = 100_000;

/// A project with one revision, and a change on it, on a database that has the revision.
pub(super) struct Stage {
    pub folder: tempfile::TempDir,
    pub database: Database,
}

impl Stage {
    pub fn new(case: &Case) -> Self {
        let first = format!(
            "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\n{}\n\n-- +downgrade none: a test\n",
            case.schema
        );
        let folder = project::of(&[
            ("cofferdam.toml", "[project]\nname = \"changes\"\n"),
            ("versions/a.sql", &first),
        ]);
        let stage = Stage {
            folder,
            database: database(),
        };
        stage.do_(&["upgrade", "head"]);
        let new = ["change", "new", case.kind, "--id", "it"];
        let of = ["--table", case.table, "--old-application", case.old.name];
        stage.do_(&[&new[..], &of, case.fields].concat());
        stage.do_(&["change", "write", "it"]);
        stage
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--url", &self.database.url], arguments].concat()
    }

    pub fn do_(&self, arguments: &[&str]) -> String {
        succeed(self.folder.path(), &self.arguments(arguments)).out
    }

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

    pub fn client(&self, version: Version, turn: i64, first: i64) -> Client {
        Client::start(&self.database.url, version, turn, ROWS, first)
    }

    pub fn catalog(&self) -> serde_json::Value {
        catalog(self.folder.path(), &self.database.url)
    }

    /// The catalog is the one that the plain migration gives.
    pub fn assert_as_plain(&self, case: &Case) {
        let plain = database();
        cluster().psql(&plain.name, case.schema);
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
        assert!(there.len() as i64 >= ROWS, "only {} rows", there.len());
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

#[test]
fn a_contract_is_not_run_while_its_gate_is_shut() {
    let stage = Stage::new(&RENAME_COLUMN);
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "force", "it", "--reason", "to have the files"]);
    stage.do_(&["change", "contract", "it"]);
    // Another database, on which nobody forced anything.
    let other = Stage {
        folder: stage.folder,
        database: database(),
    };
    other.do_(&["upgrade", &other.last("migrate")]);
    let refused = other.try_(&["upgrade", "head"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused.err.contains("both sides agree on every row"),
        "{}",
        refused.err
    );
    other.do_(&["change", "parity", "it"]);
    other.do_(&["upgrade", "head"]);
    // A database that nobody uses yet takes all of it.
    let fresh = Stage {
        folder: other.folder,
        database: database(),
    };
    fresh.do_(&["upgrade", "head"]);
}

#[test]
fn rows_on_which_the_sides_disagree_are_found() {
    let stage = Stage::new(&RENAME_COLUMN);
    stage.do_(&["upgrade", "head"]);
    cluster().psql(
        &stage.database.name,
        "ALTER TABLE reports DISABLE TRIGGER zz_cofferdam_it; UPDATE reports SET tier = 'behind' WHERE id IN (7, 77777);",
    );
    let found = stage.try_(&["change", "parity", "it"]);
    assert_eq!(found.code, Some(1));
    assert_eq!(
        found.out,
        "2 of 100000 rows disagree\n  id 7, tier behind, plan first 7\n  id 77777, tier behind, plan first 77777\n"
    );
    let gate = stage.try_(&["change", "gate", "it"]);
    assert!(gate.out.contains("does not fire always"), "{}", gate.out);
    assert!(
        gate.out.contains("2 of 100000 rows disagree"),
        "{}",
        gate.out
    );
}

#[test]
fn what_a_contract_took_is_brought_back_and_taken_again() {
    let stage = Stage::new(&RENAME_COLUMN);
    stage.do_(&["upgrade", "head"]);
    let migrated = stage.catalog();
    for _ in 0..2 {
        stage.do_(&["change", "parity", "it"]);
        stage.contract();
        stage.do_(&["upgrade", "head"]);
        cluster().psql(
            &stage.database.name,
            "UPDATE reports SET plan = 'since' WHERE id = 5",
        );
        stage.do_(&["change", "restore", "it"]);
        // It is not at work yet, and what was compared before the contract counts no more.
        let early = stage.try_(&["change", "contract", "it"]);
        assert!(
            early.out.contains("[ ] migrate is applied here"),
            "{}",
            early.out
        );
        stage.do_(&["upgrade", "head"]);
        assert_eq!(stage.catalog(), migrated);
        let both = "SELECT tier, plan FROM reports WHERE id = 5";
        assert_eq!(cluster().psql(&stage.database.name, both), "since|since");
        let shut = stage.try_(&["change", "contract", "it"]);
        assert!(shut.out.contains("[ ] both sides agree"), "{}", shut.out);
    }
    let young = stage.try_(&["change", "sweep", "it"]);
    assert_eq!(young.code, Some(1), "{}", young.out);
}

/// docs/changes.md says for every statement what both sides hold afterwards.
#[test]
fn both_sides_hold_what_the_documentation_says() {
    let stage = Stage::new(&Case {
        schema: "CREATE TABLE t (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', note text);\nINSERT INTO t VALUES (1, 'a'), (2, 'a');",
        table: "t",
        ..RENAME_COLUMN
    });
    stage.do_(&["upgrade", &stage.last("expand")]);
    cluster().psql(
        &stage.database.name,
        "UPDATE t SET tier = tier WHERE id = 1",
    );
    let text = std::fs::read_to_string(project::root().join("docs/changes.md")).expect("a page");
    let mut lines = 0;
    for line in text.lines() {
        let Some((before, rest)) = line.split_once("| `") else {
            continue;
        };
        let Some((statement, sides)) = rest.split_once("` |") else {
            continue;
        };
        let sides: Vec<&str> = sides
            .split('|')
            .map(str::trim)
            .filter(|side| !side.is_empty())
            .collect();
        let [tier, plan] = sides[..] else { continue };
        let id = ["9", "2"].into_iter().find(|id| {
            statement.contains(&format!("({id}"))
                || statement.contains(&format!("\"{id} "))
                || statement.contains(&format!("id = {id}"))
        });
        let sql = format!(
            "BEGIN; {statement}; SELECT tier || '|' || plan FROM t WHERE id = {}; ROLLBACK",
            id.unwrap_or("1")
        );
        let said = cluster().psql(&stage.database.name, &sql);
        let found = said
            .lines()
            .find(|line| line.contains('|'))
            .unwrap_or_default();
        assert_eq!(found, format!("{tier}|{plan}"), "{before}: {sql}\n{said}");
        lines += 1;
    }
    assert_eq!(lines, 18);
}
