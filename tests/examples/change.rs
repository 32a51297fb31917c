//! `cargo xtask bench change [ROWS]`: what an application feels of a breaking change, made at once and made in phases; how
//! fast rows are filled; and what the trigger costs those who write.

use cofferdam_tests::binary;
use cofferdam_tests::clients::{Client, Done, Version};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::time::{Duration, Instant};

/// A change, and the statements of an application before and after it.
struct Case {
    name: &'static str,
    schema: &'static str,
    change: &'static [&'static str],
    /// The blocking way.
    plain: &'static str,
    old: Version,
    new: Version,
}

/// Rows with a key, a text and a number.
const SCHEMA: &str = "CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', amount int);\nCREATE INDEX reports_tier ON reports (tier);";

const OLD: Version = Version {
    name: "old",
    read: "SELECT tier FROM reports WHERE id = $1",
    insert: "INSERT INTO reports (id, tier) VALUES ($1, $2)",
    update: "UPDATE reports SET tier = $2 WHERE id = $1",
    delete: "DELETE FROM reports WHERE id = $1",
};

const CASES: &[Case] = &[Case {
    name: "rename a column",
    schema: SCHEMA,
    change: &[
        "rename-column",
        "--table",
        "reports",
        "column=tier",
        "to=plan",
    ],
    plain: "ALTER TABLE reports RENAME COLUMN tier TO plan",
    old: OLD,
    new: Version {
        name: "new",
        read: "SELECT plan FROM reports WHERE id = $1",
        insert: "INSERT INTO reports (id, plan) VALUES ($1, $2)",
        update: "UPDATE reports SET plan = $2 WHERE id = $1",
        delete: "DELETE FROM reports WHERE id = $1",
    },
}];

fn main() {
    let rows: i64 = match std::env::args().nth(1) {
        Some(rows) => rows.parse().expect("a number of rows"),
        None => 1_000_000,
    };
    println!("What an application feels, {rows} rows:\n");
    println!("| change | way | statements | failed | longest wait | whole |");
    println!("|---|---|---:|---:|---:|---:|");
    for case in CASES {
        let (done, whole) = plainly(case, rows);
        print(case, "at once", &done, whole);
        let (done, whole) = in_phases(case, rows);
        print(case, "in phases", &done, whole);
    }
    println!("\nFilling a column, beside one UPDATE of all rows:\n");
    println!("| rows | in batches | rows/s | one UPDATE | rows/s | ratio |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for rows in [10_000, 300_000, 3 * rows] {
        fill(rows);
    }
    println!("\nWhat the trigger costs those who write, 100,000 rows in one statement:\n");
    println!("| statement | without | with | ratio |");
    println!("|---|---:|---:|---:|");
    price();
}

fn print(case: &Case, way: &str, done: &Done, whole: Duration) {
    println!(
        "| {} | {way} | {} | {} | {:.1} ms | {:.1} s |",
        case.name,
        done.statements,
        done.errors.len(),
        done.longest.as_secs_f64() * 1e3,
        whole.as_secs_f64()
    );
}

/// A database with the tables and rows.
fn filled(schema: &str, rows: i64) -> Database {
    let database = database();
    cluster().psql(
        &database.name,
        &format!(
            "{schema}\nINSERT INTO reports (id, tier) SELECT n, 'first ' || n FROM generate_series(0, {}) n;\nVACUUM ANALYZE reports;",
            rows - 1
        ),
    );
    database
}

/// Both versions at work while the change is made at once.
fn plainly(case: &Case, rows: i64) -> (Done, Duration) {
    let database = filled(case.schema, rows);
    let old = Client::start(&database.url, case.old, 0, rows, 10_000_000);
    std::thread::sleep(Duration::from_millis(500));
    let started = Instant::now();
    cluster().psql(&database.name, case.plain);
    let whole = started.elapsed();
    // The old version is stopped as soon as it is possible; the new one begins.
    std::thread::sleep(Duration::from_millis(200));
    let mut done = old.stop();
    let new = Client::start(&database.url, case.new, 1, rows, 20_000_000);
    std::thread::sleep(Duration::from_millis(500));
    done.then(new.stop());
    (done, whole)
}

/// A project whose first revision makes the tables, with a change on it.
fn project_of(schema: &str, change: &[&str], database: &Database) -> tempfile::TempDir {
    let first = format!(
        "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\n{schema}\n\n-- +downgrade none: a measurement\n"
    );
    let folder = project::of(&[
        ("cofferdam.toml", "[project]\nname = \"changes\"\n"),
        ("versions/a.sql", &first),
    ]);
    let run = |arguments: &[&str]| cofferdam(&folder, database, arguments);
    run(&["stamp", "aaa"]);
    run(&[&["change", "new"], change, &["--id", "it"]].concat());
    run(&["change", "write", "it"]);
    folder
}

fn cofferdam(folder: &tempfile::TempDir, database: &Database, arguments: &[&str]) {
    let arguments = [&["--url", &database.url], arguments].concat();
    binary::succeed(folder.path(), &arguments);
}

/// Both versions at work through all phases.
fn in_phases(case: &Case, rows: i64) -> (Done, Duration) {
    let database = filled(case.schema, rows);
    let folder = project_of(case.schema, case.change, &database);
    let run = |arguments: &[&str]| cofferdam(&folder, &database, arguments);
    let old = Client::start(&database.url, case.old, 0, rows, 10_000_000);
    std::thread::sleep(Duration::from_millis(500));
    let started = Instant::now();
    run(&["upgrade", "+1"]);
    let new = Client::start(&database.url, case.new, 1, rows, 20_000_000);
    run(&["upgrade", "head"]);
    run(&["change", "force", "it", "--reason", "a measurement"]);
    let mut done = old.stop();
    run(&["change", "contract", "it"]);
    run(&["upgrade", "head"]);
    let whole = started.elapsed();
    std::thread::sleep(Duration::from_millis(500));
    done.then(new.stop());
    (done, whole)
}

/// How long a new column takes to be filled.
fn fill(rows: i64) {
    let schema = "CREATE TABLE reports (id bigint PRIMARY KEY, tier text);";
    let database = filled(schema, rows);
    let folder = project_of(
        schema,
        &[
            "rename-column",
            "--table",
            "reports",
            "column=tier",
            "to=plan",
        ],
        &database,
    );
    cofferdam(&folder, &database, &["upgrade", "+1"]);
    let started = Instant::now();
    cofferdam(&folder, &database, &["upgrade", "+1"]);
    let batches = started.elapsed();
    let other = filled(schema, rows);
    let folder = project_of(
        schema,
        &[
            "rename-column",
            "--table",
            "reports",
            "column=tier",
            "to=plan",
        ],
        &other,
    );
    cofferdam(&folder, &other, &["upgrade", "+1"]);
    let started = Instant::now();
    cluster().psql(
        &other.name,
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
fn price() {
    let schema = "CREATE TABLE reports (id bigint PRIMARY KEY, tier text);";
    let statements = [
        (
            "INSERT",
            "INSERT INTO reports (id, tier) SELECT n, 'x' || n FROM generate_series(1000000, 1099999) n",
        ),
        (
            "UPDATE of the column",
            "UPDATE reports SET tier = tier || 'x' WHERE id < 100000",
        ),
        ("DELETE", "DELETE FROM reports WHERE id < 100000"),
    ];
    let measure = |has_trigger: bool| -> Vec<Duration> {
        let database = filled(schema, 200_000);
        if has_trigger {
            let folder = project_of(
                schema,
                &[
                    "rename-column",
                    "--table",
                    "reports",
                    "column=tier",
                    "to=plan",
                ],
                &database,
            );
            cofferdam(&folder, &database, &["upgrade", "head"]);
            cluster().psql(&database.name, "VACUUM ANALYZE reports");
        }
        let of = |(_, sql): &(&str, &str)| {
            let started = Instant::now();
            cluster().psql(&database.name, sql);
            started.elapsed()
        };
        statements.iter().map(of).collect()
    };
    let (without, with) = (measure(false), measure(true));
    for (at, (name, _)) in statements.iter().enumerate() {
        println!(
            "| {name} | {:.0} ms | {:.0} ms | {:.2} |",
            without[at].as_secs_f64() * 1e3,
            with[at].as_secs_f64() * 1e3,
            with[at].as_secs_f64() / without[at].as_secs_f64()
        );
    }
}
