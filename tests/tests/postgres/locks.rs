//! Two appliers at once, and waiting in a container's start.

use cofferdam_tests::binary;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use std::process::Stdio;

const SLOW: &str = "-- Slow\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nSELECT pg_sleep(3);\nCREATE TABLE slow (id int);\n\n-- +downgrade\nDROP TABLE slow;\n";

fn slow() -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", "[project]\nname = \"slow\"\n"),
        ("versions/a.sql", SLOW),
    ])
}

#[test]
fn upgrades_that_start_together_with_wait_all_exit_with_0_and_run_once() {
    let folder = slow();
    let database = database();
    let children: Vec<_> = (0..3)
        .map(|_| {
            binary::command()
                .arg("--project")
                .arg(folder.path())
                .args(["--url", &database.url, "upgrade", "head", "--wait", "60s"])
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary starts")
        })
        .collect();
    for child in children {
        let printed: binary::Printed = child.wait_with_output().expect("it ends").into();
        assert_eq!(printed.code, Some(0), "{}", printed.err);
    }
    let runs = "SELECT count(*) FROM cofferdam.journal WHERE revision = 'aaa'";
    assert_eq!(cluster().psql(&database.name, runs), "1");
}

#[test]
fn the_second_applier_is_told_who_holds_the_lock() {
    let folder = slow();
    let database = database();
    let mut first = binary::command()
        .arg("--project")
        .arg(folder.path())
        .args(["--url", &database.url, "upgrade", "head"])
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    while cluster().psql(&database.name, held) == "0" {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = binary::run(
        folder.path(),
        &["--url", &database.url, "upgrade", "head", "--wait", "0s"],
    );
    assert_eq!(second.code, Some(1), "{}{}", second.out, second.err);
    assert!(
        second.err.contains("another run is under way"),
        "{}",
        second.err
    );
    assert!(second.err.contains("process "), "{}", second.err);
    assert!(first.wait().expect("it ends").success());
}
