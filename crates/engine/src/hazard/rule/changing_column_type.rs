//! Type change that rewrites or reads the table.

use super::Look;
use super::{Find, Rule, Squawk};
use crate::finding::Severity;
use squawk_syntax::ast;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "changing-column-type",
    rows: &[22],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Type change that rewrites or reads the table",
    happens: "Changing the type writes the table and its indexes again, or reads all of it, while it holds ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Not where PostgreSQL changes the catalog only (varchar(10) to varchar(20) or text, a wider numeric of the same scale), as far as the old type is known from the history.",
    instead: "Add a new column, keep both in step, fill it in batches, and change over.",
    manual: "sql-altertable",
    word: "type",
    find: Find::Squawk(Squawk::ChangingColumnType, applies),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    match look.tree {
        ast::Stmt::AlterTable(_) => {
            look.is_felt() && look.facts().is_none_or(|facts| !facts.work.is_empty())
        }
        _ => true,
    }
}
