//! Columns in an order that wastes space.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "column-padding",
    rows: &[91],
    severity: Severity::Note,
    is_default: false,
    title: "Columns in an order that wastes space",
    happens: "PostgreSQL aligns wide types: a narrow column before a wide one leaves up to seven bytes empty in every row.",
    applies: "For CREATE TABLE with a boolean or small number directly before an eight-byte type.",
    instead: "Put the widest fixed columns first.",
    manual: "storage-page-layout",
    find: Find::Own(find),
    ..Rule::BASE
};

/// Bytes that values of these types are aligned to (pg_type.typalign).
fn alignment(words: &str) -> Option<u8> {
    match words {
        "boolean" | "bool" => Some(1),
        "smallint" | "int2" => Some(2),
        "bigint" | "int8" | "timestamptz" | "timestamp" | "double precision" | "float8"
        | "bigserial" => Some(8),
        _ => None,
    }
}

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !matches!(look.tree, Stmt::CreateTable(_)) {
        return;
    }
    let columns = look.new_columns();
    for pair in columns.windows(2) {
        let narrow = alignment(&pair[0].type_words()).is_some_and(|bytes| bytes < 8);
        if narrow && alignment(&pair[1].type_words()) == Some(8) {
            hits.here(pair[1].range());
        }
    }
}
