//! Unique constraint that builds its index.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "disallowed-unique-constraint",
    rows: &[5],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Unique constraint that builds its index",
    happens: "Adding the constraint builds its index while it holds ACCESS EXCLUSIVE, and fails on the first duplicate.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan, nor with USING INDEX.",
    instead: r#"CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);
-- in a revision after it
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;"#,
    manual: "sql-altertable",
    find: Find::Squawk(Squawk::DisallowedUniqueConstraint, |look| look.is_felt()),
    fix: Some(fix::using_index),
    ..Rule::BASE
};
