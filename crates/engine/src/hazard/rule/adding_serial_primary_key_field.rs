//! Primary key that builds its index.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-serial-primary-key-field",
    rows: &[6],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Primary key that builds its index",
    happens: "Adding a primary key builds its index, and reads the table for NULLs, while it holds ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan, nor with USING INDEX on columns that are NOT NULL.",
    instead: r#"CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users (id);
-- in a revision after it
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey;"#,
    manual: "sql-altertable",
    word: "primary",
    find: Find::Squawk(Squawk::AddingSerialPrimaryKeyField, |look| look.is_felt()),
    fix: Some(fix::using_index),
    ..Rule::BASE
};
