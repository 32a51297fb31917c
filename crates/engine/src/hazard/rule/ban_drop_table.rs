//! Table dropped.

use super::Look;
use super::{Find, Rule, Squawk};
use crate::finding::Severity;
use squawk_syntax::ast;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-table",
    rows: &[67],
    severity: Severity::Error,
    title: "Table dropped",
    happens: "The table and its rows are gone, and programs that still name it fail.",
    applies: "Not for a table made in the same plan.",
    instead: "Stop using the table everywhere first; rename it, and drop it later.",
    manual: "sql-droptable",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropTable, applies),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    match look.tree {
        ast::Stmt::DropTable(drop) => {
            let mut names = drop
                .table_name_refs()
                .filter_map(|table| super::name(Some(&table)));
            names.any(|table| !look.is_new(&table))
        }
        _ => true,
    }
}
