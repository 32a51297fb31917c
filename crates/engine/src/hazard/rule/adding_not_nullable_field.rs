//! SET NOT NULL on a table with rows.

use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;
use crate::sql::effect::WorkKind;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-not-nullable-field",
    rows: &[1, 79],
    severity: Severity::Error,
    in_downgrade: true,
    title: "SET NOT NULL on a table with rows",
    happens: "SET NOT NULL reads the whole table while it holds ACCESS EXCLUSIVE, and fails if a row holds NULL.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan, nor where a validated CHECK (column IS NOT NULL) already proves it.",
    instead: r#"ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;
-- +commit
ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;
-- +commit
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_not_null;"#,
    manual: "sql-altertable",
    word: "null",
    find: Find::Squawk(Squawk::AddingNotNullableField, |look| {
        look.works(WorkKind::Scan) || look.facts().is_none() && look.is_felt()
    }),
    fix: Some(fix::not_null),
    ..Rule::BASE
};
