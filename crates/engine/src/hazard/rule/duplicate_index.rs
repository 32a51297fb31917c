//! Index that another already covers.

use super::{Find, Rule};
use super::{Hits, Look};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "duplicate-index",
    rows: &[46],
    title: "Index that another already covers",
    happens: "Both indexes are written with every row, and only one is used.",
    applies: "Where the history knows an index of the table over the same columns, or one that begins with them.",
    instead: "Drop the shorter one.",
    manual: "indexes-multicolumn",
    word: "index",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateIndex(create) = look.tree else {
        return;
    };
    let Some((name, made)) = look.schema.index_made(create) else {
        return;
    };
    let is_there = look.schema.index(&name).is_some();
    if is_there || !made.is_plain || made.is_partial || made.is_unique || made.columns.is_empty() {
        return;
    }
    let covering = look.schema.indexes_of(&made.table).find(|(_, other)| {
        other.is_plain
            && !other.is_partial
            && other.method == made.method
            && other.columns.starts_with(&made.columns)
    });
    if let Some((other, _)) = covering {
        hits.add(
            look.head(),
            format!("The index {other} begins with the same columns: both are written with every row, and only one is used."),
        );
    }
}
