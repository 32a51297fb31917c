//! Breaking changes in phases, with the old and the new version of an application working all the time.

use super::crash::killed;
use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::clients::{Client, Done, Version};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use cofferdam_tests::proxy::Cut;
use std::path::Path;

const ROWS: i64 = 100_000;

/// A change under test.
struct Case {
    /// What makes the tables, and what fills them.
    schema: &'static str,
    /// `cofferdam change new …`, and the id.
    change: &'static [&'static str],
    /// The blocking way to the same schema.
    plain: &'static str,
    old: Version,
    new: Version,
}

const RENAME: Case = Case {
    schema: "CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free' CHECK (tier <> ''), \"Note\" text);\nCREATE INDEX reports_tier ON reports (tier);\nCREATE UNIQUE INDEX reports_both ON reports (lower(tier), id);\nCREATE VIEW paying AS SELECT id, tier FROM reports WHERE tier <> 'free';\nCOMMENT ON COLUMN reports.tier IS 'what they pay';\nINSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, 99999) n;",
    change: &[
        "rename-column",
        "--table",
        "reports",
        "column=tier",
        "to=plan",
    ],
    plain: "ALTER TABLE reports RENAME COLUMN tier TO plan;",
    old: Version {
        name: "old",
        read: "SELECT tier FROM reports WHERE id = $1",
        insert: "INSERT INTO reports (id, tier) VALUES ($1, $2)",
        update: "UPDATE reports SET tier = $2 WHERE id = $1",
        delete: "DELETE FROM reports WHERE id = $1",
    },
    new: Version {
        name: "new",
        read: "SELECT plan FROM reports WHERE id = $1",
        insert: "INSERT INTO reports (id, plan) VALUES ($1, $2)",
        update: "UPDATE reports SET plan = $2 WHERE id = $1",
        delete: "DELETE FROM reports WHERE id = $1",
    },
};

/// A project with one revision, and a change on it, on a database that has the revision.
struct Stage {
    folder: tempfile::TempDir,
    database: Database,
}

impl Stage {
    fn new(case: &Case) -> Self {
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
        stage.do_(&[&["change", "new"], case.change, &["--id", "it"]].concat());
        stage.do_(&["change", "write", "it"]);
        stage
    }

    fn arguments<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--url", &self.database.url], arguments].concat()
    }

    fn do_(&self, arguments: &[&str]) -> String {
        succeed(self.folder.path(), &self.arguments(arguments)).out
    }

    /// The last revision that is written for a phase.
    fn last(&self, phase: &str) -> String {
        let listed = succeed(self.folder.path(), &["change", "list", "--format", "json"]).out;
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        let written = listed["changes"][0]["written"]
            .as_array()
            .expect("revisions");
        let of_phase = written.iter().rev().find(|one| one[0] == phase);
        of_phase
            .and_then(|one| one[1].as_str())
            .expect("a revision")
            .to_owned()
    }

    fn client(&self, version: Version, turn: i64, first: i64) -> Client {
        Client::start(&self.database.url, version, turn, ROWS, first)
    }

    fn catalog(&self) -> serde_json::Value {
        catalog(self.folder.path(), &self.database.url)
    }

    /// Every row that was acknowledged is there, under the name that `version` reads.
    fn assert_kept(&self, version: Version, done: &Done) {
        let column = version.read.split(' ').nth(1).expect("a column");
        let all = cluster().psql(
            &self.database.name,
            &format!("SELECT id || E'\\t' || {column} FROM reports"),
        );
        let there: std::collections::BTreeMap<i64, &str> = all
            .lines()
            .map(|line| {
                let (id, value) = line.split_once('\t').expect("two cells");
                (id.parse().expect("a key"), value)
            })
            .collect();
        for (id, value) in &done.rows {
            assert_eq!(there.get(id).copied(), value.as_deref(), "row {id}");
        }
        assert!(there.len() as i64 >= ROWS);
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
fn both_versions_work_at_every_moment_of_a_rename_and_of_its_undoing() {
    let case = &RENAME;
    let stage = Stage::new(case);
    let beginning = stage.catalog();
    let mut done = Done::default();

    let old = stage.client(case.old, 0, 1_000_000);
    stage.do_(&["upgrade", &stage.last("expand")]);
    let expanded = stage.catalog();
    let new = stage.client(case.new, 1, 2_000_000);
    stage.do_(&["upgrade", "head"]);
    let migrated = stage.catalog();

    // What has to be so before the contract, and is not yet.
    let refused = run(
        stage.folder.path(),
        &stage.arguments(&["change", "contract", "it"]),
    );
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.out.contains("[ ] both sides agree"),
        "{}",
        refused.out
    );
    stage.do_(&["change", "parity", "it"]);
    done.then(old.stop());
    stage.do_(&["change", "contract", "it"]);
    stage.do_(&["upgrade", "head"]);
    let contracted = stage.catalog();

    let plain = database();
    cluster().psql(&plain.name, case.schema);
    cluster().psql(&plain.name, case.plain);
    assert_eq!(contracted, catalog(stage.folder.path(), &plain.url));

    // And back again.
    stage.do_(&["downgrade", &stage.last("migrate")]);
    assert_eq!(stage.catalog(), migrated);
    let old = stage.client(case.old, 0, 3_000_000);
    stage.do_(&["downgrade", &stage.last("expand")]);
    assert_eq!(stage.catalog(), expanded);
    done.then(new.stop());
    stage.do_(&["downgrade", "aaa"]);
    assert_eq!(stage.catalog(), beginning);
    done.then(old.stop());

    assert!(done.errors.is_empty(), "{:#?}", done.errors);
    assert!(
        done.statements > 1000,
        "only {} statements",
        done.statements
    );
    stage.assert_kept(case.old, &done);
    println!(
        "{} statements of two versions, the longest wait {:?}",
        done.statements, done.longest
    );
}

#[test]
fn a_contract_is_not_run_while_its_gate_is_shut() {
    let stage = Stage::new(&RENAME);
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "force", "it", "--reason", "to have the files"]);
    stage.do_(&["change", "contract", "it"]);
    // Another database, on which nobody forced anything.
    let other = Stage {
        folder: stage.folder,
        database: database(),
    };
    other.do_(&["upgrade", &other.last("migrate")]);
    let refused = run(other.folder.path(), &other.arguments(&["upgrade", "head"]));
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused.err.contains("both sides agree on every row"),
        "{}",
        refused.err
    );
    // What asks no database says so: a script, and an outline.
    let migrated = other.last("migrate");
    let words = "it contains the contract of it, whose gate was not measured";
    let range = format!("{migrated}:head");
    let script = succeed(other.folder.path(), &["upgrade", &range, "--sql"]);
    assert!(
        script.out.starts_with(&format!("-- Warning: {words}")),
        "{}",
        script.out
    );
    assert!(script.err.contains(words), "{}", script.err);
    let outline = ["plan", "upgrade", "head", "--from", &migrated];
    let outline = succeed(other.folder.path(), &outline);
    assert!(outline.err.contains(words), "{}", outline.err);
    let whole = succeed(other.folder.path(), &["upgrade", "head", "--sql"]);
    assert!(!whole.out.contains(words) && !whole.err.contains(words));
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
    let stage = Stage::new(&RENAME);
    stage.do_(&["upgrade", "head"]);
    cluster().psql(
        &stage.database.name,
        "ALTER TABLE reports DISABLE TRIGGER zz_cofferdam_it; UPDATE reports SET tier = 'behind' WHERE id IN (7, 77777);",
    );
    let found = run(
        stage.folder.path(),
        &stage.arguments(&["change", "parity", "it"]),
    );
    assert_eq!(found.code, Some(1));
    assert_eq!(
        found.out,
        "2 of 100000 rows disagree\n  id 7, tier behind, plan first 7\n  id 77777, tier behind, plan first 77777\n"
    );
    let gate = run(
        stage.folder.path(),
        &stage.arguments(&["change", "gate", "it"]),
    );
    assert!(gate.out.contains("does not fire always"), "{}", gate.out);
    assert!(
        gate.out.contains("2 of 100000 rows disagree"),
        "{}",
        gate.out
    );
}

#[test]
fn a_runner_that_is_killed_in_any_phase_goes_on() {
    let stage = Stage::new(&RENAME);
    let (mut kills, mut done) = (0, Done::default());
    let old = stage.client(RENAME.old, 0, 1_000_000);
    let mut upgrade = |target: &str, cuts: &[usize]| {
        for number in cuts {
            let cut = Cut::During(*number);
            if killed(
                stage.folder.path(),
                &stage.database.url,
                &["upgrade", target],
                cut,
            ) > *number
            {
                kills += 1;
            }
        }
        stage.do_(&["upgrade", target]);
    };
    upgrade(&stage.last("expand"), &[20, 24, 27]);
    let new = stage.client(RENAME.new, 1, 2_000_000);
    upgrade("head", &[20, 40, 60, 30, 24]);
    stage.do_(&["change", "parity", "it"]);
    done.then(old.stop());
    stage.do_(&["change", "contract", "it"]);
    upgrade("head", &[22, 26, 30, 40, 24]);
    done.then(new.stop());
    assert!(done.errors.is_empty(), "{:#?}", done.errors);
    stage.assert_kept(RENAME.new, &done);
    let plain = database();
    cluster().psql(&plain.name, RENAME.schema);
    cluster().psql(&plain.name, RENAME.plain);
    assert_eq!(stage.catalog(), catalog(stage.folder.path(), &plain.url));
    println!("killed {kills} times");
    assert!(kills > 6, "only {kills} kills");
}

#[test]
fn what_a_contract_took_is_brought_back_and_taken_again() {
    let stage = Stage::new(&RENAME);
    stage.do_(&["upgrade", "head"]);
    let migrated = stage.catalog();
    for _ in 0..2 {
        stage.do_(&["change", "parity", "it"]);
        stage.do_(&["change", "contract", "it"]);
        stage.do_(&["upgrade", "head"]);
        cluster().psql(
            &stage.database.name,
            "UPDATE reports SET plan = 'since' WHERE id = 5",
        );
        stage.do_(&["change", "restore", "it"]);
        // It is not at work yet, and what was compared before the contract counts no more.
        let early = run(
            stage.folder.path(),
            &stage.arguments(&["change", "contract", "it"]),
        );
        assert!(
            early.out.contains("[ ] migrate is applied here"),
            "{}",
            early.out
        );
        stage.do_(&["upgrade", "head"]);
        assert_eq!(stage.catalog(), migrated);
        let both = "SELECT tier, plan FROM reports WHERE id = 5";
        assert_eq!(cluster().psql(&stage.database.name, both), "since|since");
        let shut = run(
            stage.folder.path(),
            &stage.arguments(&["change", "contract", "it"]),
        );
        assert!(shut.out.contains("[ ] both sides agree"), "{}", shut.out);
    }
    let young = run(
        stage.folder.path(),
        &stage.arguments(&["change", "sweep", "it"]),
    );
    assert_eq!(young.code, Some(1), "{}", young.out);
}

/// docs/changes.md says for every statement what both sides hold afterwards.
#[test]
fn both_sides_hold_what_the_documentation_says() {
    let stage = Stage::new(&Case {
        schema: "CREATE TABLE t (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', note text);\nINSERT INTO t VALUES (1, 'a'), (2, 'a');",
        change: &["rename-column", "--table", "t", "column=tier", "to=plan"],
        ..RENAME
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
