//! Index of a constraint dropped.

use super::{Find, Rule};
use super::{Hits, Look, name, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "dropping-index-of-constraint",
    rows: &[47],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Index of a constraint dropped",
    happens: "PostgreSQL refuses to drop an index that carries a constraint.",
    applies: "Where the history knows that the index belongs to a constraint.",
    instead: "ALTER TABLE … DROP CONSTRAINT.",
    manual: "sql-dropindex",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::DropIndex(drop) = look.tree else {
        return;
    };
    for index in drop.index_refs() {
        let Some(name) = name(Some(&index)) else {
            continue;
        };
        let owner = look.schema.index(&name).map(|known| &known.table);
        let table = owner.and_then(|table| look.schema.table(table));
        let constraint = table.and_then(|table| table.constraint(&name.name));
        if constraint.is_some_and(|one| one.kind.has_index()) {
            hits.here(range(index.syntax()));
        }
    }
}
