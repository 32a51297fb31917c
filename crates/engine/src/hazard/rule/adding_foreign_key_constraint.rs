//! Foreign key without NOT VALID.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-foreign-key-constraint",
    rows: &[3],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Foreign key without NOT VALID",
    happens: "Adding the foreign key reads the whole table while it holds SHARE ROW EXCLUSIVE on both tables.",
    waits: "INSERT, UPDATE and DELETE on both tables wait.",
    applies: "Not where the referencing table is made in the same plan.",
    instead: r#"ALTER TABLE orders ADD CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- +commit
ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fkey;"#,
    manual: "sql-altertable",
    word: "references",
    find: Find::Squawk(Squawk::AddingForeignKeyConstraint, |look| look.is_felt()),
    fix: Some(fix::not_valid),
    ..Rule::BASE
};
