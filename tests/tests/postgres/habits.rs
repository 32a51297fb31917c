//! What somebody does who has used Alembic for years, beside the real Alembic: the same words, the same bytes.

use super::commands::{alembic, cofferdam, succeed_sql};
use cofferdam_tests::cluster::database;
use cofferdam_tests::project;

const ENV: &str = "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\nif context.is_offline_mode():\n    context.configure(dialect_name='postgresql', literal_binds=True)\n    with context.begin_transaction():\n        context.run_migrations()\nelse:\n    with create_engine(os.environ['DATABASE_URL']).connect() as connection:\n        context.configure(connection=connection)\n        with context.begin_transaction():\n            context.run_migrations()\n";

fn revision(id: &str, down: &str) -> String {
    format!(
        "\"\"\"The {id}\n\nRevision ID: {id}\n\"\"\"\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\ndef upgrade():\n    op.execute('CREATE TABLE {id} (id int)')\ndef downgrade():\n    op.execute('DROP TABLE {id}')\n"
    )
}

/// An Alembic project of these revision files.
fn of(ini: &str, files: &[(&str, String)]) -> tempfile::TempDir {
    let ini = format!("[alembic]\nscript_location = %(here)s/db\n{ini}");
    let mut all = vec![("alembic.ini", ini.as_str()), ("db/env.py", ENV)];
    all.extend(files.iter().map(|(path, text)| (*path, text.as_str())));
    project::of(&all)
}

fn line() -> tempfile::TempDir {
    of(
        "",
        &[
            ("db/versions/1.py", revision("one1", "None")),
            ("db/versions/2.py", revision("two2", "'one1'")),
            ("db/versions/3.py", revision("three3", "'two2'")),
        ],
    )
}

#[test]
fn lines_are_alembics_byte_for_byte() {
    let folder = line();
    for arguments in [
        // Options may be cut short.
        &["history", "--verb"][..],
        &["heads", "--resolve"],
        &["show", "-1"],
        &["show", "base"],
        &["history", "--rev-range=two2:"],
        &["history", "-rtwo2:three3"],
        // Nothing to do.
        &["upgrade", "three3:two2", "--sql"],
        &["upgrade", "head:head", "--sql"],
        &["upgrade", "base", "--sql"],
        &["downgrade", "two2:two2", "--sql"],
        &["stamp", "base", "--sql"],
        &["stamp", "head:head", "--sql"],
        &["ensure_version", "--sql"],
    ] {
        let theirs = alembic(folder.path(), "", arguments);
        let ours = cofferdam(folder.path(), "", arguments);
        assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
        assert_eq!(ours.out, theirs.out, "{arguments:?}: {}", ours.err);
        assert_eq!(ours.code, Some(0), "{arguments:?}: {}", ours.err);
    }
}

#[test]
fn version_locations_are_read_in_the_order_in_which_they_are_named() {
    let folder = of(
        "version_locations = %(here)s/db/zoo:%(here)s/db/app\npath_separator = os\n",
        &[
            ("db/zoo/1.py", revision("zoo1", "None")),
            ("db/zoo/2.py", revision("zoo2", "'app1'")),
            ("db/app/1.py", revision("app1", "'zoo1'")),
            ("db/app/2.py", revision("app2", "'zoo1'")),
            ("db/app/3.py", revision("new1", "None")),
        ],
    );
    for arguments in [
        &["heads"][..],
        &["history"],
        &["show", "heads"],
        &["upgrade", "heads", "--sql"],
        &["stamp", "zoo2", "--sql"],
    ] {
        let theirs = alembic(folder.path(), "", arguments);
        let ours = cofferdam(folder.path(), "", arguments);
        assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
        assert_eq!(ours.out, theirs.out, "{arguments:?}: {}", ours.err);
    }
}

#[test]
fn a_database_is_named_as_alembic_names_it() {
    let folder = line();
    let database = database();
    let url = database.url.replace("postgres@", "postgres:hush@");
    let url = url.as_str();
    let ours = |arguments: &[&str]| cofferdam(folder.path(), url, arguments);
    assert_eq!(ours(&["upgrade", "two2"]).code, Some(0));
    let theirs = alembic(folder.path(), url, &["current", "-v"]);
    let told = ours(&["current", "-v"]);
    assert!(told.out.contains("postgres:***@127.0.0.1:"), "{}", told.out);
    let scheme = |text: &str| text.replace("postgresql+psycopg2://", "postgresql://");
    assert_eq!(told.out, scheme(&theirs.out));
    // What is pending is in the order of the upgrade, and a plan may start where the database is.
    let status: serde_json::Value =
        serde_json::from_str(&ours(&["status", "--format", "json"]).out).expect("JSON");
    assert_eq!(status["pending"][0]["revision"], "three3");
    let plan = ours(&["plan", "upgrade", "head", "--from", "current"]);
    assert_eq!(
        plan.out,
        "upgrade two2 -> three3 (head), The three3\n    heads: two2 -> three3\n"
    );
    // A row that no file has fails, as with Alembic.
    succeed_sql(url, "UPDATE alembic_version SET version_num = 'gone'");
    for arguments in [&["current"][..], &["show", "current"]] {
        let theirs = alembic(folder.path(), url, arguments);
        let printed = ours(arguments);
        assert_ne!(theirs.code, Some(0));
        assert_eq!(printed.code, Some(1), "{arguments:?}");
        assert!(
            printed
                .err
                .contains("the database is at gone, which no file of this project has"),
            "{arguments:?}: {}",
            printed.err
        );
    }
    let status = ours(&["status"]);
    assert!(
        status
            .out
            .contains("Pending       unknown: the database is at gone"),
        "{}",
        status.out
    );
}

#[test]
fn a_file_without_its_place_in_the_history_stops_every_command() {
    for (text, told) in [
        (
            "def helper():\n    return 1\n",
            "versions/4.py:1:1: the file has no `revision`",
        ),
        ("", "versions/4.py:1:1: the file has no `revision`"),
        (
            "import os\nrevision = os.environ['R']\ndown_revision = 'three3'\n",
            "versions/4.py:2:1: `revision` ",
        ),
        (
            "revision = 4\ndown_revision = 'three3'\n",
            "versions/4.py:1:1: `revision` is a int",
        ),
        (
            "revision = 'four4'\n",
            "versions/4.py:1:1: the file has no `down_revision`",
        ),
    ] {
        let folder = line();
        std::fs::write(folder.path().join("db/versions/4.py"), text).expect("written");
        let theirs = alembic(folder.path(), "", &["heads"]);
        assert_ne!(theirs.code, Some(0), "{text}");
        for arguments in [
            &["heads"][..],
            &["history"],
            &["upgrade", "head", "--sql"],
            &["revision", "-m", "x"],
        ] {
            let ours = cofferdam(folder.path(), "", arguments);
            assert_eq!(
                (ours.code, ours.out.as_str()),
                (Some(1), ""),
                "{arguments:?}"
            );
            assert!(ours.err.contains(told), "{arguments:?}: {}", ours.err);
        }
        let check = cofferdam(folder.path(), "", &["check-history"]);
        assert_eq!(check.code, Some(1));
        assert!(check.out.contains(told), "{}", check.out);
    }
}

#[test]
fn what_stands_beside_the_revisions_is_passed_over() {
    let folder = line();
    let put = |name: &str, text: String| {
        std::fs::write(folder.path().join("db/versions").join(name), text).expect("written");
    };
    put("dump.sql", "CREATE TABLE x (id int);\n".into());
    put("notes.txt", "revision = 'x'\n".into());
    put("__init__.py", String::new());
    // As a checkout on Windows has it.
    put("4.py", revision("four4", "'three3'").replace('\n', "\r\n"));
    for arguments in [
        &["history"][..],
        &["history", "-v"],
        &["upgrade", "head", "--sql"],
    ] {
        let theirs = alembic(folder.path(), "", arguments);
        let ours = cofferdam(folder.path(), "", arguments);
        assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
        assert_eq!(ours.out, theirs.out, "{arguments:?}: {}", ours.err);
    }
}

#[test]
fn an_id_that_is_taken_is_told_with_its_file() {
    let folder = line();
    let ours = cofferdam(
        folder.path(),
        "",
        &["revision", "-m", "x", "--rev-id", "two2"],
    );
    assert_eq!(ours.code, Some(1));
    assert_eq!(
        ours.err,
        "error: there is a revision two2 already, in db/versions/2.py: give another --rev-id\n"
    );
    let two = cofferdam(folder.path(), "", &["downgrade", "-1", "--sql"]);
    assert!(two.out.contains("-- Running downgrade three3 -> two2"));
}
