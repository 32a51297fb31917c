//! Properties of reading what statements do: nothing panics, whatever is written, and reading is the same each time.

use cofferdam_engine::sql::effect::{Effect, describe, effect};
use cofferdam_engine::sql::schema::Schema;
use cofferdam_engine::sql::{lexemes, split};
use proptest::prelude::*;
use std::sync::LazyLock;

/// The statements that are measured, and the schema that they start from.
const MEASURED: &str = include_str!("../../../tests/src/effects/cases.sql");

static BASE: LazyLock<Schema> = LazyLock::new(|| {
    let base = MEASURED.split_once("--- cases").expect("the cases").0;
    let mut schema = Schema::default();
    for statement in split(base).statements {
        schema.apply(&base[statement.body]);
    }
    schema
});

static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = MEASURED.lines().skip_while(|line| *line != "--- cases");
    lines
        .filter(|line| !line.starts_with("--") && !line.is_empty())
        .map(|line| {
            let line = line.strip_prefix("users: ").unwrap_or(line);
            let line = line.strip_prefix("events: ").unwrap_or(line);
            line.trim_start_matches(|c: char| c == '@' || c.is_ascii_digit() || c == ' ')
        })
        .collect()
});

/// Applies and judges every statement of a text.
fn read(text: &str) -> Vec<Effect> {
    let mut schema = BASE.clone();
    let mut all = Vec::new();
    for statement in split(text).statements {
        let body = &text[statement.body];
        for version in [12, 15, 18] {
            let effect = effect(body, &schema, version);
            assert!(!describe(&effect).is_empty());
            all.push(effect);
        }
        schema.apply(body);
    }
    all
}

proptest! {
    #[test]
    fn mangled_statements_do_not_panic(
        picks in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..5u8),
            1..5,
        ),
    ) {
        let mut text = String::new();
        for (line, at, other, how) in picks {
            let line = *line.get(LINES.as_slice());
            let mut words: Vec<&str> = lexemes(line).into_iter().map(|lexeme| &line[lexeme.range]).collect();
            let (cut, from) = (at.index(words.len()), other.index(words.len()));
            match how {
                0 => { words.remove(cut); }
                1 => words.insert(cut, words[from]),
                2 => words.swap(cut, from),
                3 => words.truncate(cut),
                _ => {}
            }
            text.push_str(&words.join(" "));
            text.push_str(";\n");
        }
        prop_assert_eq!(read(&text), read(&text));
    }
}

#[test]
fn measured_statements_are_all_read() {
    for line in LINES.iter() {
        for effect in read(line) {
            assert!(matches!(effect, Effect::Known(_)), "{line}: {effect:?}");
        }
    }
}

#[test]
fn what_cannot_be_known_says_why() {
    let schema = Schema::default();
    for (statement, want) in [
        ("DO $$ BEGIN END $$", "A DO block runs code"),
        ("CALL refill()", "It calls a procedure"),
        ("EXECUTE p", "It runs a prepared statement"),
        ("ALTER TABLE", "It has a syntax error"),
        ("SELECT 'a", "A string in it never ends"),
        ("SELECT 1; SELECT 2", "It is more than one statement"),
    ] {
        match effect(statement, &schema, 18) {
            Effect::Unknown { reason } => {
                assert!(reason.starts_with(want), "{statement}: {reason}")
            }
            known => panic!("{statement}: {known:?}"),
        }
    }
    let long = format!("SELECT '{}'", "a".repeat(5 << 20));
    assert!(matches!(effect(&long, &schema, 18), Effect::Unknown { .. }));
    let deep = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(matches!(effect(&deep, &schema, 18), Effect::Unknown { .. }));
}

#[test]
fn effects_are_told_in_sentences() {
    for (statement, want) in [
        (
            "ALTER TABLE users ADD COLUMN phone text",
            "ALTER TABLE … ADD COLUMN: changes the catalog only. \
             Takes ACCESS EXCLUSIVE on users; SELECT, INSERT, UPDATE and DELETE wait.",
        ),
        (
            "CREATE INDEX ON users (age)",
            "CREATE INDEX: builds an index of users. Takes SHARE on users; INSERT, UPDATE and DELETE wait.",
        ),
        (
            "ALTER TABLE orders DROP COLUMN ref",
            "ALTER TABLE … DROP COLUMN: changes the catalog only. \
             Takes ACCESS EXCLUSIVE on orders; SELECT, INSERT, UPDATE and DELETE wait. Destroys the column ref of orders.",
        ),
        (
            "VACUUM users",
            "VACUUM: reads every row of users. Takes SHARE UPDATE EXCLUSIVE on users; reads and writes go on. \
             It runs outside a transaction block only.",
        ),
    ] {
        assert_eq!(describe(&effect(statement, &BASE, 18)), want);
    }
}
