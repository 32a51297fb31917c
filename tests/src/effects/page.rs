//! docs/effects.md, made from the engine's table and the cases.

use super::{Case, EXCEPTIONS, cases, outside, schema};
use cofferdam_engine::sql::effect::kind::{Kind, KindLock};
use cofferdam_engine::sql::effect::{Effect, Facts, WorkKind, effect};
use std::collections::BTreeSet;
use std::fmt::Write;

const NEWEST: u32 = 18;

const BEGINNING: &str = "# What statements do

Made by a test from the engine's own table (`crates/engine/src/sql/effect/kind.rs`) and from the statements that are measured
(`tests/src/effects/cases.sql`). `UPDATE=1 cargo test -p cofferdam-tests --test postgres page` writes it again.

A statement is read with the PostgreSQL grammar and with the schema that the statements before it made. What it locks and
which rows it reads or writes is predicted for a major version from 12 to 18, and measured: `tests/tests/postgres/effects.rs`
runs each statement in a transaction on the PostgreSQL at hand, `tests/tests/browser/effects.rs` the same ones in the
browser's PGlite (PostgreSQL 18); they read `pg_locks`, changed files and the counts of scans and rows. A disagreement fails
the test unless it is listed below. Statements that refuse a transaction are watched from another session while they wait.

The locks are those on relations that were there before. Left out are PostgreSQL's own catalogs, TOAST tables, and indexes
whose lock is no stronger than their table's.
";

/// The page's text.
pub fn page() -> String {
    let mut page = String::from(BEGINNING);
    let all: Vec<Case> = cases()
        .into_iter()
        .chain(outside().into_iter().map(|(_, case)| case))
        .collect();
    let facts: Vec<Option<Facts>> = all.iter().map(known).collect();
    let measured: BTreeSet<String> = facts
        .iter()
        .flatten()
        .flat_map(|facts| facts.kinds.iter().cloned())
        .collect();
    let missing: Vec<&str> = Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .filter(|kind| !measured.contains(*kind))
        .collect();
    let _ = write!(
        page,
        "\n## Counts\n\n| what | number |\n|---|---|\n| kinds of statement and of ALTER TABLE action in the table | {} |\n| of them measured | {} |\n| statements measured | {} |\n| of them outside a transaction | {} |\n| known differences | {} |\n\nNot measured: {}.\n",
        Kind::ALL.len(),
        measured.len(),
        all.len(),
        outside().len(),
        EXCEPTIONS.len(),
        missing.join(", "),
    );
    page.push_str("\n## Kinds and locks\n\n`since` is the first major version after 12 that has it; versions behind a lock say where only some take it.\n\n| kind | since | locks |\n|---|---|---|\n");
    for kind in Kind::ALL {
        let since = match kind.since() {
            0..=12 => String::new(),
            later => later.to_string(),
        };
        let locks: Vec<String> = kind.locks().iter().map(lock).collect();
        let _ = writeln!(
            page,
            "| {} | {since} | {} |",
            kind.as_str(),
            locks.join("; ")
        );
    }
    let _ = write!(
        page,
        "\n## The measured statements\n\nOn PostgreSQL {NEWEST}, from the schema at the beginning of `cases.sql`. A statement in parentheses is its set-up.\n\n| statement | work | locks |\n|---|---|---|\n"
    );
    for (case, facts) in all.iter().zip(&facts) {
        let Some(facts) = facts else { continue };
        let before: Vec<&str> = case
            .before
            .iter()
            .map(|one| one.trim_end_matches(';'))
            .collect();
        let before = match before.is_empty() {
            true => String::new(),
            false => format!("({}) ", code(&before.join("; "))),
        };
        let _ = writeln!(
            page,
            "| {before}{} | {} | {} |",
            code(case.statement.trim_end_matches(';')),
            work(facts),
            locks(facts)
        );
    }
    page.push_str("\n## Known differences\n\n| versions | statement | difference | reason |\n|---|---|---|---|\n");
    for one in EXCEPTIONS {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            versions(one.versions),
            code(one.statement),
            one.difference,
            one.reason
        );
    }
    page
}

fn known(case: &Case) -> Option<Facts> {
    match effect(&case.statement, &schema(case), NEWEST) {
        Effect::Known(facts) => Some(facts),
        Effect::Unknown { .. } => None,
    }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn lock(lock: &KindLock) -> String {
    let versions = match (lock.from, lock.to) {
        (12, 99..) => String::new(),
        (from, 99..) => format!(" (from {from})"),
        (12, to) => format!(" (to {to})"),
        (from, to) => format!(" ({from} to {to})"),
    };
    format!("{} on the {}{versions}", lock.mode, lock.role.as_str())
}

fn work(facts: &Facts) -> String {
    let one = |work: &cofferdam_engine::sql::effect::Work| {
        let kind = match work.kind {
            WorkKind::Rewrite => "rewrites",
            WorkKind::Scan => "scans",
            WorkKind::Index => "builds an index of",
            WorkKind::Rows => "writes rows of",
        };
        let maybe = if work.is_certain { "" } else { "perhaps " };
        format!("{maybe}{kind} {}", work.table)
    };
    facts.work.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn locks(facts: &Facts) -> String {
    let one =
        |lock: &cofferdam_engine::sql::effect::Lock| format!("{} {}", lock.relation, lock.mode);
    facts.locks.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn versions((from, to): (u32, u32)) -> String {
    let number = |version: u32| match version % 10_000 {
        0 | 9_999 => (version / 10_000).to_string(),
        minor => format!("{}.{minor}", version / 10_000),
    };
    match (from, to) {
        (120_000, 999_999) => "all".to_owned(),
        (from, to) if number(from) == number(to) => number(from),
        (from, to) => format!("{} to {}", number(from), number(to)),
    }
}
