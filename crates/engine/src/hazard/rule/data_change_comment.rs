//! Change of rows without a comment.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "data-change-comment",
    rows: &[97],
    severity: Severity::Note,
    is_default: false,
    title: "Change of rows without a comment",
    happens: "The project wants to read why rows are changed, above the statement.",
    applies: "Where the project switches it on, for UPDATE and DELETE with no comment above them.",
    instead: "-- why",
    manual: "sql-update",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !matches!(look.tree, Stmt::Update(_) | Stmt::Delete(_)) {
        return;
    }
    let before = look.sql[..look.body.start].trim_end_matches([' ', '\t', '\r', '\n']);
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    let is_comment = line.starts_with("--") || before.ends_with("*/");
    if !is_comment {
        hits.here(look.head());
    }
}
