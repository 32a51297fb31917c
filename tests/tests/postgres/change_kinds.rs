//! Every kind of change on a real PostgreSQL: its revisions, run by the binary, end in the catalog of the plain migration;
//! each can be undone, and undone all the catalog and the rows are those of the beginning; and both versions of the
//! application write between all of them.

#[path = "change_kinds/cases.rs"]
mod cases;
#[path = "change_kinds/moved.rs"]
mod moved;
#[path = "change_kinds/place.rs"]
mod place;
#[path = "change_kinds/rebuilt.rs"]
mod rebuilt;
#[path = "change_kinds/conflicts.rs"]
mod together;
#[path = "change_kinds/views.rs"]
mod views;

use cases::{CASES, Case};
use cofferdam_engine::catalog::{self, Catalog, Layer, diff};
use cofferdam_engine::change::conflicts::{self, Verdict};
use cofferdam_engine::change::gate::Conditions;
use cofferdam_engine::change::{
    Change, ChangeId, Kind, Part, Phase, Phases, TableName, phases, start,
};
use cofferdam_engine::config::Project;
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use cofferdam_engine::run::Answer;
use cofferdam_engine::script;
use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::path::Path;

const CONFIG: &str = "[project]\nname = \"changes\"\n";

/// Reads the catalog as a driver would, through psql.
fn read(database: &Database) -> Catalog {
    let number = cluster().psql(&database.name, "SHOW server_version_num");
    let major = number.parse::<u32>().expect("a number") / 10_000;
    let script = format!(
        "\\pset fieldsep '\\037'\n\\pset recordsep '\\036'\nBEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n{};\n{};\nCOMMIT;\n",
        catalog::prepare(major, &Project::default()),
        catalog::look()
    );
    let text = cluster().psql(&database.name, &script);
    let rows = text.trim_end_matches('\u{1e}').split('\u{1e}').map(|row| {
        let cells = row.split('\u{1f}');
        cells.map(|cell| Some(cell.to_owned())).collect()
    });
    let answer = Answer {
        rows: rows.collect(),
        ..Answer::default()
    };
    catalog::read(major, &answer).expect("a catalog")
}

/// What is not the same, but for the order of columns.
fn differences(one: &Catalog, other: &Catalog) -> Vec<String> {
    let all = diff(one, other).expect("one version").into_iter();
    all.filter(|one| one.layer != Layer::Order)
        .map(|one| one.sentence)
        .collect()
}

/// The change of a case, from the schema of a database.
fn change(case: &Case, catalog: &Catalog) -> Change {
    let table = TableName::read(case.table).expect("a table");
    let values = case.fields.iter();
    let values = values.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let kind = Kind::fill(case.kind, &values.collect())
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
    Change {
        id: ChangeId::from_words(kind.id_words()),
        start: start(catalog, &table),
        table,
        kind,
        key: Vec::new(),
        view_schema: None,
        conditions: Conditions::default(),
        written: Vec::new(),
        edits: Vec::new(),
    }
}

fn id(at: usize) -> String {
    format!("r{at:02}")
}

/// Writes the revision of a part onto the one before it.
fn write(folder: &Path, part: &Part, at: usize) {
    let named = |at| RevisionId::new(id(at)).expect("an id");
    let revision = Revision {
        id: named(at),
        down: vec![named(at - 1)],
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message: part.message.clone(),
        description: Vec::new(),
        author: None,
        create_date: None,
        // Without the header's lines that name the change, no gate stands between the phases: what they do is meant here.
        extra: Vec::new(),
        upgrade: part.upgrade.clone(),
        downgrade: Downgrade::Sql(part.downgrade.clone()),
    };
    let path = folder.join(format!("versions/{}.sql", id(at)));
    std::fs::write(path, script::write(&revision)).expect("a file");
}

/// A project whose base is the case's schema, in a database of its own, and the change's phases as revisions onto it.
struct Stage {
    folder: tempfile::TempDir,
    database: Database,
    phases: Phases,
}

impl Stage {
    fn new(case: &Case) -> Self {
        Self::with(case, None)
    }

    /// The same where the new version may have a schema of its own.
    fn with(case: &Case, view_schema: Option<&str>) -> Self {
        let base = format!(
            "-- Base\n--\n-- Revision ID: r00\n-- Revises:\n\n-- +upgrade\n{}\n-- +downgrade none: it is the base\n",
            case.schema
        );
        let folder = project::of(&[("cofferdam.toml", CONFIG), ("versions/r00.sql", &base)]);
        let database = database();
        let stage = ["--url", &database.url, "upgrade", "head"];
        succeed(folder.path(), &stage);
        let change = Change {
            view_schema: view_schema.map(str::to_owned),
            ..change(case, &read(&database))
        };
        let phases = phases(&change).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        for (at, part) in phases.parts.iter().enumerate() {
            write(folder.path(), part, at + 1);
        }
        Stage {
            folder,
            database,
            phases,
        }
    }

    fn go(&self, case: &Case, direction: &str, at: usize) {
        let printed = run(
            self.folder.path(),
            &["--url", &self.database.url, direction, &id(at)],
        );
        if printed.code != Some(0) {
            let part = &self.phases.parts[at.max(1) - 1];
            let next = self.phases.parts.get(at);
            panic!(
                "{}: {direction} to {}:\n{}{}\n{}\n-- down\n{}\n-- down of the next\n{}",
                case.name,
                id(at),
                printed.out,
                printed.err,
                part.upgrade,
                part.downgrade,
                next.map_or("", |next| &next.downgrade)
            );
        }
    }

    fn ask(&self, query: &str) -> String {
        cluster().psql(&self.database.name, query)
    }
}

fn assert_same(case: &Case, when: &str, wanted: &Catalog, found: &Catalog) {
    let left = differences(wanted, found);
    assert!(
        left.is_empty(),
        "{}: {when}:\n{}",
        case.name,
        left.join("\n")
    );
}

/// The cases that are wanted: all, or those whose name has `COFFERDAM_TEST_CASE` in it.
fn cases() -> impl Iterator<Item = &'static Case> {
    let only = std::env::var("COFFERDAM_TEST_CASE").unwrap_or_default();
    let all = CASES.iter().chain(rebuilt::CASES);
    all.filter(move |case| case.name.contains(&only))
}

/// Runs each case in a thread of its own, two at a time, and tells of all that fail.
fn each(test: impl Fn(&Case) + Sync) {
    let all: Vec<&Case> = cases().collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) =
                    all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    let tried =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(case)));
                    if tried.is_err() {
                        failed.lock().expect("a list").push(case.name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("a list");
    assert!(
        failed.is_empty(),
        "{} of {}: {failed:?}",
        failed.len(),
        all.len()
    );
    println!("{} cases", all.len());
}

/// Each step is made, undone and made again, and all is undone in the end.
fn goes_step_by_step(case: &Case, stage: &Stage) {
    let rows = stage.ask(case.rows);
    let mut steps = vec![read(&stage.database)];
    for at in 1..=stage.phases.parts.len() {
        stage.go(case, "upgrade", at);
        let after = read(&stage.database);
        stage.go(case, "downgrade", at - 1);
        let when = format!("after undoing {}", id(at));
        assert_same(case, &when, &steps[at - 1], &read(&stage.database));
        stage.go(case, "upgrade", at);
        assert_same(
            case,
            &format!("after {} again", id(at)),
            &after,
            &read(&stage.database),
        );
        steps.push(after);
    }
    let plain = database();
    cluster().psql(&plain.name, case.schema);
    cluster().psql(&plain.name, case.plain);
    assert_same(case, "in the end", &read(&plain), &steps[steps.len() - 1]);
    if !case.end.is_empty() {
        let wanted = cluster().psql(&plain.name, case.end);
        assert_eq!(
            stage.ask(case.end),
            wanted,
            "{}: rows in the end",
            case.name
        );
    }
    stage.go(case, "downgrade", 0);
    assert_same(case, "undone", &steps[0], &read(&stage.database));
    assert_eq!(stage.ask(case.rows), rows, "{}: rows undone", case.name);
}

#[test]
fn nothing_is_found_in_what_is_written() {
    each(|case| {
        let stage = Stage::new(case);
        // What the contract took is brought back by its undo.
        let parts = stage.phases.of(Phase::Contract).collect::<Vec<_>>();
        for (at, part) in parts.into_iter().rev().enumerate() {
            let back = Part {
                upgrade: part.downgrade.clone(),
                downgrade: part.upgrade.clone(),
                ..part.clone()
            };
            let count = stage.phases.parts.len();
            write(stage.folder.path(), &back, count + at + 1);
        }
        for range in [&["r00:head"][..], &["r00:head", "--together"]] {
            let lint = [&["lint", "--format", "json"], range].concat();
            let said = run(stage.folder.path(), &lint);
            let found: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
            let found = found["findings"].as_array().expect("findings");
            assert!(found.is_empty(), "{}: {found:#?}", case.name);
        }
    });
}

#[test]
fn a_change_ends_as_the_plain_migration_does_and_is_undone_step_by_step() {
    each(|case| goes_step_by_step(case, &Stage::new(case)));
}

/// Both versions write between all steps, the new one after the statement `session`, and nothing is lost.
fn is_written_by_both(case: &Case, stage: &Stage, session: &str) {
    let mut number = 1_000_000;
    // Both work as long as the old version's side is there, that is until the contract.
    let last_of_both = stage
        .phases
        .parts
        .iter()
        .filter(|part| part.phase != Phase::Contract)
        .count();
    let mut write = |at: usize, when: &str| {
        let old = case.old.iter().filter(|_| at <= last_of_both);
        let new = case
            .new
            .iter()
            .filter(|_| at > 0 && (at >= stage.phases.of(Phase::Expand).count()));
        let old = old.map(|sql| (*sql).to_owned());
        for sql in old.chain(new.map(|sql| format!("{session}{sql}"))) {
            number += 1;
            let sql = sql.replace("{n}", &number.to_string());
            if let Err(error) = cluster().try_psql(&stage.database.name, &sql) {
                panic!("{}: {when} {}: {sql}: {error}", case.name, id(at));
            }
        }
    };
    let count = stage.phases.parts.len();
    write(0, "at");
    for at in 1..=count {
        stage.go(case, "upgrade", at);
        write(at, "after");
    }
    for at in (0..count).rev() {
        stage.go(case, "downgrade", at);
        write(at, "back at");
    }
    if !case.holds.is_empty() {
        assert_eq!(stage.ask(case.holds), "t", "{}: {}", case.name, case.holds);
    }
}

#[test]
fn both_versions_write_between_all_steps_and_nothing_is_lost() {
    each(|case| {
        if !case.old.is_empty() || !case.new.is_empty() {
            is_written_by_both(case, &Stage::new(case), "");
        }
    });
}
