//! Table dropped and made again.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "create-after-drop",
    rows: &[73],
    severity: Severity::Error,
    title: "Table dropped and made again",
    happens: "The file drops the table and makes it anew: its rows are gone, and its privileges, triggers and foreign keys, too.",
    applies: "For CREATE TABLE after DROP TABLE IF EXISTS of the same name.",
    instead: "ALTER TABLE; or make it under another name, and move the rows.",
    manual: "sql-createtable",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateTable(create) = look.tree else {
        return;
    };
    let Some(table) = name(create.table_name().as_ref()) else {
        return;
    };
    if look.dropped.contains(&table) {
        hits.here(look.head());
    }
}
