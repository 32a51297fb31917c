//! Batches of every form on a real PostgreSQL: keys of several columns, INSERT … SELECT, sizes that steer themselves, rates.

use super::crash::killed;
use cofferdam_tests::binary::succeed;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use cofferdam_tests::proxy::Cut;
use std::process::Command;
use std::time::{Duration, Instant};

const TABLE: &str = "CREATE TABLE events (tenant text NOT NULL, id int NOT NULL, body text, written int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, id));\nINSERT INTO events (tenant, id, body) SELECT 'tenant ' || n % 7, n, 'body ' || n FROM generate_series(1, 3000) n;\nCREATE TABLE kept (id int, tenant text, note text, UNIQUE (tenant, id));\nINSERT INTO kept SELECT id, tenant, 'first' FROM events WHERE id % 100 = 0;\nANALYZE events;";

fn files(statement: &str) -> tempfile::TempDir {
    let revision = |id: &str, down: &str, sql: &str| {
        format!(
            "-- The {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2026-01-01\n\n-- +upgrade\n{sql}\n\n-- +downgrade none: a test\n"
        )
    };
    project::of(&[
        ("cofferdam.toml", "[project]\nname = \"batches\"\n"),
        ("versions/a.sql", &revision("aaa", "", TABLE)),
        ("versions/b.sql", &revision("bbb", "aaa", statement)),
    ])
}

/// Runs `statement` with and without kills, and as a script for psql; `question` then has the `answer`.
fn everywhere(statement: &str, question: &str, answer: &str) {
    let folder = files(statement);
    let mut kills = 0;
    for number in (20..150).step_by(21) {
        let cut = match number % 3 {
            0 => Cut::Before(number),
            1 => Cut::During(number),
            _ => Cut::After(number),
        };
        let database = database();
        let url = ["--url", &database.url];
        succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
        if killed(folder.path(), &database.url, &["upgrade", "head"], cut) <= number {
            break;
        }
        kills += 1;
        succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
        assert_eq!(cluster().psql(&database.name, question), answer, "{cut:?}");
    }
    assert!(kills > 3, "only {kills} kills");
    let script = succeed(folder.path(), &["upgrade", "head", "--sql"]).out;
    let database = database();
    let path = folder.path().join("script.sql");
    std::fs::write(&path, script).expect("a file");
    let psql = Command::new(cluster().program("psql"))
        .args(["-v", "ON_ERROR_STOP=1", "-q", "-d", &database.url, "-f"])
        .arg(&path)
        .output()
        .expect("psql");
    assert!(
        psql.status.success(),
        "{}",
        String::from_utf8_lossy(&psql.stderr)
    );
    assert_eq!(cluster().psql(&database.name, question), answer);
}

#[test]
fn a_key_of_several_columns_of_different_types_is_cut_into_ranges() {
    everywhere(
        "-- +backfill key=tenant,id batch=100\nUPDATE events AS e SET written = written + 1 WHERE e.id <> 9;",
        "SELECT count(*), min(written), max(written), sum(written) FROM events",
        "3000|0|1|2999",
    );
}

#[test]
fn an_insert_of_a_query_is_run_by_ranges_of_what_it_reads() {
    everywhere(
        "-- +backfill key=tenant,id batch=150\nINSERT INTO kept (id, tenant, note) SELECT e.id, e.tenant, o.body FROM events AS e LEFT JOIN events o ON o.tenant = e.tenant AND o.id = e.id + 7 WHERE e.id > 10 OR false ON CONFLICT (tenant, id) DO UPDATE SET note = kept.note || ' ' || excluded.note;",
        "SELECT count(*), count(*) FILTER (WHERE note LIKE 'first body %'), count(*) FILTER (WHERE note IS NULL), min(id) FROM kept",
        "2990|29|7|11",
    );
}

#[test]
fn a_size_that_steers_itself_goes_on_with_what_it_had() {
    everywhere(
        "-- +backfill key=tenant,id batch=auto target=10ms\nUPDATE events SET written = written + 1 + length(left(pg_sleep(0.0003)::text, 0));",
        "SELECT count(*), min(written), max(written) FROM events",
        "3000|1|1",
    );
}

/// The rows of the batches in turn.
fn sizes(name: &str, table: &str) -> Vec<u64> {
    let sql = format!(
        "SELECT (SELECT count(*) FROM {table} WHERE id BETWEEN lower::int AND upper::int) FROM cofferdam.backfill ORDER BY batch"
    );
    let counts = cluster().psql(name, &sql);
    counts
        .lines()
        .map(|line| line.parse().expect("a number"))
        .collect()
}

#[test]
fn a_size_grows_and_shrinks_towards_its_target() {
    // The first rows cost a millisecond each, and the others nothing.
    let folder = files(
        "CREATE TABLE rows (id int PRIMARY KEY, cost float, written int NOT NULL DEFAULT 0);\nINSERT INTO rows SELECT n, CASE WHEN n <= 2000 THEN 0.001 ELSE 0 END FROM generate_series(1, 60000) n;\n-- +commit\n-- +backfill key=id batch=auto target=100ms\nUPDATE rows SET written = written + 1 + length(CASE WHEN cost > 0 THEN left(pg_sleep(cost)::text, 0) ELSE '' END);",
    );
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
    let written = "SELECT min(written), max(written) FROM rows";
    assert_eq!(cluster().psql(&database.name, written), "1|1");
    let sizes = sizes(&database.name, "rows");
    println!("{sizes:?}");
    assert_eq!(sizes[0], 501);
    assert!(sizes[1] < 200, "{sizes:?}");
    assert!(
        sizes.windows(2).all(|two| two[1] <= (two[0] * 2).max(11)),
        "{sizes:?}"
    );
    assert!(sizes.iter().any(|size| *size > 1000), "{sizes:?}");
}

#[test]
fn a_rate_is_kept_to() {
    let folder = files(
        "-- +backfill key=tenant,id batch=100 rate=1500\nUPDATE events SET written = written + 1;",
    );
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    let started = Instant::now();
    succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
    assert!(
        started.elapsed() >= Duration::from_millis(1900),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn what_cannot_be_run_in_batches_is_refused_with_its_reason() {
    for (statement, reason) in [
        (
            "-- +backfill key=id\nINSERT INTO kept SELECT id, tenant, max(body) FROM events GROUP BY 1, 2;",
            "GROUP BY and HAVING need all rows at once",
        ),
        (
            "-- +backfill key=id target=5s\nUPDATE events SET body = '';",
            "batch=auto",
        ),
    ] {
        let folder = files(statement);
        let refused = cofferdam_tests::binary::run(folder.path(), &["upgrade", "head", "--sql"]);
        assert_ne!(refused.code, Some(0));
        assert!(refused.err.contains(reason), "{}", refused.err);
    }
}
