//! `cofferdam plan` through the binary, without a database: text, JSON, and what it refuses.

use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::project;
use serde_json::{Value, json};
use std::path::Path;

const INI: &str = "[alembic]\nscript_location = %(here)s/db\n";
const ENV: &str = "from alembic import context\ncontext.configure()\n";

/// Two branches of Alembic's Python files, one with a line that cannot be known.
fn branches() -> tempfile::TempDir {
    let revision = |id: &str, down: &str, labels: &str, up: &str| {
        format!(
            "\"\"\"The {id}\"\"\"\nfrom alembic import op\nfrom shop.models import fill\nrevision = '{id}'\ndown_revision = {down}\nbranch_labels = {labels}\n\n\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    op.execute('DROP TABLE {id}')\n"
        )
    };
    let table = |id: &str| format!("op.execute('CREATE TABLE {id} (id int)')");
    project::of(&[
        ("alembic.ini", INI),
        ("db/env.py", ENV),
        (
            "db/versions/1.py",
            &revision("root", "None", "None", &table("root")),
        ),
        (
            "db/versions/2.py",
            &revision("left1", "'root'", "'left'", &table("left1")),
        ),
        (
            "db/versions/3.py",
            &revision("right1", "'root'", "'right'", "fill(op.get_bind())"),
        ),
    ])
}

fn json_of(folder: &Path, arguments: &[&str]) -> Value {
    let printed = succeed(folder, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&printed.out).expect("JSON")
}

fn sql(statements: &[&str]) -> Value {
    statements.iter().map(|sql| json!({ "sql": sql })).collect()
}

#[test]
fn the_steps_are_told_with_the_heads_around_them() {
    let folder = branches();
    let text = |arguments: &[&str]| succeed(folder.path(), arguments).out;
    assert_eq!(
        text(&["plan", "upgrade", "left@head"]),
        "upgrade <base> -> root, The root\n    heads: <base> -> root\n\
         upgrade root -> left1 (head), The left1\n    heads: root -> left1\n"
    );
    // A downgrade starts at all heads.
    assert_eq!(
        text(&["plan", "downgrade", "base"]),
        "downgrade left1 (head) -> root, The left1\n    heads: left1, right1 -> right1\n\
         downgrade right1 (head) -> root, The right1\n    heads: right1 -> root\n\
         downgrade root -> <base>, The root\n    heads: root -> <base>\n"
    );
    assert_eq!(
        text(&["plan", "upgrade", "heads", "--from", "left1"]),
        "upgrade root -> right1 (head), The right1\n    heads: left1 -> left1, right1\n    \
         db/versions/3.py:10: needs the application's code: shop.models.fill\n"
    );
    assert_eq!(
        text(&["plan", "stamp", "left", "right"]),
        "stamp <base> -> left1, right1\n"
    );
    for nothing in [
        &["plan", "upgrade", "current", "--from", "left1"][..],
        &["plan", "upgrade", "heads", "--from", "left1,right1"],
        &["plan", "downgrade", "base", "--from", "base"],
    ] {
        let printed = succeed(folder.path(), nothing);
        assert_eq!(printed.out, "", "{nothing:?}");
        assert!(
            printed.err.starts_with("Nothing to do from "),
            "{nothing:?}"
        );
    }
}

#[test]
fn an_upgrade_a_downgrade_and_a_stamp_are_json() {
    let folder = branches();
    assert_eq!(
        json_of(
            folder.path(),
            &["plan", "upgrade", "heads", "--from", "root"]
        ),
        json!({
            "format": 1,
            "from": ["root"],
            "to": ["left1", "right1"],
            "revisions": [
                {
                    "revision": "right1",
                    "direction": "upgrade",
                    "heads_before": ["root"],
                    "heads_after": ["right1"],
                    "statements": sql(&["UPDATE alembic_version SET version_num='right1' WHERE alembic_version.version_num = 'root';"]),
                    "unreadable": [{
                        "file": "db/versions/3.py",
                        "line": 10,
                        "reason": "needs the application's code: shop.models.fill"
                    }],
                },
                {
                    "revision": "left1",
                    "direction": "upgrade",
                    "heads_before": ["right1"],
                    "heads_after": ["left1", "right1"],
                    "statements": sql(&[
                        "CREATE TABLE left1 (id int);",
                        "INSERT INTO alembic_version (version_num) VALUES ('left1') RETURNING alembic_version.version_num;",
                    ]),
                    "unreadable": [],
                },
            ],
        })
    );
    assert_eq!(
        json_of(
            folder.path(),
            &["plan", "downgrade", "left@-1", "--from", "left1"]
        ),
        json!({
            "format": 1,
            "from": ["left1"],
            "to": ["root"],
            "revisions": [{
                "revision": "left1",
                "direction": "downgrade",
                "heads_before": ["left1"],
                "heads_after": ["root"],
                "statements": sql(&[
                    "DROP TABLE left1;",
                    "UPDATE alembic_version SET version_num='root' WHERE alembic_version.version_num = 'left1';",
                ]),
                "unreadable": [],
            }],
        })
    );
    assert_eq!(
        json_of(folder.path(), &["plan", "stamp", "base", "--from", "root"]),
        json!({
            "format": 1,
            "from": ["root"],
            "to": [],
            "revisions": [{
                "revision": null,
                "direction": "downgrade",
                "heads_before": ["root"],
                "heads_after": [],
                "statements": sql(&["DELETE FROM alembic_version WHERE alembic_version.version_num = 'root';"]),
                "unreadable": [],
            }],
        })
    );
    assert_eq!(
        json_of(folder.path(), &["plan", "upgrade", "current"]),
        json!({ "format": 1, "from": [], "to": [], "revisions": [] })
    );
}

#[test]
fn a_project_of_sql_scripts_is_planned_too() {
    let folder = project::of(&[(
        "versions/a.sql",
        "-- First\n--\n-- Revision ID: a1\n-- Revises:\n\n-- +upgrade\nCREATE TABLE a (id int);\nCREATE INDEX ON a (id);\n\n-- +downgrade\nDROP TABLE a;\n",
    )]);
    assert_eq!(
        json_of(folder.path(), &["plan", "upgrade", "head"])["revisions"][0]["statements"],
        sql(&[
            "CREATE TABLE a (id int);",
            "CREATE INDEX ON a (id);",
            "INSERT INTO alembic_version (version_num) VALUES ('a1') RETURNING alembic_version.version_num;",
        ])
    );
}

#[test]
fn what_cannot_be_planned_says_what_to_do() {
    let folder = branches();
    for (arguments, code, told) in [
        (
            &["plan", "upgrade", "head"][..],
            1,
            "merge them (`cofferdam merge left1 right1`), or say `heads`",
        ),
        (
            &["plan", "upgrade", "gone"],
            1,
            "there is no revision \"gone\"",
        ),
        (
            &["plan", "upgrade", "heads", "--from", "gone"],
            1,
            "there is no revision \"gone\"",
        ),
        (
            &["plan", "upgrade", "heads", "--from", "root,left1"],
            1,
            "left1 contains root already",
        ),
        (
            &["plan", "upgrade", "-1"],
            1,
            "-1 is no target for an upgrade",
        ),
        (
            &["plan", "downgrade", "+1"],
            1,
            "+1 is no target for a downgrade",
        ),
        (
            &["plan", "downgrade", "left1", "--from", "right1"],
            1,
            "left1 is not below the current revisions",
        ),
        (
            &["plan", "upgrade", "left", "right"],
            1,
            "only a stamp takes several targets: leave right out",
        ),
        (
            &["plan", "upgrade", "heads", "--from", "current"],
            1,
            "no database is named",
        ),
        (&["plan", "undo", "left"], 2, "upgrade, downgrade, stamp"),
        (&["plan", "upgrade"], 2, "<TARGET>"),
    ] {
        let printed = run(folder.path(), arguments);
        assert_eq!(printed.code, Some(code), "{arguments:?}: {}", printed.err);
        assert_eq!(printed.out, "", "{arguments:?}");
        assert!(printed.err.contains(told), "{arguments:?}: {}", printed.err);
    }
    let counted = succeed(folder.path(), &["plan", "downgrade", "-1"]);
    assert!(
        counted.err.contains("counts from the first, left1"),
        "{}",
        counted.err
    );
}
