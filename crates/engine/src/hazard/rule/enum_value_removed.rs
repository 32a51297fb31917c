//! Enum value removed.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "enum-value-removed",
    rows: &[90],
    severity: Severity::Error,
    title: "Enum value removed",
    happens: "Deleting from pg_enum leaves rows and indexes with a value that is no more; rows of it can no longer be read.",
    applies: "For statements that write to pg_enum.",
    instead: "Make a new type without the value, and change the columns over.",
    manual: "datatype-enum",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let relation = match look.tree {
        Stmt::Delete(delete) => delete.relation_name(),
        Stmt::Update(update) => update.relation_name(),
        _ => None,
    };
    if name(relation.as_ref()).is_some_and(|table| table.name == "pg_enum") {
        hits.here(look.head());
    }
}
