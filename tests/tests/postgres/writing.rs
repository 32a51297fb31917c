//! Python files that Cofferdam wrote, run by the real Alembic on a real PostgreSQL.

use super::commands;
use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::path::{Path, PathBuf};

fn alembic(folder: &Path, database: &Database, arguments: &[&str]) -> String {
    let printed = commands::alembic(folder, &database.url, arguments);
    assert_eq!(printed.code, Some(0), "{arguments:?}: {}", printed.err);
    printed.out
}

fn cofferdam(folder: &Path, database: &Database, arguments: &[&str]) -> String {
    let arguments = [&["--url", &database.url], arguments].concat();
    succeed(folder, &arguments).out
}

/// The project in the other form, in a folder that goes with `inside`.
fn converted(project: &Path, form: &str, inside: &tempfile::TempDir) -> PathBuf {
    let output = inside.path().join(form);
    let place = output.to_str().expect("a path");
    let printed = succeed(project, &["convert", "--to", form, "--output", place]);
    assert!(printed.out.starts_with("Converted "), "{}", printed.out);
    output
}

fn rows(database: &Database) -> Vec<String> {
    let sql = "SELECT version_num FROM alembic_version ORDER BY 1";
    let rows = cluster().psql(&database.name, sql);
    rows.lines().map(str::to_owned).collect()
}

#[test]
fn alembic_runs_the_converted_example_up_and_down() {
    let (native, scratch) = (project::example("observatory"), scratch());
    let python = converted(native.path(), "python", &scratch);
    let (ours, theirs) = (database(), database());
    let empty = cluster().dump(&theirs.name);
    cofferdam(native.path(), &ours, &["upgrade", "head"]);
    alembic(&python, &theirs, &["upgrade", "head"]);
    same_catalog(&ours, &theirs);
    assert_eq!(rows(&ours), rows(&theirs));
    alembic(&python, &theirs, &["downgrade", "base"]);
    assert_eq!(empty, cluster().dump(&theirs.name));
    // What Cofferdam reads in the Python files is what it wrote there, dates and dependencies included.
    let history = |folder: &Path| succeed(folder, &["history", "--format", "json"]).out;
    let without_paths = |text: String| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains("\"path\""));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        without_paths(history(native.path())),
        without_paths(history(&python))
    );
    let back = converted(&python, "sql", &scratch);
    assert_eq!(
        without_paths(history(native.path())),
        without_paths(history(&back))
    );
    let again = database();
    cofferdam(&back, &again, &["upgrade", "head"]);
    same_catalog(&ours, &again);
    cofferdam(&back, &again, &["downgrade", "base"]);
    assert_eq!(empty, cluster().dump(&again.name));
}

#[test]
fn the_alembic_example_is_converted_to_sql_and_back() {
    let (original, scratch) = (project::example("alembic"), scratch());
    let sql = converted(original.path(), "sql", &scratch);
    let python = converted(&sql, "python", &scratch);
    let (first, second, third) = (database(), database(), database());
    let empty = cluster().dump(&first.name);
    alembic(original.path(), &first, &["upgrade", "head"]);
    cofferdam(&sql, &second, &["upgrade", "head"]);
    alembic(&python, &third, &["upgrade", "head"]);
    same_catalog(&first, &second);
    same_catalog(&first, &third);
    // Each can go on with the other's database.
    cofferdam(&sql, &first, &["downgrade", "base"]);
    alembic(original.path(), &second, &["downgrade", "base"]);
    alembic(&python, &third, &["downgrade", "base"]);
    for database in [first, second, third] {
        assert_eq!(cluster().dump(&database.name), empty);
    }
    let orders = files(&python.join("migrations/versions"));
    let orders = orders
        .iter()
        .find(|path| path.to_string_lossy().contains("06e2d4fb98a7"));
    let text = std::fs::read_to_string(orders.expect("the orders")).expect("a file");
    assert!(
        text.contains("    op.create_table(\n        \"order_lines\",\n"),
        "{text}"
    );
}

/// Statements with all that Python, SQLAlchemy or a driver could take for something else.
const HARD: &str = r#"-- +upgrade
CREATE TABLE hard (id int GENERATED ALWAYS AS IDENTITY, word text);

-- Percent signs, colons, backslashes.
INSERT INTO hard (word) VALUES ('50% of %s and %(name)s, %%'), (':name, a::int, 12:30, {"a":true}, [ :2 ]'), ('\:x \: \\:y :a:b'), (E'tab\t, line\n, \\ and \x41');
INSERT INTO hard (word) VALUES ('"""'), ('''''it''s'''''), ('"'), ('ends with a backslash \');
INSERT INTO hard (word) VALUES ('a
	line with a tab,
    one with spaces,

and an empty one');
INSERT INTO hard (word) SELECT $body$ :x %d \d+ """ ; -- +commit
$body$ -- a comment; with a semicolon
;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    -- :n is no parameter; %ROWTYPE neither
    RETURN n * 2;
END;
$$;
INSERT INTO hard (word) SELECT word || 'ü €  𝄞' FROM hard WHERE word LIKE '%\_%' OR word ~ '^\s*\d' AND id % 2 = 0;

-- +downgrade
DROP FUNCTION twice(int);
DROP TABLE hard;
"#;

#[test]
fn any_text_reaches_the_database_as_it_is() {
    let header = "-- Hard\n--\n-- Revision ID: aaa\n-- Revises:\n\n";
    let native = project::of(&[
        (
            "cofferdam.toml",
            "[project]\nname = \"hard\"\nversion_table_schema = \"public\"\n",
        ),
        ("versions/a.sql", &format!("{header}{HARD}")),
    ]);
    let scratch = scratch();
    let python = converted(native.path(), "python", &scratch);
    let sql = converted(&python, "sql", &scratch);
    let word = |database: &Database| {
        let sql = "SELECT string_agg(id || word, '|' ORDER BY id) || pg_get_functiondef('twice'::regproc) FROM hard";
        cluster().psql(&database.name, sql)
    };
    let (ours, theirs, again) = (database(), database(), database());
    cofferdam(native.path(), &ours, &["upgrade", "head"]);
    alembic(&python, &theirs, &["upgrade", "head"]);
    cofferdam(&sql, &again, &["upgrade", "head"]);
    assert_eq!(word(&ours), word(&theirs));
    assert_eq!(word(&ours), word(&again));
    alembic(&python, &theirs, &["downgrade", "base"]);
    assert!(!cluster().dump(&theirs.name).contains("hard"));
}

#[test]
fn transactions_end_where_they_ended() {
    let file = |id: &str, down: &str, sections: &str| {
        format!("-- Step {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n{sections}")
    };
    let first = file(
        "aaa",
        "",
        "-- +upgrade\nCREATE TABLE t (a int);\n\n-- +commit\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (txid_current());\n\nCREATE INDEX CONCURRENTLY i ON t (a);\n-- +no-transaction\nDO $$ BEGIN INSERT INTO t VALUES (2); COMMIT; END $$;\nVACUUM t;\n\n-- +downgrade\nDROP INDEX CONCURRENTLY i;\nDROP TABLE t;\n",
    );
    let second = file(
        "bbb",
        "aaa",
        "-- +upgrade\nDELETE FROM t;\n\n-- +downgrade none: the rows are gone\n",
    );
    let native = project::of(&[
        ("cofferdam.toml", "[project]\nname = \"steps\"\n"),
        ("versions/a.sql", &first),
        ("versions/b.sql", &second),
    ]);
    let scratch = scratch();
    let python = converted(native.path(), "python", &scratch);
    let theirs = database();
    alembic(&python, &theirs, &["upgrade", "head"]);
    let printed = commands::alembic(&python, &theirs.url, &["downgrade", "-1"]);
    assert!(
        printed
            .err
            .contains("NotImplementedError: the rows are gone"),
        "{}",
        printed.err
    );
    alembic(&python, &theirs, &["stamp", "aaa"]);
    alembic(&python, &theirs, &["downgrade", "base"]);
    let back = converted(&python, "sql", &scratch);
    let plan = |folder: &Path| {
        let script = succeed(folder, &["upgrade", "head", "--sql"]).out;
        let lines = script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(plan(native.path()), plan(&back));
}

#[test]
fn new_and_merge_revisions_of_an_alembic_project_are_python_that_alembic_runs() {
    let folder = project::example("alembic");
    let versions = folder.path().join("migrations/versions");
    let before: Vec<PathBuf> = files(&versions);
    for arguments in [
        &[
            "revision",
            "-m",
            "Add \"notes\" to 100% of the books\\",
            "--rev-id",
            "aaaa00000001",
            "--template",
            "add-column",
            "--set",
            "table=books",
            "--set",
            "column=notes",
            "--set",
            "type=text",
        ][..],
        &[
            "revision",
            "-m",
            "Index titles",
            "--rev-id",
            "aaaa00000002",
            "--head",
            "06e2d4fb98a7",
            "--splice",
            "--branch-label",
            "titles",
            "--template",
            "add-index",
            "--set",
            "table=books",
            "--set",
            "columns=title, isbn",
        ],
        &["merge", "heads", "--rev-id", "aaaa00000003"],
        &["revision", "-m", "Nothing yet", "--depends-on", "titles"],
    ] {
        let printed = succeed(folder.path(), arguments);
        assert!(printed.out.contains(".py ...  done"), "{}", printed.out);
        assert_eq!(printed.err, "");
    }
    let new: Vec<PathBuf> = files(&versions)
        .into_iter()
        .filter(|path| !before.contains(path))
        .collect();
    assert_eq!(new.len(), 4);
    let merge = new
        .iter()
        .find(|path| path.to_string_lossy().contains("aaaa00000003"));
    let merge = merge.expect("the merge");
    let name = merge
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    assert!(
        name.ends_with("-aaaa00000003_merge_aaaa00000001_and_aaaa00000002.py"),
        "{name}"
    );
    let text = std::fs::read_to_string(merge).expect("the merge");
    assert!(
        text.contains(
            "down_revision: Union[str, Sequence[str], None] = ('aaaa00000001', 'aaaa00000002')\n"
        ),
        "{text}"
    );
    let database = database();
    alembic(folder.path(), &database, &["upgrade", "head"]);
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'books' AND column_name = 'notes'";
    assert_eq!(cluster().psql(&database.name, columns), "1");
    let history = alembic(folder.path(), &database, &["history"]);
    assert!(
        history.contains("Add \"notes\" to 100% of the books\\"),
        "{history}"
    );
    alembic(folder.path(), &database, &["downgrade", "base"]);
    assert!(!cluster().dump(&database.name).contains("CREATE TABLE"));
}

#[test]
fn a_database_with_two_heads_is_handed_back_and_forth() {
    let (native, scratch) = (project::example("observatory"), scratch());
    let python = converted(native.path(), "python", &scratch);
    let database = database();
    // The two that 303700b12232 merges.
    let heads = ["c41d0e7a92bf", "e83b5f2067ad"];
    for (theirs, ours) in [heads, [heads[1], heads[0]]].map(|[theirs, ours]| (theirs, ours)) {
        alembic(&python, &database, &["upgrade", theirs]);
        cofferdam(&python, &database, &["upgrade", ours]);
        assert_eq!(rows(&database), heads);
        let (mine, other) = (
            cofferdam(&python, &database, &["current"]),
            alembic(&python, &database, &["current"]),
        );
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&mine), sorted(&other));
        alembic(&python, &database, &["upgrade", "head"]);
        cofferdam(&python, &database, &["downgrade", "303700b12232"]);
        alembic(&python, &database, &["downgrade", heads[0]]);
        assert_eq!(rows(&database), heads);
        cofferdam(&python, &database, &["upgrade", "head"]);
        alembic(&python, &database, &["downgrade", "303700b12232"]);
        cofferdam(&python, &database, &["downgrade", heads[0]]);
        assert_eq!(rows(&database), heads);
        cofferdam(&python, &database, &["downgrade", "base"]);
        assert!(!cluster().dump(&database.name).contains("CREATE TABLE"));
    }
}

#[test]
fn what_cannot_be_known_is_told_and_nothing_is_written() {
    let ini = "[alembic]\nscript_location = %(here)s\n";
    let file = "from alembic import op\nfrom app import helper\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.execute('SELECT 1')\n    helper(op)\n\n\ndef downgrade():\n    pass\n";
    let folder = project::of(&[
        ("alembic.ini", ini),
        ("env.py", ""),
        ("versions/a.py", file),
    ]);
    let output = folder.path().join("new");
    let place = output.to_str().expect("a path");
    let convert = |form: &str| run(folder.path(), &["convert", "--to", form, "--output", place]);
    let told = convert("sql");
    assert_eq!(told.code, Some(1));
    assert!(
        told.err.contains(
            "versions/a.py, line 9 (upgrade of a1): needs the application's code: app.helper"
        ),
        "{}",
        told.err
    );
    assert!(!output.exists());
    let told = convert("python");
    assert!(
        told.err.contains("revisions are Python files already"),
        "{}",
        told.err
    );
    std::fs::create_dir(&output).expect("a folder");
    std::fs::write(output.join("a"), "").expect("a file");
    let told = convert("sql");
    assert!(told.err.contains("has files in it"), "{}", told.err);
}

/// Compares two databases as pg_dump prints them.
fn same_catalog(one: &Database, other: &Database) {
    assert_eq!(cluster().dump(&one.name), cluster().dump(&other.name));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
        .collect()
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}
