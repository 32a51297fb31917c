//! Enum type.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::{CreateTypeKind, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-lookup-table",
    rows: &[88],
    severity: Severity::Note,
    is_default: false,
    title: "Enum type",
    happens: "A value of an enum can never be taken away, and its order is fixed.",
    applies: "For CREATE TYPE … AS ENUM.",
    instead: "A table of the values with a foreign key, or a CHECK.",
    manual: "datatype-enum",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateType(create) = look.tree
        && matches!(create.kind(), Some(CreateTypeKind::EnumType(_)))
    {
        hits.here(look.head());
    }
}
