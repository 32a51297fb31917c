//! Which of an application's queries work at which point of a change.

use cofferdam_engine::change::queries::{self, Cell, Evidence, Row, Version};
use cofferdam_tests::binary::{Printed, run, succeed};
use cofferdam_tests::project;
use std::path::Path;

const FIRST: &str = "-- Reports\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free');\n\n-- +downgrade\nDROP TABLE reports;\n";

const QUERIES: &str = "-- version: old\nSELECT tier FROM reports WHERE id = $1;\nINSERT INTO reports (id, tier) VALUES ($1, $2) RETURNING *;\n-- version: new\nUPDATE reports SET plan = $1;\n-- version: both\nSELECT count(*) FROM reports";

/// A project with the rename of a column, of which nothing is written.
fn renaming() -> tempfile::TempDir {
    renaming_with(&[])
}

/// The same with more options.
fn renaming_with(options: &[&str]) -> tempfile::TempDir {
    let folder = project::of(&[
        ("cofferdam.toml", "[project]\nname = \"it\"\n"),
        ("versions/a.sql", FIRST),
        ("queries.sql", QUERIES),
    ]);
    let new = [
        "change",
        "new",
        "rename-column",
        "--table",
        "reports",
        "column=tier",
        "to=plan",
    ];
    succeed(folder.path(), &[&new[..], options].concat());
    folder
}

fn asked(folder: &Path, file: &str) -> Printed {
    let file = folder.join(file);
    let file = file.to_str().expect("a path");
    run(
        folder,
        &[
            "change",
            "queries",
            "reports_tier_plan",
            file,
            "--format",
            "json",
        ],
    )
}

fn rows(printed: &Printed) -> Vec<Row> {
    let json: serde_json::Value = serde_json::from_str(&printed.out).expect("JSON");
    serde_json::from_value(json["matrix"]["rows"].clone()).expect("rows")
}

#[test]
fn a_query_works_as_long_as_its_version_is_at_work() {
    let folder = renaming();
    let printed = asked(folder.path(), "queries.sql");
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    let rows = rows(&printed);
    let versions: Vec<Version> = rows.iter().map(|row| row.query.version).collect();
    assert_eq!(
        versions,
        [Version::Old, Version::Old, Version::New, Version::Both]
    );
    let [read, insert, update, count] = rows.as_slice() else {
        panic!("four rows");
    };
    let says_gone = |cell: Option<&Cell>| match cell {
        Some(Cell::Fails { error }) => error == "column \"tier\" does not exist",
        _ => false,
    };
    assert!(says_gone(read.cells.last()), "{read:?}");
    assert_eq!(read.cells[0], Cell::Works);
    // What is returned changes when the second column comes.
    let more = Cell::OtherColumns {
        columns: vec!["id".into(), "tier".into(), "plan".into()],
    };
    assert!(insert.cells.contains(&more), "{insert:?}");
    assert!(
        matches!(&update.cells[0], Cell::Fails { error } if error == "column \"plan\" of relation \"reports\" does not exist"),
        "{update:?}"
    );
    assert_eq!(update.cells.last(), Some(&Cell::Works));
    assert!(count.cells.iter().all(|cell| *cell == Cell::Works));
    assert!(rows.iter().all(|row| row.broken.is_empty()));
}

#[test]
fn queries_of_the_new_version_find_its_views() {
    let folder = renaming_with(&["--view-schema", "v42"]);
    let queries = "-- version: old\nSELECT tier FROM reports;\nSELECT * FROM reports;\n-- version: new\nSELECT plan FROM reports;\nSELECT * FROM reports;\nINSERT INTO reports VALUES ($1, $2);\nSELECT tier FROM reports;\n";
    std::fs::write(folder.path().join("q.sql"), queries).expect("a file");
    let printed = asked(folder.path(), "q.sql");
    let rows = rows(&printed);
    let [old, old_all, new, new_all, insert, wrong] = rows.as_slice() else {
        panic!("six rows: {}{}", printed.out, printed.err);
    };
    let other = |row: &Row| -> Vec<(usize, Vec<String>)> {
        let cells = row.cells.iter().enumerate();
        let others = cells.filter_map(|(at, cell)| match cell {
            Cell::OtherColumns { columns } => Some((at, columns.clone())),
            _ => None,
        });
        others.collect()
    };
    for row in [old, old_all, new, new_all, insert] {
        assert!(row.broken.is_empty(), "{row:?}");
    }
    // Once there is a view, it shows what will be.
    assert_eq!(other(new_all), [(1, vec!["id".into(), "plan".into()])]);
    assert!(other(old_all).len() > 1, "{old_all:?}");
    assert_eq!(
        insert
            .cells
            .iter()
            .filter(|cell| **cell == Cell::Works)
            .count(),
        insert.cells.len()
    );
    assert!(wrong.broken.contains(&1), "{wrong:?}");
}

#[test]
fn a_query_that_breaks_keeps_revisions_from_being_written() {
    let folder = renaming();
    let path = folder.path();
    // An export of pg_stat_statements does not say which version asks.
    let csv = "calls,query\n12,\"SELECT tier FROM reports WHERE id = $1\"\n3,\"BEGIN\"\n";
    std::fs::write(path.join("seen.csv"), csv).expect("a file");
    let printed = asked(path, "seen.csv");
    assert_eq!(printed.code, Some(1), "{}", printed.err);
    let rows = rows(&printed);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].broken, [rows[0].cells.len() - 1]);

    let seen = path.join("seen.csv");
    let seen = seen.to_str().expect("a path");
    let write = ["change", "write", "reports_tier_plan", "--queries", seen];
    let printed = run(path, &write);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed
            .err
            .contains("nothing is written: there are queries that would break"),
        "{}",
        printed.err
    );
    assert_eq!(
        std::fs::read_dir(path.join("versions"))
            .expect("a folder")
            .count(),
        1
    );
}

#[test]
fn queries_and_what_they_did_are_kept_beside_the_change() {
    let folder = renaming();
    let path = folder.path();
    let printed = run(path, &["change", "queries", "reports_tier_plan"]);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed
            .err
            .contains("name a file of queries: changes/reports_tier_plan.queries.sql is not there"),
        "{}",
        printed.err
    );
    let file = path.join("queries.sql");
    let file = file.to_str().expect("a path");
    succeed(
        path,
        &["change", "queries", "reports_tier_plan", file, "--keep"],
    );
    let kept = std::fs::read_to_string(path.join("changes/reports_tier_plan.queries.sql"));
    let kept = queries::read(&kept.expect("the queries"), false).expect("queries");
    assert_eq!(kept, queries::read(QUERIES, false).expect("queries"));
    let text = std::fs::read_to_string(path.join("changes/reports_tier_plan.matrix.json"));
    let evidence = Evidence::read(&text.expect("the matrix")).expect("evidence");
    assert!(evidence.matrix.is_fine());
    assert!(evidence.postgres.starts_with(|c: char| c.is_ascii_digit()));

    // What is kept is asked again before anything is written.
    let broken = "-- version: new\nSELECT nothing FROM reports;\n";
    std::fs::write(path.join("changes/reports_tier_plan.queries.sql"), broken).expect("a file");
    let printed = run(path, &["change", "write", "reports_tier_plan"]);
    assert_eq!(printed.code, Some(1), "{}", printed.out);
    assert!(printed.out.contains("breaks at"), "{}", printed.out);
    std::fs::write(path.join("changes/reports_tier_plan.queries.sql"), QUERIES).expect("a file");
    succeed(path, &["change", "write", "reports_tier_plan"]);
}

#[test]
fn a_file_without_queries_is_refused() {
    let folder = renaming();
    for (text, words) in [
        (
            "CREATE TABLE x ();",
            "there is no SELECT, INSERT, UPDATE, DELETE or MERGE",
        ),
        (
            "-- version: soon\nSELECT 1;",
            "`soon` is no version of the application",
        ),
    ] {
        std::fs::write(folder.path().join("q.sql"), text).expect("a file");
        let printed = asked(folder.path(), "q.sql");
        assert_eq!(printed.code, Some(1));
        assert!(printed.err.contains(words), "{}", printed.err);
    }
}
