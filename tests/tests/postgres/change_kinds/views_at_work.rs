//! Versioned views while both versions are at work without pause: the new one counts on the order of columns, too.

use cofferdam_tests::change::cases::{RENAME_COLUMN, SPLIT_COLUMN};
use cofferdam_tests::change::{Case, Stage};
use cofferdam_tests::clients::{Client, Done, Version};
use std::time::{Duration, Instant};

const ROWS: i64 = 20_000;

const RENAME: Case = Case {
    fields: &["column=tier", "to=plan", "--view-schema", "v42"],
    new: Version {
        rows: "SELECT * FROM reports",
        insert: "INSERT INTO reports VALUES ($1, $2)",
        ..RENAME_COLUMN.new
    },
    ..RENAME_COLUMN
};

const SPLIT: Case = Case {
    fields: &[
        "column=name",
        "to=word, rest",
        "up=split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
        "down=word || ' ' || rest",
        "--view-schema",
        "v42",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'some body', age int);
CREATE INDEX reports_name ON reports (lower(name));
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    new: Version {
        rows: "SELECT id, word || ' ' || rest FROM (SELECT * FROM reports) AS known (id, age, word, rest)",
        insert: "INSERT INTO reports VALUES ($1, 7, split_part($2, ' ', 1), substr($2, strpos($2, ' ') + 1))",
        ..SPLIT_COLUMN.new
    },
    ..SPLIT_COLUMN
};

#[test]
fn a_column_is_renamed_undone_and_renamed_again() {
    there_back_and_there(&RENAME);
}

#[test]
fn a_column_is_split_undone_and_split_again() {
    there_back_and_there(&SPLIT);
}

fn there_back_and_there(case: &Case) {
    let stage = Stage::new(case, ROWS);
    let url = format!(
        "{}?options=-c%20search_path%3Dv42%2Cpublic",
        stage.database.url
    );
    let (mut by_old, mut by_new) = (Done::default(), Done::default());

    let old = stage.client(case.old, 0, 1_000_000);
    stage.do_(&["upgrade", &stage.last("expand")]);
    let new = Client::start(&url, case.new, 1, ROWS, 2_000_000);
    stage.do_(&["upgrade", "head"]);
    let migrated = stage.catalog();
    by_old.then(old.stop());
    stage.do_(&["change", "parity", "it"]);
    stage.contract();
    stage.do_(&["upgrade", "head"]);
    stage.assert_as_plain(case);

    stage.do_(&["downgrade", &stage.last("migrate")]);
    assert_eq!(stage.catalog(), migrated);
    let old = stage.client(case.old, 0, 3_000_000);
    stage.do_(&["change", "parity", "it"]);
    by_old.then(old.stop());
    // Replicas of other tests may keep the gate shut for a while.
    let since = Instant::now();
    loop {
        stage.do_(&["change", "parity", "it"]);
        let said = stage.try_(&["upgrade", "head"]);
        if said.code == Some(0) {
            break;
        }
        let is_late = since.elapsed() > Duration::from_secs(60);
        assert!(!is_late, "{}{}", said.out, said.err);
        std::thread::sleep(Duration::from_millis(200));
    }
    stage.assert_as_plain(case);
    by_new.then(new.stop());

    for done in [&by_old, &by_new] {
        assert!(done.errors.is_empty(), "{:#?}", done.errors);
        assert!(done.statements > 100, "only {}", done.statements);
        stage.assert_seen(case.new, done);
    }
    println!(
        "{}: {} statements of two versions, the longest wait {:?}",
        case.kind,
        by_old.statements + by_new.statements,
        by_old.longest.max(by_new.longest)
    );
}
