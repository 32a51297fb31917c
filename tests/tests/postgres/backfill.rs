//! `-- +backfill`: a statement in batches on a real PostgreSQL, killed in its midst, beside writers, and as a script.

use super::crash::killed;
use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use cofferdam_tests::proxy::Cut;
use std::process::Command;

const CONFIG: &str = "[project]\nname = \"backfill\"\n";
const FIRST: &str = "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE users (id KEY PRIMARY KEY, email text NOT NULL, lower_email text, touched int NOT NULL DEFAULT 0);\nINSERT INTO users SELECT VALUE, 'U' || n FROM generate_series(1, 2345) n;\n\n-- +downgrade\nDROP TABLE users;\n";
const SECOND: &str = "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2025-01-02\n\n-- +upgrade\n-- +backfill key=id batch=100\nUPDATE users AS u SET lower_email = lower(email), touched = touched + 1 -- each once\nWHERE u.email <> 'U7' OR false;\n\n-- +downgrade\n-- +backfill key=id batch=500\nUPDATE users SET lower_email = NULL;\n";

fn files(key: &str, value: &str) -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", CONFIG),
        (
            "versions/a.sql",
            &FIRST
                .replace("KEY PRIMARY", &format!("{key} PRIMARY"))
                .replace("VALUE", value),
        ),
        ("versions/b.sql", SECOND),
    ])
}

/// Every row but the one that the condition leaves out is written, and once.
fn assert_filled(name: &str) {
    let counts =
        "SELECT count(*), count(lower_email), min(touched), max(touched), sum(touched) FROM users";
    assert_eq!(cluster().psql(name, counts), "2345|2344|0|1|2344");
    let cursors = "SELECT count(*) FROM pg_class WHERE relnamespace = 'cofferdam'::regnamespace AND relname LIKE 'backfill\\_%'";
    assert_eq!(cluster().psql(name, cursors), "0");
}

#[test]
fn batches_that_are_killed_anywhere_go_on_and_write_every_row_once() {
    let folder = files("bigint", "n * 3");
    let mut kills = 0;
    for number in (20..200).step_by(13) {
        for cut in [Cut::Before(number), Cut::During(number), Cut::After(number)] {
            let database = database();
            let url = ["--url", &database.url];
            succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
            if killed(folder.path(), &database.url, &["upgrade", "head"], cut) <= number {
                break;
            }
            kills += 1;
            succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
            assert_filled(&database.name);
            // Each range was taken once, in order, and none overlaps the next.
            let ranges = "SELECT count(*), min(batch), max(batch), bool_and(coalesce(l > before, true)) FROM (SELECT batch, lower::bigint AS l, lag(upper::bigint) OVER (ORDER BY batch) AS before FROM cofferdam.backfill WHERE revision = 'bbb' AND direction = 'upgrade') ranges";
            assert_eq!(
                cluster().psql(&database.name, ranges),
                "24|1|24|t",
                "{cut:?}"
            );
        }
    }
    println!("killed at {kills} places");
    assert!(kills > 12, "only {kills} kills");
}

#[test]
fn keys_of_any_type_are_cut_into_ranges_forth_and_back() {
    for (key, value) in [
        ("uuid", "gen_random_uuid()"),
        ("text", "'k' || n"),
        ("numeric", "n / 7.0"),
        (
            "timestamptz",
            "'2025-01-01'::timestamptz + n * interval '1 min'",
        ),
    ] {
        let folder = files(key, value);
        let database = database();
        let url = ["--url", &database.url];
        succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
        assert_filled(&database.name);
        succeed(folder.path(), &[&url[..], &["downgrade", "aaa"]].concat());
        let left = "SELECT count(lower_email), (SELECT count(*) FROM cofferdam.backfill WHERE direction = 'downgrade') FROM users";
        assert_eq!(cluster().psql(&database.name, left), "0|5", "{key}");
    }
}

/// Sessions that write in transactions of one statement, as fast as they can, until they are ended; `sql` runs again and
/// again, and each time that it is committed is counted.
fn write_without_pause(name: &str, sql: &str) -> std::thread::JoinHandle<Result<String, String>> {
    cluster().psql(
        name,
        "CREATE TABLE IF NOT EXISTS acknowledged (id int GENERATED ALWAYS AS IDENTITY, sort text)",
    );
    let text = format!(
        "DO $$ BEGIN WHILE to_regclass('stop') IS NULL LOOP {sql}; COMMIT; END LOOP; END $$"
    );
    let name = name.to_owned();
    std::thread::spawn(move || cluster().try_psql(&name, &text))
}

#[test]
fn it_ends_under_constant_inserts_and_no_write_beside_it_is_lost() {
    let folder = files("bigint", "n * 3");
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    cluster().psql(&database.name, "CREATE SEQUENCE new_id START 1000000");
    let writers = [
        "INSERT INTO users (id, email) VALUES (nextval('new_id'), 'NEW'); INSERT INTO acknowledged (sort) VALUES ('insert')",
        "UPDATE users SET email = email || 'x' WHERE id = (SELECT (random() * 2344)::int * 3 + 3); INSERT INTO acknowledged (sort) VALUES ('update')",
        "UPDATE users SET touched = touched + 1000 WHERE id = (SELECT (random() * 2344)::int * 3 + 3); INSERT INTO acknowledged (sort) VALUES ('touch')",
    ]
    .map(|sql| write_without_pause(&database.name, sql));
    let slowly = SECOND
        .replace(
            "UPDATE users",
            "-- slowly, so that there is something beside it\nUPDATE users",
        )
        .replace(
            "lower(email),",
            "lower(email) || left(pg_sleep(0.0005)::text, 0),",
        );
    std::fs::write(folder.path().join("versions/b.sql"), slowly).expect("a file");
    succeed(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
    cluster().psql(&database.name, "CREATE TABLE stop ()");
    for writer in writers {
        writer.join().expect("a writer").expect("its writes");
    }
    let counts = "SELECT count(*) FILTER (WHERE sort = 'insert') > 50, count(*) FILTER (WHERE sort = 'update') > 50, count(*) FILTER (WHERE sort = 'touch') > 50 FROM acknowledged";
    assert_eq!(cluster().psql(&database.name, counts), "t|t|t");
    let kept = "SELECT (SELECT count(*) FROM users WHERE email = 'NEW') = count(*) FILTER (WHERE sort = 'insert'), (SELECT sum(length(email) - length(rtrim(email, 'x'))) FROM users) = count(*) FILTER (WHERE sort = 'update'), (SELECT sum(touched / 1000) FROM users WHERE id < 1000000) = count(*) FILTER (WHERE sort = 'touch') FROM acknowledged";
    assert_eq!(cluster().psql(&database.name, kept), "t|t|t");
    let once = "SELECT count(*) FROM users WHERE id < 1000000 AND touched % 1000 <> 1 AND id <> 21";
    assert_eq!(cluster().psql(&database.name, once), "0");
    // Of the rows that came beside it, those that were there when it began are written, and no others.
    let new = "SELECT count(*) FILTER (WHERE touched = 0) > 0, coalesce(max(id) FILTER (WHERE touched > 0) < min(id) FILTER (WHERE touched = 0), true) FROM users WHERE id >= 1000000";
    assert_eq!(cluster().psql(&database.name, new), "t|t");
}

#[test]
fn a_script_for_psql_does_the_same() {
    let folder = files("bigint", "n * 3");
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
    assert_filled(&database.name);
}

#[test]
fn half_of_the_batches_can_be_undone() {
    let folder = files("bigint", "n * 3");
    let database = database();
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    // The last batches meet a row that nobody can write.
    cluster().psql(
        &database.name,
        "ALTER TABLE users ADD CHECK (id < 3000 OR lower_email IS NULL)",
    );
    let stopped = run(folder.path(), &[&url[..], &["upgrade", "head"]].concat());
    assert_eq!(stopped.code, Some(1));
    assert!(stopped.err.contains("users_check"), "{}", stopped.err);
    let some = "SELECT count(lower_email) BETWEEN 800 AND 1000 FROM users";
    assert_eq!(cluster().psql(&database.name, some), "t");
    let status = run(folder.path(), &[&url[..], &["status"]].concat());
    assert!(status.out.contains("Half applied"), "{}", status.out);
    succeed(folder.path(), &[&url[..], &["undo", "bbb"]].concat());
    let left = "SELECT count(lower_email), (SELECT count(*) FROM cofferdam.half_applied), (SELECT count(*) FROM pg_class WHERE relnamespace = 'cofferdam'::regnamespace AND relname LIKE 'backfill\\_%') FROM users";
    assert_eq!(cluster().psql(&database.name, left), "0|0|0");
}
