//! GIN index on a whole document.

use super::{Find, Rule};
use super::{Hits, Look, name, name_of, range};
use crate::finding::Severity;
use crate::sql::green;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "gin-on-jsonb",
    rows: &[116],
    severity: Severity::Note,
    title: "GIN index on a whole document",
    happens: "A GIN index of a whole jsonb column is large, and every write of the column writes many of its entries.",
    applies: "For USING gin on a plain column without an operator class.",
    instead: "USING gin (data jsonb_path_ops), or a B-tree on the one key that is asked for.",
    manual: "datatype-json",
    word: "gin",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateIndex(create) = look.tree else {
        return;
    };
    let (Some(method), Some(list)) = (create.using_method(), create.partition_item_list()) else {
        return;
    };
    let is_gin = method
        .syntax()
        .text()
        .to_string()
        .to_ascii_lowercase()
        .ends_with("gin");
    let Some(table) = name(create.table_relation_name().as_ref()) else {
        return;
    };
    let known = look.schema.table(&table);
    for item in list.partition_items() {
        let column = item
            .expr()
            .and_then(|it| name_of(&green::text(it.syntax())));
        let jsonb = known.zip(column).is_some_and(|(known, name)| {
            known
                .column(&name.name)
                .is_some_and(|column| column.sql_type.name == "jsonb")
        });
        if is_gin && item.op_class_ref().is_none() && jsonb {
            hits.here(range(item.syntax()));
        }
    }
}
