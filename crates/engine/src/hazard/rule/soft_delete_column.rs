//! Table without a deletion mark.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "soft-delete-column",
    rows: &[97],
    severity: Severity::Note,
    is_default: false,
    title: "Table without a deletion mark",
    happens: "The project wants rows to be marked as deleted, and not to be deleted.",
    applies: "Where the project switches it on, for CREATE TABLE without deleted_at or is_deleted.",
    instead: "deleted_at timestamptz",
    manual: "ddl-basics",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let columns = look.new_columns();
    let marks = ["deleted_at", "is_deleted", "deleted"];
    if matches!(look.tree, Stmt::CreateTable(_))
        && !columns.is_empty()
        && !columns
            .iter()
            .any(|column| marks.contains(&column.name.as_str()))
    {
        hits.here(look.head());
    }
}
