//! The SQL of Python revisions: Cofferdam reads them, the real Alembic runs them with `--sql`, and both give the same
//! statements, token by token.
//!
//! The revisions are in `alembic/corpus` (no naming convention) and `alembic/convention` (SQLAlchemy's recommended one). A
//! file is Python with sections: `#: <title>` begins a revision with the body of `upgrade()`, `#: down` the body of
//! `downgrade()`, `#: module` what stands beside both, `#: differs <reason>` tells why the two do not agree. What
//! stands before the first section is in every revision of the file.

use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::revision::Direction;
use cofferdam_engine::sql;
use cofferdam_tests::project;
use squawk_lexer::TokenKind;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const INI: &str = "[alembic]\nscript_location = %(here)s\n";

const ENV: &str = r#"
from alembic import context
from sqlalchemy import MetaData

CONVENTION = {convention}

context.configure(
    dialect_name="postgresql",
    literal_binds=True,
    dialect_opts={"paramstyle": "named"},
    target_metadata=MetaData(naming_convention=CONVENTION),
)
with context.begin_transaction():
    context.run_migrations()
"#;

const CONVENTION: [(&str, &str); 5] = [
    ("ix", "ix_%(column_0_label)s"),
    ("uq", "uq_%(table_name)s_%(column_0_name)s"),
    ("ck", "ck_%(table_name)s_%(constraint_name)s"),
    (
        "fk",
        "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    ),
    ("pk", "pk_%(table_name)s"),
];

/// One revision of the corpus.
#[derive(Debug, Default)]
struct Case {
    file: String,
    title: String,
    before: String,
    module: String,
    up: String,
    down: String,
    differs: Option<String>,
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file");
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let mut before = String::new();
        let mut section = "before";
        for line in text.lines() {
            let heading = line.strip_prefix("#: ");
            match heading {
                Some("down") => section = "down",
                Some("module") => section = "module",
                Some(heading) if heading.starts_with("differs ") => {
                    let case = cases.last_mut().expect("a revision before");
                    case.differs = heading.strip_prefix("differs ").map(str::to_owned);
                }
                Some(title) => {
                    section = "up";
                    cases.push(Case {
                        file: file.clone(),
                        title: title.to_owned(),
                        before: before.clone(),
                        ..Case::default()
                    });
                }
                None => {
                    let to = match (section, cases.last_mut()) {
                        ("up", Some(case)) => &mut case.up,
                        ("down", Some(case)) => &mut case.down,
                        ("module", Some(case)) => &mut case.module,
                        _ => &mut before,
                    };
                    let _ = writeln!(to, "{line}");
                }
            }
        }
    }
    cases
}

/// A revision for each line of `alembic/types.txt`: a table with a column of the type, a column added, and one changed
/// to it.
fn types() -> Vec<Case> {
    let path = project::root().join("tests/tests/alembic/types.txt");
    let text = std::fs::read_to_string(path).expect("a file");
    let cases = text.lines().map(|kind| Case {
        file: "types.txt".into(),
        title: kind.to_owned(),
        up: format!(
            "op.create_table(\"t\", sa.Column(\"a\", {kind}), sa.Column(\"b\", {kind}, nullable=False))\nop.add_column(\"t\", sa.Column(\"c\", {kind}))\nop.alter_column(\"t\", \"c\", type_={kind})\n"
        ),
        down: "op.drop_column(\"t\", \"c\")\nop.drop_table(\"t\")\n".into(),
        ..Case::default()
    });
    cases.collect()
}

impl Case {
    fn python(&self, index: usize) -> String {
        let down = match index {
            0 => "None".to_owned(),
            index => format!("'{}'", id(index - 1)),
        };
        let body = |text: &str| -> String {
            let lines: Vec<String> = text
                .lines()
                .map(|line| {
                    if line.is_empty() {
                        String::new()
                    } else {
                        format!("    {line}")
                    }
                })
                .collect();
            match text.trim().is_empty() {
                true => "    pass".to_owned(),
                false => lines.join("\n"),
            }
        };
        format!(
            "\"\"\"{}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n{}\nrevision = '{}'\ndown_revision = {down}\n\n{}\n\ndef upgrade():\n{}\n\n\ndef downgrade():\n{}\n",
            self.title,
            self.before,
            id(index),
            self.module,
            body(&self.up),
            body(&self.down),
        )
    }
}

fn id(index: usize) -> String {
    format!("r{:04}", index + 1)
}

fn alembic(folder: &Path, arguments: &[&str]) -> String {
    let python = std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or_else(|_| {
        project::root()
            .join("target/venv/bin/python")
            .display()
            .to_string()
    });
    let output = Command::new(python)
        .args(["-W", "ignore", "-m", "alembic"])
        .args(arguments)
        .current_dir(folder)
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

/// The statements of each revision in Alembic's offline script.
fn printed(script: &str, direction: Direction) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in script.split("-- Running ").skip(1) {
        let (heading, text) = part.split_once('\n').expect("a heading");
        let revision = match direction {
            Direction::Upgrade => heading.split("-> ").nth(1),
            Direction::Downgrade => heading.split(' ').nth(1),
        };
        let revision = revision.expect("a revision").trim().to_owned();
        let own = found.entry(revision).or_default();
        for statement in statements(text) {
            let words = statement.split_whitespace().next().unwrap_or_default();
            if !statement.contains("alembic_version") && !["BEGIN", "COMMIT"].contains(&words) {
                own.push(statement);
            }
        }
    }
    found
}

fn statements(text: &str) -> Vec<String> {
    let split = sql::split(text);
    split
        .statements
        .iter()
        .map(|statement| {
            text[statement.body.clone()]
                .trim_end_matches(';')
                .trim()
                .to_owned()
        })
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// A statement's tokens. Alembic writes a tab as four spaces, even inside a string.
fn tokens(statement: &str) -> Vec<String> {
    let mut at = 0;
    squawk_lexer::tokenize(statement)
        .filter_map(|token| {
            let end = at + token.len as usize;
            let text = &statement[at..end];
            at = end;
            let trivia = matches!(
                token.kind,
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. }
            );
            (!trivia).then(|| text.replace('\t', "    "))
        })
        .collect()
}

/// Statements as tokens. Alembic writes the indexes of a table in an order that changes from run to run.
fn comparable(statements: &[String]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = statements
        .iter()
        .map(|statement| tokens(statement))
        .collect();
    let is_index = |tokens: &Vec<String>| {
        let mut words = tokens.iter().map(String::as_str);
        words.next() == Some("CREATE") && matches!(words.next(), Some("INDEX" | "UNIQUE"))
    };
    let mut from = 0;
    while from < all.len() {
        let length = all[from..]
            .iter()
            .take_while(|tokens| is_index(tokens))
            .count();
        all[from..from + length].sort();
        from += length.max(1);
    }
    all
}

fn compare(folder: &str, more: Vec<Case>, convention: &[(&str, &str)]) {
    let mut cases = cases(&project::root().join("tests/tests/alembic").join(folder));
    cases.extend(more);
    let dict: Vec<String> = convention
        .iter()
        .map(|(key, value)| format!("{key:?}: {value:?}"))
        .collect();
    let env = ENV.replace(
        "{convention}",
        &match convention.is_empty() {
            true => "None".to_owned(),
            false => format!("{{{}}}", dict.join(", ")),
        },
    );
    let twin = project::of(&[("alembic.ini", INI), ("env.py", &env)]);
    std::fs::create_dir(twin.path().join("versions")).expect("a folder");
    let files: Vec<(String, String)> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| (format!("versions/{}.py", id(index)), case.python(index)))
        .collect();
    for (path, text) in &files {
        std::fs::write(twin.path().join(path), text).expect("a file");
    }
    let settings = Settings {
        naming_convention: convention
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        ..Settings::default()
    };
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(path, text)| Source {
            path,
            bytes: text.as_bytes(),
        })
        .collect();
    let readings = read(&sources, &settings, Depth::Whole);
    let scripts = [
        (
            Direction::Upgrade,
            alembic(twin.path(), &["upgrade", "base:heads", "--sql"]),
        ),
        (
            Direction::Downgrade,
            alembic(twin.path(), &["downgrade", "heads:base", "--sql"]),
        ),
    ];
    let (mut compared, mut equal, mut exceptions) = (0, 0, Vec::new());
    let mut wrong = String::new();
    for (direction, script) in scripts {
        let printed = printed(&script, direction);
        for (index, (case, reading)) in cases.iter().zip(&readings).enumerate() {
            let place = format!("{} · {} · {direction:?}", case.file, case.title);
            let theirs = printed.get(&id(index)).cloned().unwrap_or_default();
            let Some(script) = &reading.script else {
                let _ = writeln!(wrong, "\n== {place}\nnot read: {:?}", reading.findings);
                continue;
            };
            let body = script.body(direction).expect("a Python revision");
            let ours = statements(script.revision.sql(direction));
            let same = body.unreadable.is_empty() && comparable(&ours) == comparable(&theirs);
            if let Some(reason) = &case.differs {
                if !same {
                    exceptions.push(format!("{place}: {reason}"));
                }
                continue;
            }
            compared += theirs.len();
            if same {
                equal += theirs.len();
                continue;
            }
            let _ = writeln!(
                wrong,
                "\n== {place}\n-- Alembic\n{}\n-- Cofferdam\n{}\n{:?}",
                theirs.join("\n"),
                ours.join("\n"),
                body.unreadable
                    .iter()
                    .map(|part| (part.line, &part.reason))
                    .collect::<Vec<_>>()
            );
        }
    }
    println!(
        "{folder}: {} revisions, {compared} statements compared, {equal} equal, {} exceptions",
        cases.len(),
        exceptions.len()
    );
    for exception in &exceptions {
        println!("  {exception}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    let expected = cases.iter().filter(|case| case.differs.is_some()).count();
    assert!(
        exceptions.len() >= expected,
        "an exception of the corpus is none any more"
    );
}

#[test]
fn the_sql_is_alembics_own() {
    compare("corpus", types(), &[]);
}

#[test]
fn names_follow_the_naming_convention() {
    compare("convention", Vec::new(), &CONVENTION);
}
