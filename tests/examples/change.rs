//! `cargo xtask bench change [ROWS [WORDS]]`: what an application feels of a breaking change, made at once and made in phases;
//! how fast rows are filled; and what the trigger costs those who write. Without ROWS a table has a million rows; rows are filled
//! at a hundredth, three tenths and three times of that. With WORDS only the changes with these words in their name are made.

use cofferdam_tests::change::cases::{
    ADD_FOREIGN_KEY, CHANGE_TYPE, RENAME_COLUMN, REPLACE_INDEX, REQUIRE_COLUMN,
};
use cofferdam_tests::change::{Case, Stage};
use cofferdam_tests::clients::{Client, Done};
use cofferdam_tests::cluster::{Database, cluster, database};
use std::time::{Duration, Instant};

const CASES: [(&str, Case); 5] = [
    (
        "SET NOT NULL",
        // One transaction: what the old version writes meanwhile would be refused.
        Case {
            plain: "BEGIN; LOCK TABLE reports; UPDATE reports SET note = 'none ' || id WHERE note IS NULL; ALTER TABLE reports ALTER COLUMN note SET NOT NULL; COMMIT",
            ..REQUIRE_COLUMN
        },
    ),
    ("type of a key, integer to bigint", CHANGE_TYPE),
    ("foreign key", ADD_FOREIGN_KEY),
    ("index in another's place", REPLACE_INDEX),
    ("rename a column", RENAME_COLUMN),
];

/// A column without constraints or indexes that gets another name.
const FILLED: Case = Case {
    schema: "CREATE TABLE reports (id bigint PRIMARY KEY, tier text);\nINSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    ..RENAME_COLUMN
};

fn main() {
    let rows: i64 = match std::env::args().nth(1) {
        Some(rows) => rows.parse().expect("a number of rows"),
        None => 1_000_000,
    };
    println!("What an application feels, {rows} rows:\n");
    println!("| change | way | statements | failed | longest wait | whole |");
    println!("|---|---|---:|---:|---:|---:|");
    let words = std::env::args().nth(2);
    let is_meant = |name: &str| words.as_ref().is_none_or(|words| name.contains(words));
    for (name, case) in CASES.iter().filter(|(name, _)| is_meant(name)) {
        let (done, whole) = at_once(case, rows);
        print(name, "at once", &done, whole);
        let (done, whole) = in_phases(case, rows);
        print(name, "in phases", &done, whole);
    }
    if words.is_some() {
        return;
    }
    println!("\nFilling a column, beside one UPDATE of all rows:\n");
    println!("| rows | in batches | rows/s | one UPDATE | rows/s | ratio |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for rows in [rows / 100, rows / 10 * 3, rows * 3] {
        fill(rows);
    }
    let rows = rows / 10;
    println!("\nWhat the trigger costs those who write, {rows} rows in one statement:\n");
    println!("| statement | without | with | ratio |");
    println!("|---|---:|---:|---:|");
    price(rows);
}

fn print(name: &str, way: &str, done: &Done, whole: Duration) {
    println!(
        "| {name} | {way} | {} | {} | {:.1} ms | {:.1} s |",
        done.statements,
        done.errors.len(),
        done.longest.as_secs_f64() * 1e3,
        whole.as_secs_f64()
    );
}

/// Rows that were just written are not what is measured.
fn settle(database: &Database) {
    cluster().psql(&database.name, "VACUUM ANALYZE");
    cluster().psql(&database.name, "CHECKPOINT");
}

/// Long enough for a client to find its pace.
fn a_while() {
    std::thread::sleep(Duration::from_millis(500));
}

/// The change is made at once; the old version is stopped when it is done, and the new one begins.
fn at_once(case: &Case, rows: i64) -> (Done, Duration) {
    let database = database();
    cluster().psql(&database.name, &case.schema(rows));
    settle(&database);
    let start = |version, turn, first| Client::start(&database.url, version, turn, rows, first);
    let old = start(case.old, 0, 10_000_000);
    a_while();
    let started = Instant::now();
    cluster().psql(&database.name, case.plain);
    let whole = started.elapsed();
    a_while();
    let mut done = old.stop();
    let new = start(case.new, 1, 20_000_000);
    a_while();
    done.then(new.stop());
    (done, whole)
}

/// Both versions at work through all phases.
fn in_phases(case: &Case, rows: i64) -> (Done, Duration) {
    let stage = Stage::new(case, rows);
    settle(&stage.database);
    let old = stage.client(case.old, 0, 10_000_000);
    a_while();
    let started = Instant::now();
    stage.do_(&["upgrade", &stage.last("expand")]);
    let new = stage.client(case.new, 1, 20_000_000);
    stage.do_(&["upgrade", "head"]);
    stage.do_(&["change", "force", "it", "--reason", "a measurement"]);
    let mut done = old.stop();
    stage.do_(&["change", "contract", "it"]);
    stage.do_(&["upgrade", "head"]);
    let whole = started.elapsed();
    a_while();
    done.then(new.stop());
    (done, whole)
}

/// How long a new column takes to be filled.
fn fill(rows: i64) {
    let expanded = || {
        let stage = Stage::new(&FILLED, rows);
        stage.do_(&["upgrade", &stage.last("expand")]);
        settle(&stage.database);
        stage
    };
    let stage = expanded();
    let started = Instant::now();
    stage.do_(&["upgrade", "head"]);
    let batches = started.elapsed();
    let name = expanded().database.name;
    let started = Instant::now();
    cluster().psql(
        &name,
        "UPDATE reports SET plan = tier WHERE plan IS NULL AND tier IS NOT NULL",
    );
    let plain = started.elapsed();
    let rate = |elapsed: Duration| rows as f64 / elapsed.as_secs_f64();
    println!(
        "| {rows} | {:.1} s | {:.0} | {:.1} s | {:.0} | {:.2} |",
        batches.as_secs_f64(),
        rate(batches),
        plain.as_secs_f64(),
        rate(plain),
        rate(batches) / rate(plain)
    );
}

/// Writes without and with the trigger.
fn price(rows: i64) {
    let statements = [
        (
            "INSERT",
            format!(
                "INSERT INTO reports (id, tier) SELECT n, 'x' || n FROM generate_series({}, {}) n",
                rows * 2,
                rows * 3 - 1
            ),
        ),
        (
            "UPDATE of the column",
            format!("UPDATE reports SET tier = tier || 'x' WHERE id < {rows}"),
        ),
        ("DELETE", format!("DELETE FROM reports WHERE id < {rows}")),
    ];
    let measure = |has_trigger: bool| -> Vec<f64> {
        let stage = Stage::new(&FILLED, rows * 2);
        if has_trigger {
            stage.do_(&["upgrade", "head"]);
        }
        settle(&stage.database);
        let of = |sql: &str| {
            let started = Instant::now();
            cluster().psql(&stage.database.name, sql);
            started.elapsed().as_secs_f64() * 1e3
        };
        statements.iter().map(|(_, sql)| of(sql)).collect()
    };
    let (without, with) = (measure(false), measure(true));
    for ((name, _), (without, with)) in statements.iter().zip(without.iter().zip(with)) {
        println!(
            "| {name} | {without:.0} ms | {with:.0} ms | {:.2} |",
            with / without
        );
    }
}
