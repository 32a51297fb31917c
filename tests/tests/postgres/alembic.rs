//! The real Alembic as oracle: the same offline script, the same version-table writes, and one
//! database handed back and forth.

use cofferdam_engine::history::History;
use cofferdam_engine::history::heads::{Rows, VersionWrite};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use cofferdam_engine::script;
use cofferdam_tests::binary::succeed;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use std::path::Path;
use std::process::Command;

const ENV: &str = r#"
import os
from alembic import context
from sqlalchemy import create_engine

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
"#;

fn python() -> String {
    std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or_else(|_| {
        project::root()
            .join("target/venv/bin/python")
            .display()
            .to_string()
    })
}

fn alembic(folder: &Path, url: &str, arguments: &[&str]) -> String {
    let output = Command::new(python())
        .args(["-m", "alembic"])
        .args(arguments)
        .current_dir(folder)
        .env("DATABASE_URL", url)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python with Alembic: run `cargo xtask test`");
    assert!(
        output.status.success(),
        "alembic {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn scripts(folder: &Path) -> Vec<Script> {
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("versions"))
        .expect("the versions")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            script::read(&name, &std::fs::read(path).expect("a file"))
                .script
                .expect("a revision")
        })
        .collect()
}

fn quoted(ids: &[impl AsRef<str>]) -> String {
    let items: Vec<String> = ids.iter().map(|id| format!("{:?}", id.as_ref())).collect();
    match items.len() {
        0 => "None".into(),
        _ => format!("({},)", items.join(", ")),
    }
}

/// Writes an Alembic project with the graph of `scripts` and nothing in its revisions.
fn twin(scripts: &[Script], statements: bool) -> tempfile::TempDir {
    let ini = "[alembic]\nscript_location = %(here)s\n";
    let twin = project::of(&[("alembic.ini", ini), ("env.py", ENV)]);
    std::fs::create_dir(twin.path().join("versions")).expect("a folder");
    for script in scripts {
        let revision = &script.revision;
        let down: Vec<&str> = revision.down.iter().map(RevisionId::as_str).collect();
        let body = |direction| {
            let sql = revision.sql(direction);
            let calls: Vec<String> = cofferdam_engine::sql::split(sql)
                .statements
                .iter()
                .filter(|_| statements)
                .map(|found| {
                    let text = sql[found.body.clone()].trim_end_matches(';');
                    format!("    op.execute({text:?})\n")
                })
                .collect();
            if calls.is_empty() {
                "    pass\n".to_owned()
            } else {
                calls.concat()
            }
        };
        let text = format!(
            "\"\"\"{}\"\"\"\nfrom alembic import op\nrevision = {:?}\ndown_revision = {}\nbranch_labels = {}\ndepends_on = {}\n\ndef upgrade():\n{}\ndef downgrade():\n{}",
            revision.message,
            revision.id.as_str(),
            quoted(&down),
            quoted(&revision.branch_labels),
            quoted(&revision.depends_on),
            body(Direction::Upgrade),
            body(Direction::Downgrade),
        );
        std::fs::write(
            twin.path()
                .join("versions")
                .join(format!("{}.py", revision.id)),
            text,
        )
        .expect("a file");
    }
    twin
}

fn written(write: &VersionWrite) -> String {
    match write {
        VersionWrite::Insert(id) => format!(
            "INSERT INTO alembic_version (version_num) VALUES ('{id}') RETURNING alembic_version.version_num;"
        ),
        VersionWrite::Update { from, to } => format!(
            "UPDATE alembic_version SET version_num='{to}' WHERE alembic_version.version_num = '{from}';"
        ),
        VersionWrite::Delete(id) => {
            format!("DELETE FROM alembic_version WHERE alembic_version.version_num = '{id}';")
        }
    }
}

/// Follows the order of Alembic's own offline script and compares each revision's version writes.
fn compare_writes(history: &History, script: &str, direction: Direction, rows: Vec<RevisionId>) {
    let mut rows = Rows::new(history, &rows);
    let mut revisions = 0;
    for part in script.split("-- Running ").skip(1) {
        let headline = part.lines().next().expect("a headline");
        let (left, right) = headline.split_once(" -> ").expect("an arrow");
        let name = match direction {
            Direction::Upgrade => right,
            Direction::Downgrade => left.trim_start_matches("downgrade "),
        };
        let id = RevisionId::new(name.trim()).expect("an id");
        let writes = rows.step(&id, direction);
        let theirs: Vec<&str> = part
            .lines()
            .filter(|line| line.contains("alembic_version") && !line.starts_with("DROP"))
            .collect();
        let ours: Vec<String> = writes.iter().map(written).collect();
        if direction == Direction::Downgrade && writes.len() > 1 {
            // Alembic walks a Python set here, so that its order changes from run to run: which
            // parent takes the merge's row is open, which rows there are then is not.
            assert_eq!(theirs.len(), ours.len(), "the writes of {headline}");
            for parent in &history.get(&id).expect("the revision").revision.down {
                let back = |lines: &str| {
                    lines.contains(&format!("('{parent}')"))
                        || lines.contains(&format!("version_num='{parent}'"))
                };
                assert!(
                    back(&theirs.join("\n")) && back(&ours.join("\n")),
                    "the writes of {headline}"
                );
            }
        } else {
            assert_eq!(theirs, ours, "the writes of {headline}");
        }
        revisions += 1;
    }
    assert_eq!(revisions, history.len());
}

#[test]
fn version_writes_are_alembics_up_and_down_the_examples_graph() {
    let scripts = scripts(&project::root().join("examples/observatory"));
    let twin = twin(&scripts, false);
    let history = History::new(scripts).expect("the history holds");
    let up = alembic(twin.path(), "", &["upgrade", "head", "--sql"]);
    compare_writes(&history, &up, Direction::Upgrade, Vec::new());
    let down = alembic(twin.path(), "", &["downgrade", "head:base", "--sql"]);
    compare_writes(&history, &down, Direction::Downgrade, history.heads());
}

const LINEAR: [(&str, &str); 4] = [
    ("cofferdam.toml", "[project]\nname = \"linear\"\n"),
    (
        "versions/a.sql",
        "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n\n-- +upgrade\nCREATE TABLE a (id int);\n\n-- +downgrade\nDROP TABLE a;\n",
    ),
    (
        "versions/b.sql",
        "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n\n-- +upgrade\nCREATE TABLE b (id int);\nCREATE INDEX ix_b ON b (id);\n\n-- +downgrade\nDROP TABLE b;\n",
    ),
    (
        "versions/c.sql",
        "-- Third\n--\n-- Revision ID: ccc\n-- Revises: bbb\n\n-- +upgrade\nALTER TABLE b ADD COLUMN word text;\n\n-- +downgrade\nALTER TABLE b DROP COLUMN word;\n",
    ),
];

#[test]
fn the_offline_script_of_a_linear_history_is_alembics() {
    let folder = project::of(&LINEAR);
    let twin = twin(&scripts(folder.path()), true);
    // Alembic prints two empty lines after BEGIN of a migration's own transaction.
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    for arguments in [
        ["upgrade", "head", "--sql"],
        ["upgrade", "aaa:head", "--sql"],
        ["downgrade", "ccc:base", "--sql"],
    ] {
        let ours = succeed(folder.path(), &arguments).out;
        let theirs = alembic(twin.path(), "", &arguments);
        assert_eq!(lines(&theirs), lines(&ours), "{arguments:?}");
    }
}

#[test]
fn a_database_is_handed_back_and_forth_in_the_middle_of_a_history() {
    let folder = project::of(&LINEAR);
    let twin = twin(&scripts(folder.path()), true);
    let database = database();
    alembic(twin.path(), &database.url, &["upgrade", "aaa"]);
    succeed(folder.path(), &["--url", &database.url, "upgrade", "bbb"]);
    assert!(alembic(twin.path(), &database.url, &["current"]).contains("bbb"));
    alembic(twin.path(), &database.url, &["upgrade", "head"]);
    let current = succeed(folder.path(), &["--url", &database.url, "current"]).out;
    assert_eq!(current.trim(), "ccc (head)");
    succeed(folder.path(), &["--url", &database.url, "downgrade", "-1"]);
    alembic(twin.path(), &database.url, &["downgrade", "base"]);
    assert!(!cluster().dump(&database.name).contains("CREATE TABLE"));
}
