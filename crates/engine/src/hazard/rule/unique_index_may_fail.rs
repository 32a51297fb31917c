//! Unique index on rows that may repeat.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "unique-index-may-fail",
    rows: &[42],
    severity: Severity::Note,
    title: "Unique index on rows that may repeat",
    happens: "The build fails on the first duplicate; a concurrent one leaves an invalid index behind, which must be dropped.",
    applies: "For unique indexes on a table in use.",
    instead: "Look for duplicates first: SELECT column, count(*) FROM the table GROUP BY 1 HAVING count(*) > 1.",
    manual: "indexes-unique",
    word: "unique",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && create.unique_token().is_some()
        && look.is_felt()
    {
        hits.here(look.head());
    }
}
