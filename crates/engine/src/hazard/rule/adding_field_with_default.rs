//! New column whose default rewrites the table.

use super::Look;
use super::{Find, Rule, Squawk, fix};
use crate::finding::Severity;
use crate::sql::effect::WorkKind;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-field-with-default",
    rows: &[24],
    severity: Severity::Error,
    in_downgrade: true,
    title: "New column whose default rewrites the table",
    happens: "A default that is not constant is computed for every row: the table is written again while it holds ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for constants and stable functions such as now(), from PostgreSQL 11 on; not for a table made in the same plan.",
    instead: "Add the column without a default, set the default, and fill the old rows in batches.",
    manual: "sql-altertable",
    word: "default",
    find: Find::Squawk(Squawk::AddingFieldWithDefault, applies),
    fix: Some(fix::default_after),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    // Generated columns have a rule of their own.
    let text = look.sql[look.found.clone()].to_ascii_lowercase();
    look.is_felt()
        && !text.contains("generated")
        && (look.works(WorkKind::Rewrite) || look.facts().is_none())
}
