//! Runs that wait: for the person who asked, and for others who need the rows.

use cofferdam_tests::binary::{Printed, command, succeed};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const FIRST: &str = "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2026-01-01\n\n-- +upgrade\nCREATE TABLE rows (id int PRIMARY KEY, written int NOT NULL DEFAULT 0);\nINSERT INTO rows SELECT generate_series(1, 4000);\nANALYZE rows;\n\n-- +downgrade none: a test\n";
const SECOND: &str = "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2026-01-02\n\n-- +upgrade\n-- +backfill key=id batch=100\nUPDATE rows SET written = written + 1 + length(left(pg_sleep(0.0008)::text, 0));\n-- +commit\nCREATE TABLE done (id int);\n\n-- +downgrade none: a test\n";

fn files() -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", "[project]\nname = \"pauses\"\n"),
        ("versions/a.sql", FIRST),
        ("versions/b.sql", SECOND),
    ])
}

fn upgrade(folder: &Path, url: &str, log: &Path) -> Child {
    let log = std::fs::File::create(log).expect("a file");
    command()
        .arg("--project")
        .arg(folder)
        .args(["--url", url, "upgrade", "head"])
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the binary starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
}

fn told(log: &Path) -> String {
    let mut text = String::new();
    let mut file = std::fs::File::open(log).expect("a file");
    file.read_to_string(&mut text).expect("text");
    text
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(20), "never: {what}");
        sleep(Duration::from_millis(20));
    }
}

const WRITTEN: &str = "SELECT count(*) FILTER (WHERE written > 0) FROM rows";

fn written(name: &str) -> u64 {
    cluster().psql(name, WRITTEN).parse().expect("a number")
}

/// Starts the batches, and lets them wait in their midst.
fn paused(folder: &Path, name: &str, url: &str, log: &Path) -> Child {
    succeed(folder, &["--url", url, "upgrade", "aaa"]);
    let child = upgrade(folder, url, log);
    until("a batch", || written(name) > 0);
    signal(&child, "TSTP");
    until("paused", || told(log).contains("Paused: "));
    let open = "SELECT count(*) FILTER (WHERE xact_start IS NOT NULL), count(*) > 0 FROM pg_stat_activity WHERE application_name = 'cofferdam' AND datname = current_database()";
    assert_eq!(cluster().psql(name, open), "0|t");
    let locks = "SELECT string_agg(DISTINCT locktype, ' ') FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE application_name = 'cofferdam' AND datname = current_database()";
    assert_eq!(cluster().psql(name, locks), "advisory");
    let some = written(name);
    sleep(Duration::from_millis(400));
    assert_eq!(written(name), some);
    assert!(some < 4000);
    child
}

const END: &str = "SELECT min(written), max(written), count(*), to_regclass('done') IS NOT NULL, (SELECT version_num FROM alembic_version) FROM rows";

#[test]
fn a_run_waits_between_batches_and_goes_on() {
    for go_on in ["CONT", "TSTP"] {
        let (folder, database) = (files(), database());
        let log = folder.path().join("log");
        let mut child = paused(folder.path(), &database.name, &database.url, &log);
        signal(&child, go_on);
        assert!(child.wait().expect("the run").success(), "{}", told(&log));
        assert!(told(&log).contains("Going on"), "{}", told(&log));
        assert_eq!(cluster().psql(&database.name, END), "1|1|4000|t|bbb");
    }
}

#[test]
fn a_run_that_is_killed_or_stopped_while_it_waits_is_taken_up_again() {
    for name in ["KILL", "INT"] {
        let (folder, database) = (files(), database());
        let log = folder.path().join("log");
        let mut child = paused(folder.path(), &database.name, &database.url, &log);
        signal(&child, name);
        assert!(!child.wait().expect("the run").success());
        let url = ["--url", &database.url];
        succeed(
            folder.path(),
            &[&url[..], &["upgrade", "head", "--wait", "20s"]].concat(),
        );
        assert_eq!(cluster().psql(&database.name, END), "1|1|4000|t|bbb");
    }
}

#[test]
fn batches_give_way_to_sessions_that_wait_for_their_rows() {
    let (folder, database) = (files(), database());
    let log = folder.path().join("log");
    let url = ["--url", &database.url];
    succeed(folder.path(), &[&url[..], &["upgrade", "aaa"]].concat());
    // Somebody who always wants the next row.
    let name = database.name.clone();
    let writer = std::thread::spawn(move || {
        cluster().psql(&name, "DO $$ BEGIN FOR n IN 1..400 LOOP UPDATE rows SET written = written WHERE id = (SELECT min(id) + 50 FROM rows WHERE written = 0); COMMIT; PERFORM pg_sleep(0.005); END LOOP; END $$");
    });
    let mut child = upgrade(folder.path(), &database.url, &log);
    assert!(child.wait().expect("the run").success(), "{}", told(&log));
    writer.join().expect("the writer");
    let told = told(&log);
    assert!(
        told.contains("Giving way for ")
            && told.contains("1 session waited for a lock of the batch"),
        "{told}"
    );
    assert_eq!(cluster().psql(&database.name, END), "1|1|4000|t|bbb");
}

#[test]
fn batches_wait_for_a_replica_that_lags() {
    let (folder, database) = (files(), database());
    let config = "[project]\nname = \"pauses\"\n\n[environments.here]\nurl_env = \"HERE_URL\"\nmax_replica_lag = \"300ms\"\n";
    std::fs::write(folder.path().join("cofferdam.toml"), config).expect("a file");
    let upgrade = |target: &str| -> Printed {
        let mut run = command();
        run.env("HERE_URL", &database.url);
        run.arg("--project").arg(folder.path());
        run.args(["--env", "here", "upgrade", target]);
        run.output().expect("the binary starts").into()
    };
    assert_eq!(upgrade("aaa").code, Some(0));
    let replica = cluster().replica("1s");
    let done = upgrade("head");
    drop(replica);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        done.err.contains("Giving way for ") && done.err.contains("s behind, and may be 0.3 s"),
        "{}",
        done.err
    );
    assert_eq!(cluster().psql(&database.name, END), "1|1|4000|t|bbb");
}

#[test]
fn a_user_who_is_not_shown_the_replicas_is_told_so_once() {
    let (folder, database) = (files(), database());
    let name = database.name.as_str();
    cluster().psql(
        name,
        &format!("CREATE ROLE {name}_plain LOGIN; GRANT ALL ON DATABASE {name} TO {name}_plain; GRANT ALL ON SCHEMA public TO {name}_plain"),
    );
    let _replica = cluster().replica("0");
    let url = database.url.replace("postgres@", &format!("{name}_plain@"));
    let done = succeed(folder.path(), &["--url", &url, "upgrade", "head"]);
    let told = done.err.matches("is not shown to this user").count();
    assert_eq!(told, 1, "{}", done.err);
    assert_eq!(cluster().psql(name, END), "1|1|4000|t|bbb");
}
