//! Drafted downgrades on a real PostgreSQL: what they say they restore is restored.

use cofferdam_engine::catalog::{self, Catalog, Difference, diff};
use cofferdam_engine::config::Project;
use cofferdam_engine::draft::{Draft, Step, draft, look_inside};
use cofferdam_engine::run::Answer;
use cofferdam_engine::sql;
use cofferdam_engine::verify::ordered;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::effects::{Case, ROLE, base, cases};
use std::collections::BTreeMap;

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
