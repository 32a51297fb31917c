//! kill -9 of the real process at each command of a plan with concurrent indexes in it, then the
//! same command again: the same catalog as without.

use cofferdam_tests::binary;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use cofferdam_tests::proxy::{Cut, Proxy};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

const FIRST: &str = "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE users (id int PRIMARY KEY, email text);\nINSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 500) n;\n\n-- +downgrade\nDROP TABLE users;\n";
const SECOND: &str = "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2025-01-02\n\n-- +upgrade\nALTER TABLE users ADD COLUMN phone text;\nCREATE UNIQUE INDEX CONCURRENTLY uq_users_email ON users (email);\nALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX uq_users_email;\nCREATE INDEX CONCURRENTLY ix_users_phone ON users (phone);\n\n-- +downgrade\nDROP INDEX CONCURRENTLY ix_users_phone;\nALTER TABLE users DROP CONSTRAINT uq_users_email;\nALTER TABLE users DROP COLUMN phone;\n";
const CONFIG: &str = "[project]\nname = \"crash\"\n";

fn files() -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", FIRST),
        ("versions/b.sql", SECOND),
    ])
}

/// Starts `arguments` through a proxy that kills the process at `cut`; gives how many queries it sent.
pub(super) fn killed(folder: &Path, url: &str, arguments: &[&str], cut: Cut) -> usize {
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let victim = child.clone();
    let proxy = Proxy::start(cluster().port(), cut, move || {
        if let Some(child) = victim.lock().expect("the child").as_mut() {
            child.kill().expect("kill -9");
        }
    });
    let url = url.replace(
        &format!(":{}/", cluster().port()),
        &format!(":{}/", proxy.port),
    );
    let mut lock = child.lock().expect("the child");
    *lock = Some(
        binary::command()
            .arg("--project")
            .arg(folder)
            .args(["--url", &url])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts"),
    );
    drop(lock);
    // `wait` would hold the lock that the proxy needs to kill the process.
    loop {
        let ended = child
            .lock()
            .expect("the child")
            .as_mut()
            .expect("a child")
            .try_wait();
        if ended.expect("its state").is_some() {
            return proxy.seen();
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

fn every_kill(arguments: &[&str], prepare: &[&str]) {
    let folder = files();
    let expected = database();
    let run = |url: &str, arguments: &[&str]| {
        let arguments = [&["--url", url], arguments].concat();
        binary::succeed(folder.path(), &arguments)
    };
    if !prepare.is_empty() {
        run(&expected.url, prepare);
    }
    run(&expected.url, arguments);
    let whole = cluster().dump(&expected.name);
    let rows = "SELECT string_agg(version_num, ',') FROM alembic_version";
    let versions = cluster().psql(&expected.name, rows);
    let cuts: [fn(usize) -> Cut; 3] = [Cut::Before, Cut::During, Cut::After];
    let mut kills = 0;
    'commands: for number in 0.. {
        for cut in cuts.map(|cut| cut(number)) {
            // In the middle of a command only now and then: it takes the server a while to notice.
            if matches!(cut, Cut::During(_)) && number % 4 != 0 {
                continue;
            }
            let database = database();
            if !prepare.is_empty() {
                run(&database.url, prepare);
            }
            let sent = killed(folder.path(), &database.url, arguments, cut);
            if sent <= number {
                break 'commands;
            }
            kills += 1;
            let again = binary::run(
                folder.path(),
                &[&["--url", &database.url], arguments].concat(),
            );
            assert_eq!(
                again.code,
                Some(0),
                "after {cut:?}: {}{}",
                again.out,
                again.err
            );
            assert_eq!(whole, cluster().dump(&database.name), "after {cut:?}");
            assert_eq!(
                versions,
                cluster().psql(&database.name, rows),
                "after {cut:?}"
            );
            let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
            assert_eq!(
                cluster().psql(&database.name, invalid),
                "0",
                "after {cut:?}"
            );
            cluster().psql(
                "postgres",
                &format!("DROP DATABASE {} WITH (FORCE)", database.name),
            );
        }
    }
    assert!(kills > 60, "only {kills} kills");
}

#[test]
fn an_upgrade_killed_at_any_command_is_finished_by_the_next() {
    every_kill(&["upgrade", "head"], &[]);
}

#[test]
fn a_downgrade_killed_at_any_command_is_finished_by_the_next() {
    every_kill(&["downgrade", "base"], &["upgrade", "head"]);
}

#[test]
fn a_failing_concurrent_index_shows_as_half_applied_and_can_be_undone_or_resumed() {
    let folder = files();
    let database = database();
    let url = database.url.clone();
    let all = |arguments: &[&'static str]| -> Vec<&str> {
        [&["--url", url.as_str()], arguments].concat()
    };
    binary::succeed(folder.path(), &all(&["upgrade", "aaa"]));
    let before = cluster().dump(&database.name);
    cluster().psql(&database.name, "INSERT INTO users VALUES (0, 'u1')");
    let failed = binary::run(folder.path(), &all(&["upgrade", "head"]));
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("23505"), "{}", failed.err);
    assert!(failed.err.contains("half applied"), "{}", failed.err);
    let status = binary::run(folder.path(), &all(&["status"]));
    assert!(status.out.contains("Half applied"), "{}", status.out);
    let stamp = binary::run(folder.path(), &all(&["stamp", "head"]));
    assert_eq!(
        stamp.code,
        Some(1),
        "a half-applied revision cannot be stamped away"
    );
    binary::succeed(folder.path(), &all(&["undo", "bbb"]));
    assert_eq!(before, cluster().dump(&database.name));
    let failed = binary::run(folder.path(), &all(&["upgrade", "head"]));
    assert_eq!(failed.code, Some(1));
    cluster().psql(&database.name, "DELETE FROM users WHERE id = 0");
    binary::succeed(folder.path(), &all(&["upgrade", "head"]));
    assert_eq!(
        cluster().psql(
            &database.name,
            "SELECT count(*) FROM cofferdam.half_applied"
        ),
        "0"
    );
}
