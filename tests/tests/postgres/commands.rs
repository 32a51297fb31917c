//! The command line beside the real Alembic's, on Alembic projects as they are: the same lines on stdout.

use cofferdam_tests::binary::{self, Printed, run, succeed};
use cofferdam_tests::cluster::database;
use cofferdam_tests::project;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

pub(super) fn alembic(folder: &Path, url: &str, arguments: &[&str]) -> Printed {
    let python = std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or_else(|_| {
        let python = project::root().join("target/venv/bin/python");
        python.display().to_string()
    });
    let output = Command::new(python)
        .args(["-m", "alembic"])
        .args(arguments)
        .current_dir(folder)
        .env("DATABASE_URL", url)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python with Alembic: run `cargo xtask test`");
    output.into()
}

/// Cofferdam's command in the same folder, found as a person would have it found.
pub(super) fn cofferdam(folder: &Path, url: &str, arguments: &[&str]) -> Printed {
    let mut command = binary::command();
    if !url.is_empty() {
        command.env("DATABASE_URL", url);
    }
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary starts")
        .into()
}

/// A project with two bases, labels, dependencies, a merge, two version locations and every form of docstring.
fn branchy() -> tempfile::TempDir {
    const INI: &str = "[alembic]\nscript_location = %(here)s/db\nversion_locations = %(here)s/db/versions:%(here)s/db/more\npath_separator = os\n";
    const ENV: &str = "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\nif context.is_offline_mode():\n    context.configure(dialect_name='postgresql', literal_binds=True, version_table='versions_here')\n    with context.begin_transaction():\n        context.run_migrations()\nelse:\n    with create_engine(os.environ['DATABASE_URL']).connect() as connection:\n        context.configure(connection=connection, version_table='versions_here')\n        with context.begin_transaction():\n            context.run_migrations()\n";
    let revision = |doc: &str, id: &str, down: &str, labels: &str, depends: &str| {
        format!(
            "{doc}from alembic import op\nrevision = '{id}'\ndown_revision = {down}\nbranch_labels = {labels}\ndepends_on = {depends}\ndef upgrade():\n    op.execute('CREATE TABLE t_{id} (id int)')\ndef downgrade():\n    op.execute('DROP TABLE t_{id}')\n"
        )
    };
    let usual = |message: &str| {
        format!(
            "\"\"\"{message}\n\nRevision ID: x\nRevises: y\nCreate Date: 2025-01-25 10:00:00\n\n\"\"\"\n"
        )
    };
    let files = [
        (
            "db/versions/001_a.py",
            revision(&usual("create tasks"), "001", "None", "None", "None"),
        ),
        (
            "db/versions/002_b.py",
            revision(
                &usual("add user authentication"),
                "002",
                "'001'",
                "('left',)",
                "None",
            ),
        ),
        (
            "db/versions/003_c.py",
            revision("'''one line'''\n", "003", "'001'", "None", "None"),
        ),
        (
            "db/versions/004_d.py",
            revision(
                "\"\"\"two\nlines\n\n  indented: deeper\n\"\"\"\n",
                "004",
                "('002', '003')",
                "None",
                "None",
            ),
        ),
        (
            "db/more/a1.py",
            revision(
                &usual("another base"),
                "aaaa1111",
                "None",
                "'other'",
                "'left'",
            ),
        ),
        (
            "db/more/b2.py",
            revision("", "bbbb2222", "'aaaa1111'", "None", "('003', '002')"),
        ),
        (
            "db/more/c3.py",
            revision(&usual("a head"), "cccc3333", "'004'", "None", "'bbbb2222'"),
        ),
        ("db/more/__init__.py", String::new()),
    ];
    let mut all = vec![("alembic.ini", INI), ("db/env.py", ENV)];
    all.extend(files.iter().map(|(path, text)| (*path, text.as_str())));
    project::of(&all)
}

/// Lists that Alembic keeps in Python sets, whose order changes from run to run, in order; and the entries of a listing in
/// order too, as what the order is belongs to the tests of the graph.
fn settled(text: &str, separator: &str) -> Vec<String> {
    let sorted = |list: &str| {
        let mut items: Vec<&str> = list.split(", ").collect();
        items.sort_unstable();
        items.join(", ")
    };
    let line = |line: &str| {
        for name in ["Branch names: ", "Branches into: "] {
            if let Some(list) = line.strip_prefix(name) {
                return format!("{name}{}", sorted(list));
            }
        }
        let parts = line
            .split_inclusive(')')
            .map(|part| match part.rsplit_once('(') {
                Some((before, list)) => format!("{before}({})", sorted(list.trim_end_matches(')'))),
                None => part.to_owned(),
            });
        parts.collect()
    };
    let mut entries: Vec<String> = text
        .split(separator)
        .map(|entry| entry.lines().map(line).collect::<Vec<_>>().join("\n"))
        .collect();
    entries.sort();
    entries
}

#[test]
fn the_example_is_listed_in_alembics_own_bytes() {
    let folder = project::example("alembic");
    for arguments in [
        &["heads"][..],
        &["heads", "--verbose"],
        &["heads", "--resolve-dependencies"],
        &["history", "-r", "e7a5409bd216:"],
        &["history", "-r", ":5c1e0a7d93b4", "-v"],
        &["show", "head"],
        &["show", "b3762ec8401f"],
        &["-c", "alembic.ini", "-n", "alembic", "heads"],
        &["-q", "heads"],
    ] {
        let theirs = alembic(folder.path(), "", arguments);
        let ours = cofferdam(folder.path(), "", arguments);
        assert_eq!(ours.out, theirs.out, "{arguments:?}: {}", ours.err);
        assert_eq!(
            (ours.code, theirs.code),
            (Some(0), Some(0)),
            "{arguments:?}"
        );
    }
}

#[test]
fn branches_labels_and_dependencies_are_listed_as_alembic_lists_them() {
    let folder = branchy();
    for (arguments, separator) in [
        (&["heads"][..], "\n"),
        (&["heads", "-v"], "\n\nRev"),
        (&["heads", "--resolve-dependencies"], "\n"),
        (&["history"], "\n"),
        (&["history", "--verbose"], "\n\nRev"),
        (&["branches"], "\n"),
        (&["branches", "-v"], "\n"),
        (&["show", "002"], "\n\nRev"),
        (&["show", "004"], "\n\nRev"),
        (&["show", "003"], "\n\nRev"),
        (&["show", "bbbb"], "\n\nRev"),
    ] {
        let theirs = alembic(folder.path(), "", arguments);
        let ours = cofferdam(folder.path(), "", arguments);
        assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
        assert_eq!(
            settled(&ours.out, separator),
            settled(&theirs.out, separator),
            "{arguments:?}: {}",
            ours.err
        );
    }
}

#[test]
fn printed_sql_has_alembics_transactions() {
    let folder = branchy();
    let env = folder.path().join("db/env.py");
    let one = std::fs::read_to_string(&env).expect("env.py");
    let each = one.replace("literal_binds=True", "transaction_per_migration=True");
    for env_py in [one, each] {
        std::fs::write(&env, env_py).expect("written");
        for arguments in [
            ["upgrade", "002", "--sql"],
            ["upgrade", "001:002", "--sql"],
            ["downgrade", "002:base", "--sql"],
            ["downgrade", "002:001", "--sql"],
            ["stamp", "001", "--sql"],
            ["stamp", "001:002", "--sql"],
        ] {
            let theirs = alembic(folder.path(), "", &arguments);
            let ours = cofferdam(folder.path(), "", &arguments);
            assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
            assert_eq!(ours.out, theirs.out, "{arguments:?}: {}", ours.err);
        }
    }
}

#[test]
fn a_database_is_told_in_alembics_lines() {
    let folder = branchy();
    let database = database();
    let url = database.url.as_str();
    let ours = |arguments: &[&str]| cofferdam(folder.path(), url, arguments);
    assert_eq!(ours(&["ensure_version"]).code, Some(0));
    assert_eq!(alembic(folder.path(), url, &["current"]).out, "");
    assert!(
        ours(&["ensure-version"])
            .err
            .contains("the table versions_here is there")
    );
    assert_eq!(ours(&["upgrade", "002"]).code, Some(0));
    for arguments in [&["current"][..], &["history", "-i"], &["show", "current"]] {
        let theirs = alembic(folder.path(), url, arguments);
        assert_eq!(theirs.code, Some(0), "{arguments:?}: {}", theirs.err);
        let lines = |text: &str| settled(text, "\n");
        assert_eq!(
            lines(&ours(arguments).out),
            lines(&theirs.out),
            "{arguments:?}"
        );
    }
    let behind = ours(&["current", "--check-heads"]);
    assert_eq!(behind.code, Some(1));
    assert!(
        behind.err.contains("the database is at 002"),
        "{}",
        behind.err
    );
    // From where the database is, without saying it.
    let down = ours(&["downgrade", "-1", "--sql"]);
    assert!(
        down.out.contains("-- Running downgrade 002 -> 001"),
        "{}",
        down.out
    );
    // Rows that nobody knows go, too.
    succeed_sql(url, "INSERT INTO versions_here VALUES ('unknown')");
    assert_eq!(ours(&["stamp", "--purge", "001"]).code, Some(0));
    let current = alembic(folder.path(), url, &["current"]).out;
    assert_eq!(current, "001 (branchpoint)\n");
}

pub(super) fn succeed_sql(url: &str, sql: &str) {
    let program = "import os, sys, sqlalchemy as s\nwith s.create_engine(os.environ['DATABASE_URL']).begin() as c: c.execute(s.text(sys.argv[1]))";
    let python = std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or_else(|_| {
        let python = project::root().join("target/venv/bin/python");
        python.display().to_string()
    });
    let status = Command::new(python)
        .args(["-c", program, sql])
        .env("DATABASE_URL", url)
        .status();
    assert!(status.expect("Python starts").success());
}

#[test]
fn reset_asks_for_the_name_and_spares_protected_environments() {
    let database = database();
    let url = database.url.as_str();
    let toml =
        "[project]\nname = \"r\"\n[environments.prod]\nurl_env = \"PROD_URL\"\nprotected = true\n";
    let folder = project::of(&[
        ("cofferdam.toml", toml),
        (
            "versions/a.sql",
            "-- A\n--\n-- Revision ID: aaa\n-- Revises:\n\n-- +upgrade\nCREATE TABLE a (id int);\n\n-- +downgrade\nDROP TABLE a;\n",
        ),
    ]);
    let ours = |arguments: &[&str]| cofferdam(folder.path(), url, arguments);
    assert_eq!(ours(&["upgrade", "head"]).code, Some(0));
    succeed_sql(url, "INSERT INTO a VALUES (1)");
    let asked = ours(&["reset"]);
    assert_eq!(asked.code, Some(1));
    assert!(
        asked.err.contains(&format!("--confirm {}", database.name)),
        "{}",
        asked.err
    );
    assert_eq!(ours(&["reset", "--confirm", "other"]).code, Some(1));
    let done = ours(&["reset", "--confirm", &database.name]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        done.err.contains("Running downgrade aaa ->") && done.err.contains("-> aaa, A"),
        "{}",
        done.err
    );
    succeed_sql(
        url,
        "DO $$ BEGIN ASSERT (SELECT count(*) = 0 FROM a); END $$",
    );
    let spared = binary::command()
        .args(["--env", "prod", "reset", "--confirm", "prod"])
        .env("PROD_URL", url)
        .current_dir(folder.path())
        .output()
        .expect("the binary starts");
    let spared = Printed::from(spared);
    assert_eq!(spared.code, Some(1));
    assert!(
        spared.err.contains("environment prod is never reset"),
        "{}",
        spared.err
    );
}

#[test]
fn what_comes_later_or_is_not_for_cofferdam_is_said() {
    let folder = project::example("alembic");
    for (arguments, code, told) in [
        (
            &["revision", "--autogenerate", "-m", "x"][..],
            2,
            "comes in a later version",
        ),
        (&["check"], 2, "comes in a later version"),
        (&["merge", "head", "base"], 1, "there is nothing to merge"),
        (
            &["init", "--template", "generic", "new"],
            1,
            "`alembic init`",
        ),
        (&["-n", "other", "heads"], 1, "there is no section [other]"),
        (&["-c", "gone.ini", "heads"], 1, "there is no file gone.ini"),
        (
            &["-c", "alembic.ini", "-c", "migrations/env.py", "heads"],
            1,
            "-c names two files of one kind",
        ),
        (&["upgrade", "a:b"], 1, "is for --sql"),
    ] {
        let printed = cofferdam(folder.path(), "", arguments);
        assert_eq!(printed.code, Some(code), "{arguments:?}: {}", printed.err);
        assert!(printed.err.contains(told), "{arguments:?}: {}", printed.err);
    }
    let passed = cofferdam(folder.path(), "", &["-x", "secret=hush", "heads"]);
    assert!(passed.out.starts_with("c8150a6e7bd9 "), "{}", passed.out);
    assert!(passed.err.contains("-x is for env.py") && !passed.err.contains("hush"));
}

#[test]
fn a_project_is_made_written_checked_and_edited() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ours = |arguments: &[&str]| cofferdam(folder.path(), "", arguments);
    assert_eq!(ours(&["init", "shop"]).code, Some(0));
    let shop = folder.path().join("shop");
    assert_eq!(run(&shop, &["init"]).code, Some(1));
    let first = run(&shop, &["revision", "-m", "First", "--rev-id", "001"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let second = run(&shop, &["revision", "-m", "Second", "--rev-id", "002"]);
    assert!(!second.err.contains("--rev-id"), "{}", second.err);
    assert!(run(&shop, &["revision"]).err.contains("--rev-id 003"));
    assert!(
        succeed(&shop, &["history"])
            .out
            .contains(", empty message\n")
    );
    assert!(
        run(&shop, &["revision", "--head", "001"])
            .err
            .contains("--splice")
    );
    succeed(
        &shop,
        &["revision", "--head", "001", "--splice", "-m", "Side"],
    );
    let check = run(&shop, &["check-history"]);
    assert_eq!(check.code, Some(1));
    assert!(check.out.contains("there are 2 heads"), "{}", check.out);
    succeed(&shop, &["merge", "heads"]);
    let check: serde_json::Value =
        serde_json::from_str(&succeed(&shop, &["check-history", "--format", "json"]).out)
            .expect("JSON");
    assert_eq!(check["ok"], serde_json::json!(true));
    let edit = |script: &str| -> Printed {
        let editor = folder.path().join("editor");
        std::fs::write(&editor, script).expect("written");
        let output = binary::command()
            .args(["edit", "002"])
            .current_dir(&shop)
            .env_remove("VISUAL")
            .env("EDITOR", format!("sh {}", editor.display()))
            .output();
        output.expect("the binary starts").into()
    };
    assert_eq!(edit("test -f \"$1\"").code, Some(0));
    assert_eq!(edit("exit 3").code, Some(1));
    let broken = edit("echo 'SELEKT 1;' >> \"$1\"");
    assert_eq!(broken.code, Some(1), "{}", broken.err);
    assert!(broken.err.contains("syntax-error"), "{}", broken.err);
}

#[test]
fn shells_and_man_learn_every_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = cofferdam(folder.path(), "", &["completions", shell]).out;
        assert!(
            text.contains("ensure_version") && text.contains("check-history"),
            "{shell}"
        );
    }
    assert!(
        cofferdam(folder.path(), "", &["man"])
            .out
            .contains(".TH cofferdam 1")
    );
    assert_eq!(
        cofferdam(folder.path(), "", &["man", "pages"]).code,
        Some(0)
    );
    let pages: BTreeSet<String> = std::fs::read_dir(folder.path().join("pages"))
        .expect("the pages")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert!(
        pages.contains("cofferdam.1") && pages.contains("cofferdam-upgrade.1"),
        "{pages:?}"
    );
}
