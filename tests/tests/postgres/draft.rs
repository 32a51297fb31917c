//! Drafted downgrades on a real PostgreSQL: what they say they restore is restored.

use cofferdam_engine::catalog::{self, Catalog, Difference, diff};
use cofferdam_engine::config::Project;
use cofferdam_engine::draft::{Draft, Step, draft, look_inside};
use cofferdam_engine::run::Answer;
use cofferdam_engine::sql;
use cofferdam_engine::verify::ordered;
use cofferdam_tests::binary::{Printed, run};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::effects::{Case, ROLE, base, cases};
use cofferdam_tests::project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const MARK: &str = "at ";

fn ended(statement: &str) -> String {
    format!("{};\n", statement.trim_end_matches(';'))
}

/// One case in a transaction that is undone: its set-up, then each text and a look at the schema after it.
fn script(case: &Case, texts: &[&str]) -> String {
    let mut all = "BEGIN;\n".to_owned();
    all.push_str("\\o /dev/null\n");
    all.extend(case.before.iter().map(|one| ended(one)));
    all.push_str("\\o\n");
    for (at, text) in texts.iter().enumerate() {
        if !text.is_empty() {
            let text = text.trim_end().trim_end_matches(';');
            all.push_str(&format!("\\o /dev/null\n{text};\n\\o\nRESET ROLE;\n"));
        }
        all.push_str(&format!(
            "SELECT '{MARK}{} {at}';\n{};\n",
            case.line,
            look_inside()
        ));
    }
    all + "ROLLBACK;\n"
}

/// The schema at each mark: a case's line, and which of its texts has run.
fn looks(database: &str, major: u32, scripts: &[String]) -> BTreeMap<(usize, usize), Catalog> {
    let mut text = format!(
        "\\set ON_ERROR_STOP off\n\\pset fieldsep '\\037'\n\\pset recordsep '\\036'\n{ROLE};\n"
    );
    text.extend(base().iter().map(|one| ended(one)));
    text.push_str(&format!(
        "{};\n",
        catalog::prepare(major, &Project::default())
    ));
    text.extend(scripts.iter().map(String::as_str));
    let printed = cluster().psql(database, &text);
    let mut found: BTreeMap<(usize, usize), Answer> = BTreeMap::new();
    let mut at = None;
    for record in printed.split(['\u{1e}', '\n']) {
        let cells: Vec<Option<String>> = record
            .split('\u{1f}')
            .map(|cell| Some(cell.to_owned()))
            .collect();
        if let Some(mark) = record.strip_prefix(MARK) {
            let (line, text) = mark.split_once(' ').expect("two numbers");
            at = Some((
                line.parse().expect("a number"),
                text.parse().expect("a number"),
            ));
        } else if cells.len() == 4
            && let Some(at) = at
        {
            found.entry(at).or_default().rows.push(cells);
        }
    }
    let read = |answer: Answer| catalog::read(major, &answer).expect("a catalog");
    found
        .into_iter()
        .map(|(at, answer)| (at, read(answer)))
        .collect()
}

struct Tried {
    case: Case,
    draft: Draft,
    /// None where the database refused the draft.
    left: Option<Vec<Difference>>,
}

/// Drafts what undoes each case, and runs it.
fn tried(cases: Vec<Case>) -> Vec<Tried> {
    let database = database();
    let version = cluster().psql(&database.name, "SHOW server_version_num");
    let major: u32 = version.parse::<u32>().expect("a number") / 10_000;
    let cases: Vec<Case> = cases
        .into_iter()
        .filter(|case| case.is_for(major))
        .collect();
    let up: Vec<String> = cases
        .iter()
        .map(|case| script(case, &["", &case.statement]))
        .collect();
    let seen = looks(&database.name, major, &up);
    let drafts: Vec<Draft> = cases
        .iter()
        .map(|case| {
            let at = |text| {
                let found = seen.get(&(case.line, text));
                found.unwrap_or_else(|| panic!("{} cannot run", case.statement))
            };
            let step = Step {
                sql: &case.statement,
                segment: 0,
                before: at(0),
                after: at(1),
            };
            draft(&[step], "postgres").expect("one version")
        })
        .collect();
    let back: Vec<String> = cases
        .iter()
        .zip(&drafts)
        .map(|(case, draft)| script(case, &["", &case.statement, &draft.sql]))
        .collect();
    let after = looks(&database.name, major, &back);
    let tried = cases.into_iter().zip(drafts).map(|(case, draft)| {
        let down = after.get(&(case.line, 2));
        let left = down.map(|down| diff(&seen[&(case.line, 0)], down).expect("one version"));
        Tried { case, draft, left }
    });
    tried.collect()
}

#[test]
fn every_statement_is_taken_back_or_the_draft_says_what_is_not() {
    let mut all = tried(cases());
    // Rows may stand in the way, where the draft says so: what it does to the schema is seen without them.
    let stands = |one: &Tried| one.left.is_none() && !one.draft.unrestored.is_empty();
    let refused: Vec<Case> = all
        .iter()
        .filter(|one| stands(one))
        .map(|one| one.case.clone())
        .collect();
    all.retain(|one| !stands(one));
    let refused = refused.into_iter().map(|mut case| {
        case.before
            .push("TRUNCATE users, orders, items, wide, events CASCADE".to_owned());
        case
    });
    let refused: Vec<Case> = refused.collect();
    println!("{} are tried without rows", refused.len());
    all.extend(tried(refused));
    let (mut whole, mut said, mut wrong) = (0, 0, Vec::new());
    for one in &all {
        let statement = &one.case.statement;
        for found in sql::split(&one.draft.sql).statements {
            let text = &one.draft.sql[found.body];
            let effect = sql::effect::effect(text, &Default::default(), 15);
            if let sql::effect::Effect::Unknown { reason } = effect {
                wrong.push(format!("{statement}\n  cannot be read: {text}: {reason}"));
            }
        }
        match &one.left {
            None => wrong.push(format!("{statement}\n  is refused:\n{}", one.draft.sql)),
            Some(left) if left.is_empty() => whole += 1,
            Some(left) => {
                let (more, _) = ordered(left.clone());
                if one.draft.unrestored.is_empty() {
                    let left: Vec<_> = left.iter().map(|one| one.sentence.as_str()).collect();
                    wrong.push(format!(
                        "{statement}\n  leaves {}\n{}",
                        left.join("; "),
                        one.draft.sql
                    ));
                } else if more.is_empty() {
                    whole += 1;
                } else {
                    said += 1;
                    println!(
                        "{statement}\n  {}",
                        one.draft
                            .unrestored
                            .iter()
                            .map(|one| one.sentence.as_str())
                            .collect::<Vec<_>>()
                            .join(" ")
                    );
                }
            }
        }
    }
    println!(
        "{} statements: {whole} taken back, {said} said not to be",
        all.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
    assert!(whole > 450 && said < 40, "{whole} {said}");
}

/// A project of revisions: id, parents, upgrade, and the downgrade section's lines.
fn revisions(list: &[(&str, &str, &str, &str)]) -> tempfile::TempDir {
    let files = list.iter().map(|(id, down, upgrade, downgrade)| {
        let text = format!(
            "-- revision {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n-- +upgrade\n{upgrade}\n{downgrade}"
        );
        (format!("versions/{id}.sql"), text)
    });
    let files: Vec<(String, String)> = files.collect();
    let mut all = vec![("cofferdam.toml", "[project]\nname = \"drafts\"\n")];
    all.extend(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    project::of(&all)
}

fn draft_downgrade(folder: &Path, more: &[&str]) -> Printed {
    let bin = cluster().bin().display().to_string();
    let mut arguments = vec!["--pg-bin", &bin, "draft-downgrade"];
    arguments.extend(more);
    run(folder, &arguments)
}

fn json(printed: &Printed) -> Value {
    serde_json::from_str(&printed.out).unwrap_or_else(|_| panic!("{}{}", printed.out, printed.err))
}

#[test]
fn a_draft_is_printed_proved_and_written_into_the_file() {
    let upgrade = "SET lock_timeout = '5s';\nALTER TABLE users ADD COLUMN email text;\nUPDATE users SET email = name;\n\
        -- +commit\nALTER TABLE users DROP COLUMN name;\nCREATE INDEX CONCURRENTLY users_email_idx ON users (email);\n";
    let project = revisions(&[
        (
            "aa",
            "",
            "CREATE TABLE users (id int PRIMARY KEY, name varchar(50) NOT NULL DEFAULT 'x');\nINSERT INTO users VALUES (1, 'ann');\n",
            "-- +downgrade\nDROP TABLE users;\n",
        ),
        ("bb", "aa", upgrade, ""),
    ]);
    let wanted = "SET lock_timeout = '5s';\n\
        \n-- Undoes CREATE INDEX CONCURRENTLY users_email_idx\nDROP INDEX CONCURRENTLY public.users_email_idx;\n\
        \n-- Undoes ALTER TABLE users DROP COLUMN name\n-- Not restored: the values of public.users.name.\n\
        -- Not restored: the place of public.users.name among the columns: it comes last.\n\
        ALTER TABLE public.users ADD COLUMN name character varying(50) DEFAULT 'x'::character varying NOT NULL;\n\
        \n-- Undoes UPDATE users\n-- Not restored: the rows of users as they were before: which of them it changed is not known.\n\
        \n-- Undoes ALTER TABLE users ADD COLUMN email\n-- +commit\nALTER TABLE public.users DROP COLUMN email;\n";
    let printed = draft_downgrade(project.path(), &["bb"]);
    assert_eq!(
        (printed.code, printed.out.as_str()),
        (Some(0), wanted),
        "{}",
        printed.err
    );
    assert!(
        printed
            .err
            .contains("Proved up, down, up again: loses data"),
        "{}",
        printed.err
    );
    let path = project.path().join("versions/bb.sql");
    let before = std::fs::read_to_string(&path).expect("the file");
    let written = draft_downgrade(project.path(), &["bb", "--write", "--format", "json"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    let report = &json(&written);
    assert_eq!(report["format"], 1);
    let report = &report["revisions"][0];
    assert_eq!(
        (&report["revision"], &report["written"]),
        (&"bb".into(), &true.into())
    );
    assert_eq!(report["sql"], wanted);
    assert_eq!(report["proof"]["verdict"], "loses_data");
    assert_eq!(report["unrestored"].as_array().map(Vec::len), Some(3));
    let after = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(after, format!("{before}-- +downgrade\n{wanted}"));
    // What somebody wrote is not overwritten by accident.
    let again = draft_downgrade(project.path(), &["bb", "--write"]);
    assert_eq!(again.code, Some(1));
    assert!(
        again
            .err
            .contains("bb.sql has a downgrade already: --force writes"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), after);
    let forced = draft_downgrade(project.path(), &["bb", "--write", "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.err);
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), after);
}

#[test]
fn what_cannot_be_drafted_is_told() {
    let project = revisions(&[
        (
            "aa",
            "",
            "CREATE TABLE users (id int);\n",
            "-- +downgrade\nDROP TABLE users;\n",
        ),
        ("bb", "aa", "ALTER TABLE nobody ADD COLUMN x int;\n", ""),
        (
            "cc",
            "aa",
            "CREATE TYPE mood AS ENUM ('ok');\nCREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
            "-- +downgrade none: nobody wants it back\n",
        ),
        ("dd", "cc", "ALTER TYPE mood ADD VALUE 'sad';\n", ""),
        ("ee", "cc", "ANALYZE users;\n", ""),
    ]);
    let folder = project.path();
    let refused = draft_downgrade(folder, &["bb"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused
            .err
            .contains("bb cannot be applied to the throwaway PostgreSQL")
            && refused.err.contains("relation \"nobody\" does not exist"),
        "{}",
        refused.err
    );
    let impossible = draft_downgrade(folder, &["cc", "--write"]);
    assert_eq!(impossible.code, Some(1), "{}", impossible.err);
    // The draft says what it is not, and the exit code, too.
    let value = draft_downgrade(folder, &["dd"]);
    assert_eq!(value.code, Some(1), "{}", value.err);
    assert!(
        value.out.contains("PostgreSQL takes no value from an enum"),
        "{}",
        value.out
    );
    assert!(
        value.err.contains("The draft has comments only"),
        "{}",
        value.err
    );
    let nothing = draft_downgrade(folder, &["ee"]);
    assert_eq!(
        (nothing.code, nothing.out.trim()),
        (Some(0), ""),
        "{}",
        nothing.err
    );
    assert!(
        nothing.err.contains("There is nothing to undo"),
        "{}",
        nothing.err
    );
}

#[test]
fn every_revision_of_the_example_has_a_draft_that_is_proved() {
    let project = project::example("observatory");
    let printed = draft_downgrade(project.path(), &["base:heads", "--format", "json"]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    let report = json(&printed);
    let revisions = report["revisions"].as_array().expect("revisions");
    assert_eq!(revisions.len(), 30);
    for one in revisions {
        let proof = &one["proof"]["verdict"];
        let unrestored = one["unrestored"].as_array().map_or(0, Vec::len);
        println!("{} {proof} {unrestored}", one["revision"]);
        let fine = proof == "reversible" || proof == "loses_data";
        assert!(fine || one["sql"] == "", "{one}");
    }
    // All that need a downgrade have one already.
    let written = draft_downgrade(project.path(), &["base:heads", "--write"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert!(
        written
            .err
            .contains("No downgrade is missing in base:heads"),
        "{}",
        written.err
    );
}

#[test]
fn a_python_file_gets_operations() {
    let project = project::example("alembic");
    let written = draft_downgrade(
        project.path(),
        &["head", "--write", "--force", "--format", "json"],
    );
    assert_eq!(written.code, Some(0), "{}", written.err);
    let report = json(&written);
    let path = report["revisions"][0]["path"].as_str().expect("a path");
    let text = std::fs::read_to_string(project.path().join(path)).expect("the file");
    assert!(
        text.contains("# Undoes CREATE INDEX CONCURRENTLY ix_orders_open")
            && text.contains(
                "op.drop_index(\"ix_orders_open\", schema=\"public\", postgresql_concurrently=True)"
            ),
        "{text}"
    );
    let bin = cluster().bin().display().to_string();
    let proved = run(project.path(), &["--pg-bin", &bin, "verify", "head"]);
    assert_eq!(proved.code, Some(0), "{}{}", proved.out, proved.err);
}
