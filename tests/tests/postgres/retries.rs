//! Statements that cannot have a lock in time: rolled back and tried again, on a real PostgreSQL.

use cofferdam_tests::binary::{Printed, command, run, succeed};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

const CONFIG: &str = "[project]\nname = \"retries\"\n\n[environments.once]\nurl_env = \"RETRIES_URL\"\nlock_tries = 1\n";
const FIRST: &str = "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE users (id int PRIMARY KEY, name text);\nCREATE TABLE notes (id int);\n\n-- +downgrade none: a test\n";
const SECOND: &str = "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2025-01-02\n\n-- +upgrade\nALTER TABLE notes ADD COLUMN body text;\n-- +commit\nSET LOCAL lock_timeout = '40ms';\nCREATE TABLE marks (id int);\nALTER TABLE users ADD COLUMN email text;\n\n-- +downgrade none: a test\n";
const THIRD: &str = "-- Third\n--\n-- Revision ID: ccc\n-- Revises: bbb\n-- Create Date: 2025-01-03\n\n-- +upgrade\nSET lock_timeout = '40ms';\n-- +commit\nCREATE INDEX CONCURRENTLY ix_users_name ON users (name);\n\n-- +downgrade none: a test\n";

fn files() -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", FIRST),
        ("versions/b.sql", SECOND),
        ("versions/c.sql", THIRD),
    ])
}

/// A session that holds what `sql` locks for `seconds`, or until it is ended.
fn hold(name: &str, sql: &str, seconds: f64) -> JoinHandle<Result<String, String>> {
    let text = format!("BEGIN; {sql}; SELECT pg_sleep({seconds}); COMMIT;");
    let database = name.to_owned();
    let session = spawn(move || cluster().try_psql(&database, &text));
    wait_until(
        name,
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
    );
    session
}

fn wait_until(name: &str, question: &str) {
    let since = Instant::now();
    while cluster().psql(name, question) != "t" {
        assert!(since.elapsed() < Duration::from_secs(20), "{question}");
        sleep(Duration::from_millis(20));
    }
}

fn retries(err: &str) -> usize {
    err.matches("; rolled back, try ").count()
}

#[test]
fn a_segment_that_waits_in_vain_is_tried_until_the_lock_is_free() {
    let folder = files();
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    let holder = hold(&database.name, "LOCK TABLE users IN ACCESS SHARE MODE", 1.5);
    let done = succeed(folder.path(), &[&url[..], &["upgrade", "bbb"]].concat());
    assert!((2..9).contains(&retries(&done.err)), "{}", done.err);
    assert!(
        done.err
            .contains("ALTER TABLE users ADD COLUMN email: canceling statement due to lock timeout; rolled back, try 2 of 10 in "),
        "{}",
        done.err
    );
    let kept = "SELECT count(*), count(*) FILTER (WHERE NOT complete) FROM cofferdam.journal WHERE revision = 'bbb'";
    assert_eq!(cluster().psql(&database.name, kept), "2|1");
    holder.join().expect("a session").expect("psql");
}

#[test]
fn a_deadlock_is_survived() {
    let folder = project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", FIRST),
        (
            "versions/b.sql",
            "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2025-01-02\n\n-- +upgrade\nSET LOCAL deadlock_timeout = '50ms';\nLOCK TABLE users;\nSELECT pg_sleep(1.5);\nLOCK TABLE notes;\nALTER TABLE users ADD COLUMN email text;\n\n-- +downgrade none: a test\n",
        ),
    ]);
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    let done = std::thread::scope(|scope| {
        let run = scope.spawn(|| succeed(folder.path(), &[&url[..], &["upgrade", "bbb"]].concat()));
        let held = "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'users'::regclass AND mode = 'AccessExclusiveLock' AND granted";
        wait_until(&database.name, held);
        let other = "BEGIN; SET LOCAL deadlock_timeout = '60s'; LOCK TABLE notes; LOCK TABLE users; COMMIT;";
        cluster().psql(&database.name, other);
        run.join().expect("the run")
    });
    assert_eq!(retries(&done.err), 1, "{}", done.err);
    assert!(done.err.contains("deadlock detected"), "{}", done.err);
}

#[test]
fn a_concurrent_index_that_waits_in_vain_is_removed_and_built_again() {
    let folder = files();
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "bbb"]].concat());
    let holder = hold(&database.name, "INSERT INTO users VALUES (1)", 1.5);
    let done = succeed(folder.path(), &[&url[..], &["upgrade", "ccc"]].concat());
    assert!(retries(&done.err) >= 2, "{}", done.err);
    holder.join().expect("a session").expect("psql");
    let index = "SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE indrelid = 'users'::regclass AND NOT indisprimary";
    assert_eq!(cluster().psql(&database.name, index), "1|t");
    let left = "SELECT count(*) FROM cofferdam.half_applied";
    assert_eq!(cluster().psql(&database.name, left), "0");
}

#[test]
fn an_environment_says_how_often() {
    let folder = files();
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    let holder = hold(
        &database.name,
        "LOCK TABLE users IN ACCESS SHARE MODE",
        60.0,
    );
    let started = Instant::now();
    let stopped: Printed = command()
        .env("RETRIES_URL", &database.url)
        .arg("--project")
        .arg(folder.path())
        .args(["--env", "once", "upgrade", "bbb"])
        .output()
        .expect("the binary starts")
        .into();
    assert_eq!(stopped.code, Some(1));
    assert_eq!(retries(&stopped.err), 0, "{}", stopped.err);
    assert!(stopped.err.contains("lock timeout"), "{}", stopped.err);
    assert!(started.elapsed() < Duration::from_secs(10));
    let columns =
        "SELECT count(*) FROM information_schema.columns WHERE table_name IN ('notes', 'marks')";
    assert_eq!(cluster().psql(&database.name, columns), "2");
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    assert_eq!(cluster().psql(&database.name, end), "1");
    assert!(holder.join().expect("a session").is_err());
    let status = run(folder.path(), &[&url[..], &["status"]].concat());
    assert!(status.out.contains("Half applied"), "{}", status.out);
}
