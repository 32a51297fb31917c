//! `cofferdam lint` through the binary: what it says of revisions and files, in each form, and what it fixes.

use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::project;
use serde_json::{Value, json};
use std::path::Path;

const FIRST: &str = "-- Make users\n--\n-- Revision ID: aaaa\n-- Revises:\n-- Create Date: 2026-01-01 00:00:00\n\n-- +upgrade\nSET LOCAL lock_timeout = '2s';\nCREATE TABLE users (id bigint PRIMARY KEY, name varchar(10) NOT NULL, phone text);\nCREATE INDEX users_name_idx ON users (name);\n\n-- +downgrade\nSET LOCAL lock_timeout = '2s';\nDROP TABLE users;\n";

const SECOND: &str = "-- Widen the name, and drop ü\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n-- Create Date: 2026-01-02 00:00:00\n\n-- +upgrade\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ALTER COLUMN name TYPE varchar(20);\n/* ü */ ALTER TABLE users DROP COLUMN phone;\n\n-- +downgrade\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN phone text;\n";

fn shop() -> tempfile::TempDir {
    project::of(&[
        ("cofferdam.toml", "[project]\nname = 'shop'\n"),
        ("versions/1.sql", FIRST),
        ("versions/2.sql", SECOND),
    ])
}

fn findings(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let printed = run(
        folder,
        &[&["lint"], arguments, &["--format", "json"]].concat(),
    );
    let found: Value =
        serde_json::from_str(&printed.out).unwrap_or_else(|_| panic!("{}", printed.err));
    assert_eq!(found["format"], 1);
    (printed.code, found["findings"].clone())
}

fn codes(found: &Value) -> Vec<&str> {
    let found = found.as_array().expect("a list").iter();
    found.filter_map(|one| one["code"].as_str()).collect()
}

#[test]
fn a_revision_is_judged_with_what_the_history_says() {
    let folder = shop();
    // A new table's index makes nobody wait, and varchar(20) holds what varchar(10) held.
    let (code, found) = findings(folder.path(), &[]);
    assert_eq!(
        found,
        json!([{
            "code": "ban-drop-column",
            "severity": "error",
            "message": "The column and its values are gone, and programs that still name it fail. Stop using the column everywhere first; keep a copy of its values where they may be wanted.",
            "file": "versions/2.sql",
            "line": 10,
            "column": 27,
            "end_line": 10,
            "end_column": 44,
            "lock": "ACCESS EXCLUSIVE",
            "fixable": false,
        }])
    );
    assert_eq!(code, Some(1));
    // One revision, a range, and a range as one plan, in which the table is new.
    assert_eq!(
        codes(&findings(folder.path(), &["aaaa"]).1),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(&findings(folder.path(), &["aaaa:head"]).1),
        ["ban-drop-column"]
    );
    let (code, found) = findings(folder.path(), &["base:head", "--together"]);
    assert_eq!((code, codes(&found)), (Some(0), vec![]));
    // The same file without its history.
    let file = folder.path().join("versions/2.sql");
    let (_, found) = findings(folder.path(), &[&file.display().to_string()]);
    assert_eq!(codes(&found), ["changing-column-type", "ban-drop-column"]);
}

#[test]
fn a_table_that_an_earlier_file_made_is_in_use() {
    let folder = project::of(&[
        (
            "1.sql",
            "SET lock_timeout = '2s';\nCREATE TABLE t (id bigint PRIMARY KEY, a text);\n",
        ),
        (
            "2.sql",
            "SET lock_timeout = '2s';\nCREATE INDEX t_a_idx ON t (a);\n",
        ),
    ]);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (first, second) = (file("1.sql"), file("2.sql"));
    let (code, found) = findings(folder.path(), &[&first, &second]);
    assert_eq!(code, Some(1));
    assert_eq!(codes(&found), ["require-concurrent-index-creation"]);
    assert_eq!(found[0]["file"], second);
    let (code, found) = findings(folder.path(), &[&first, &second, "--together"]);
    assert_eq!((code, found), (Some(0), json!([])));
}

#[test]
fn a_file_is_judged_by_the_projects_settings() {
    let folder = project::of(&[
        (
            "cofferdam.toml",
            "[project]\nname = 'shop'\n\n[lint.severity]\nban-drop-table = 'off'\n",
        ),
        ("cleaning.sql", "SET lock_timeout = '2s';\nDROP TABLE t;\n"),
    ]);
    let file = folder.path().join("cleaning.sql").display().to_string();
    let lint = || run(folder.path(), &["lint", &file]);
    // There need be no revisions.
    let printed = lint();
    assert_eq!(
        (printed.code, printed.err.as_str()),
        (Some(0), "1 file: no hazard found\n")
    );
    std::fs::write(
        folder.path().join("cofferdam.toml"),
        "[lint.severity]\nban-drop-table = 'of'\n",
    )
    .expect("a file");
    let printed = lint();
    assert_eq!(printed.code, Some(1), "{}", printed.out);
    assert!(
        printed
            .err
            .starts_with("warning: the project's settings are not used: cofferdam.toml"),
        "{}",
        printed.err
    );
}

/// Cores read files of their own: what is said is in the files' order all the same, and each knows those before it.
#[test]
fn many_files_are_judged_in_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = 200;
    for at in 0..files {
        let before = if at == 0 { 0 } else { at - 1 };
        let rows = "INSERT INTO elsewhere (a) VALUES (1);\n";
        // Some are larger than what a core reads ahead.
        let rows = rows.repeat(if at % 40 == 7 { 6000 } else { at % 5 });
        let sql = format!(
            "SET lock_timeout = '2s';\nCREATE TABLE t{at} (id bigint PRIMARY KEY, a text);\n{rows}CREATE INDEX t{at}_a ON t{before} (a);\n"
        );
        std::fs::write(folder.path().join(format!("{at:03}.sql")), sql).expect("a file");
    }
    let named = folder.path().display().to_string();
    let (_, found) = findings(folder.path(), &[&named]);
    let hits = found.as_array().expect("a list");
    let hits = hits
        .iter()
        .filter(|one| one["code"] == "require-concurrent-index-creation");
    let seen: Vec<String> = hits
        .map(|one| one["file"].as_str().expect("a path").to_owned())
        .collect();
    let wanted: Vec<String> = (1..files)
        .map(|at| format!("{named}/{at:03}.sql"))
        .collect();
    assert_eq!(seen, wanted);
    assert_eq!(findings(folder.path(), &[&named]).1, found);
}

#[test]
fn suppressions_and_the_projects_own_severities_count() {
    let folder = shop();
    let path = folder.path().join("versions/2.sql");
    let allowed = SECOND.replace("/* ü */", "-- +allow ban-drop-column: unused since v4\n");
    std::fs::write(&path, &allowed).expect("a file");
    assert_eq!(findings(folder.path(), &[]), (Some(0), json!([])));
    let shown = succeed(folder.path(), &["lint", "--allowed"]).out;
    assert!(shown.contains("allowed: unused since v4"), "{shown}");
    // squawk's comments, and a suppression that has nothing to suppress.
    std::fs::write(
        &path,
        SECOND.replace("/* ü */", "-- squawk-ignore ban-drop-column\n"),
    )
    .expect("a file");
    assert_eq!(findings(folder.path(), &[]).0, Some(0));
    std::fs::write(
        &path,
        SECOND.replace("/* ü */", "-- +allow ban-drop-table: x\n"),
    )
    .expect("a file");
    assert_eq!(
        codes(&findings(folder.path(), &[]).1),
        ["unused-ignore", "ban-drop-column"]
    );
    // For the whole file.
    let file = SECOND.replace(
        "-- +upgrade",
        "-- +upgrade\n-- +allow-file ban-drop-column: unused",
    );
    std::fs::write(&path, file).expect("a file");
    assert_eq!(findings(folder.path(), &[]), (Some(0), json!([])));
    std::fs::write(&path, SECOND).expect("a file");
    let config = folder.path().join("cofferdam.toml");
    let settings = "[lint.severity]\nban-drop-column = 'note'\n";
    std::fs::write(&config, settings).expect("a file");
    assert_eq!(findings(folder.path(), &[]).0, Some(0));
    std::fs::write(&config, settings.replace("drop-column", "drop-colunm")).expect("a file");
    let printed = run(folder.path(), &["lint"]);
    assert_eq!(printed.code, Some(2));
    assert!(
        printed.err.contains("ban-drop-colunm, which is no rule"),
        "{}",
        printed.err
    );
}

#[test]
fn each_form_says_the_same() {
    let folder = project::of(&[("a.sql", "DROP TABLE \"ü<,\";\n")]);
    let path = folder.path().join("a.sql").display().to_string();
    let lint = |form: &str| {
        let printed = run(folder.path(), &["lint", &path, "--format", form]);
        assert_eq!(printed.code, Some(1), "{}", printed.err);
        printed.out
    };
    let text = lint("text");
    assert!(
        text.contains("error[ban-drop-table]") && text.contains(&format!("{path}:1:1")),
        "{text}"
    );
    let github = lint("github");
    assert!(
        github.contains(&format!(
            "::error file={path},line=1,col=1,endLine=1,endColumn=18,title=ban-drop-table::The table"
        )),
        "{github}"
    );
    let sarif: Value = serde_json::from_str(&lint("sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "ban-drop-table");
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 18})
    );
    let junit = lint("junit");
    assert!(
        junit.contains(&format!("<testsuite name=\"{path}\""))
            && junit.contains("<failure type=\"error\""),
        "{junit}"
    );
}

#[test]
fn what_cannot_be_read_is_a_matter_of_usage() {
    let folder = shop();
    for (arguments, says) in [
        (&["lint", "gone.sql"][..], "cannot read gone.sql"),
        (&["lint", "zzzz"], "zzzz"),
        (
            &["lint", "--assume-version", "x"],
            "no version of PostgreSQL",
        ),
        (
            &["lint", "--statistics", "gone.json"],
            "cannot read the statistics gone.json",
        ),
        (&["lint", "--format", "xml"], "invalid value"),
    ] {
        let printed = run(folder.path(), arguments);
        assert_eq!(printed.code, Some(2), "{arguments:?}");
        assert!(printed.err.contains(says), "{arguments:?}: {}", printed.err);
    }
    let rules = succeed(folder.path(), &["lint", "--rules"]).out;
    assert!(
        rules.contains("of the 116 hazards that other tools know"),
        "{rules}"
    );
    let query = succeed(folder.path(), &["lint", "--statistics-query"]).out;
    assert!(query.contains("pg_total_relation_size"), "{query}");
}

#[test]
fn fixes_are_written_and_leave_no_hazard() {
    let folder = shop();
    let third = "-- More\n--\n-- Revision ID: cccc\n-- Revises: bbbb\n-- Create Date: 2026-01-03 00:00:00\n\n-- +upgrade\nALTER TABLE users ALTER COLUMN phone SET NOT NULL;\nALTER TABLE users ADD CONSTRAINT named CHECK (name <> '');\n\n-- +downgrade\nALTER TABLE users DROP CONSTRAINT named;\nALTER TABLE users ALTER COLUMN phone DROP NOT NULL;\n";
    let path = folder.path().join("versions/3.sql");
    std::fs::write(&path, third.replace("phone", "name")).expect("a file");
    let printed = run(folder.path(), &["lint", "cccc", "--fix"]);
    let written = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(
        written.split("-- +downgrade").next().expect("a section"),
        "-- More\n--\n-- Revision ID: cccc\n-- Revises: bbbb\n-- Create Date: 2026-01-03 00:00:00\n\n-- +upgrade\nSET lock_timeout = '2s';\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\nALTER TABLE users ADD CONSTRAINT named CHECK (name <> '') NOT VALID;\n-- +commit\nALTER TABLE users VALIDATE CONSTRAINT named;\n\n",
        "{}",
        printed.err
    );
    // Once more: nothing is left to fix.
    run(folder.path(), &["lint", "cccc", "--fix"]);
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), written);
}

#[test]
fn the_checklist_is_computed_and_open_items_fail_it() {
    let folder = shop();
    let checklist = |arguments: &[&str]| {
        let line = [&["checklist", "--no-verify", "--format", "json"], arguments].concat();
        let printed = run(folder.path(), &line);
        let list: Value =
            serde_json::from_str(&printed.out).unwrap_or_else(|_| panic!("{}", printed.err));
        (printed.code, list)
    };
    let open = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().expect("a list").iter();
        let open = items.filter(|item| item["is_done"] == false);
        open.filter_map(|item| item["item"].as_str().map(str::to_owned))
            .collect()
    };
    let persons = ["backup", "staging", "team", "window", "monitoring"];
    let (code, list) = checklist(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        open(&list),
        [&["destroys", "hazards", "proved"][..], &persons].concat()
    );
    // A hazard is answered by a reason, an item by a name.
    let path = folder.path().join("versions/2.sql");
    let allowed = SECOND.replace("/* ü */", "-- +allow ban-drop-column: unused since v4\n");
    std::fs::write(&path, allowed).expect("a file");
    let confirmed: Vec<String> = persons.iter().map(|item| format!("{item}=Ada")).collect();
    let mut arguments = Vec::new();
    for one in &confirmed {
        arguments.extend(["--confirmed", one]);
    }
    let (_, list) = checklist(&arguments);
    assert_eq!(open(&list), ["proved"]);
    assert!(list.to_string().contains("unused since v4"), "{list}");
    // Taking back the first revision would leave the second without it.
    let (_, list) = checklist(&["aaaa", "--rollback"]);
    assert!(open(&list).contains(&"dependents".to_owned()), "{list}");
}

#[test]
fn an_error_is_explained_with_the_ways_out() {
    let folder = shop();
    let printed = succeed(
        folder.path(),
        &["explain", "Can't locate revision identified by 'abc123'"],
    );
    assert!(
        printed.out.contains("The revision abc123 has no file here"),
        "{}",
        printed.out
    );
    assert!(
        printed.out.contains("cofferdam identify"),
        "{}",
        printed.out
    );
    let printed = run(folder.path(), &["explain", "all is well"]);
    assert_eq!(printed.code, Some(1));
    assert!(printed.err.contains("not known"), "{}", printed.err);
}
