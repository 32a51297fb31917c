//! Breaking changes in phases on a real PostgreSQL: gates, comparisons, and what is brought back.

use cofferdam_tests::binary::succeed;
use cofferdam_tests::change::cases::{DROP_COLUMN, RENAME_COLUMN};
use cofferdam_tests::change::{Case, Stage};
use cofferdam_tests::cluster::cluster;
use cofferdam_tests::project;

const ROWS: i64 = 100_000;

#[test]
fn a_contract_is_not_run_while_its_gate_is_shut() {
    let stage = Stage::new(&RENAME_COLUMN, ROWS);
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "force", "it", "--reason", "to have the files"]);
    stage.do_(&["change", "contract", "it"]);
    // Another database, on which nobody forced anything.
    let other = stage.elsewhere();
    other.do_(&["upgrade", &other.last("migrate")]);
    let refused = other.try_(&["upgrade", "head"]);
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
    let fresh = other.elsewhere();
    fresh.do_(&["upgrade", "head"]);
}

#[test]
fn rows_on_which_the_sides_disagree_are_found() {
    let stage = Stage::new(&RENAME_COLUMN, ROWS);
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
    let stage = Stage::new(&RENAME_COLUMN, ROWS);
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

/// A program reads what was proved, written, confirmed and opened.
#[test]
fn every_command_that_does_something_tells_a_program_what() {
    let stage = Stage::new(&DROP_COLUMN, 300);
    let told = |arguments: &[&str]| -> serde_json::Value {
        let all = [arguments, &["--format", "json"]].concat();
        let said = stage.do_(&all);
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{all:?}: {error}: {said}"))
    };
    let proved = told(&["change", "prove", "it"]);
    let count = stage.written("expand").len();
    let revisions = proved["revisions"].as_array().expect("revisions");
    assert!(revisions.len() > count, "{proved}");

    let shut = stage.try_(&["change", "contract", "it", "--format", "json"]);
    assert_eq!(shut.code, Some(1), "{}", shut.out);
    let gate: serde_json::Value = serde_json::from_str(&shut.out).expect("the gate");
    assert_eq!(gate["conditions"][0]["holds"], false, "{gate}");

    stage.do_(&["upgrade", "head"]);
    let forced = told(&["change", "force", "it", "--reason", "a test"]);
    let by = forced["forced"].as_str().expect("who opened it");
    assert!(by.starts_with("a test"), "{by}");
    let is_written = |told: &serde_json::Value, phase: &str| {
        let first = &told["revisions"][0];
        assert_eq!(first["phase"], phase, "{told}");
        let path = first["path"].as_str().expect("a path");
        assert!(stage.folder.path().join(path).is_file(), "{path}");
    };
    is_written(&told(&["change", "contract", "it"]), "contract");
    stage.do_(&["upgrade", "head"]);
    is_written(&told(&["change", "restore", "it"]), "migrate");
    stage.do_(&[
        "change",
        "new",
        "add-check",
        "--id",
        "two",
        "--table",
        "reports",
        "name=few",
        "condition=id >= 0",
    ]);
    is_written(&told(&["change", "write", "two"]), "expand");
}

/// What was applied and taken back is not applied, and what was compared then counts no more.
#[test]
fn a_gate_asks_what_is_applied_now() {
    let stage = Stage::new(&RENAME_COLUMN, 300);
    let measured = || stage.try_(&["change", "gate", "it"]).out;
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "parity", "it"]);
    let said = measured();
    assert!(said.contains("[x] migrate is applied here"), "{said}");
    assert!(said.contains("[x] both sides agree"), "{said}");

    stage.do_(&["downgrade", &stage.last("expand")]);
    let said = measured();
    assert!(said.contains("[ ] migrate is applied here"), "{said}");
    assert!(said.contains("[ ] both sides agree"), "{said}");

    stage.do_(&["upgrade", "head"]);
    let said = measured();
    assert!(said.contains("[x] migrate is applied here"), "{said}");
    assert!(said.contains("[ ] both sides agree"), "{said}");

    stage.do_(&["change", "force", "it", "--reason", "a test"]);
    stage.do_(&["change", "contract", "it"]);
    stage.do_(&["upgrade", "head"]);
    let passed = stage.do_(&["change", "gate", "it"]);
    assert!(passed.contains("its gate is passed"), "{passed}");
    let before = stage.written("migrate").pop().expect("a revision");
    stage.do_(&["downgrade", &before]);
    let said = measured();
    assert!(!said.contains("passed"), "{said}");
}

#[test]
fn what_rests_in_quarantine_is_swept_once_and_then_not_brought_back() {
    let stage = Stage::new(&DROP_COLUMN, 300);
    let early = stage.try_(&["change", "sweep", "it"]);
    assert!(early.err.contains("is not written"), "{}", early.err);
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "force", "it", "--reason", "a test"]);
    stage.do_(&["change", "contract", "it"]);
    let early = stage.try_(&["change", "sweep", "it", "--older-than", "0s"]);
    assert!(
        early.err.contains("is not applied on this database"),
        "{}",
        early.err
    );
    stage.do_(&["upgrade", "head"]);
    let young = stage.try_(&["change", "sweep", "it"]);
    assert!(young.err.contains("can still be restored"), "{}", young.err);
    let kept = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'cofferdam_quarantine'";
    assert_eq!(cluster().psql(&stage.database.name, kept), "1");

    stage.do_(&["change", "sweep", "it", "--older-than", "0s"]);
    stage.do_(&["upgrade", "head"]);
    assert_eq!(cluster().psql(&stage.database.name, kept), "0");
    for arguments in [
        &["change", "sweep", "it", "--older-than", "0s"][..],
        &["change", "restore", "it"],
    ] {
        let late = stage.try_(arguments);
        assert_eq!(late.code, Some(1), "{}", late.out);
        assert!(
            late.err
                .contains("removes what the contract of it put into quarantine"),
            "{}",
            late.err
        );
    }
}

/// docs/changes.md says for every statement what both sides hold afterwards.
#[test]
fn both_sides_hold_what_the_documentation_says() {
    let case = Case {
        schema: "CREATE TABLE t (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', note text);\nINSERT INTO t VALUES (1, 'a'), (2, 'a');",
        table: "t",
        ..RENAME_COLUMN
    };
    let stage = Stage::new(&case, ROWS);
    stage.do_(&["upgrade", &stage.last("expand")]);
    cluster().psql(
        &stage.database.name,
        "UPDATE t SET tier = tier WHERE id = 1",
    );
    let text = std::fs::read_to_string(project::root().join("docs/changes.md")).expect("a page");
    let mut lines = 0;
    for line in text.lines() {
        // Its table has what happens before the statement.
        let Some((before, rest)) = line.split_once(" | `") else {
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
