//! Table without a primary key.

use super::{Find, Rule};
use super::{Hits, Look, name};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "table-without-primary-key",
    rows: &[96],
    title: "Table without a primary key",
    happens: "Rows cannot be told apart, logical replicas cannot UPDATE or DELETE them, and backfills have nothing to go by.",
    applies: "For CREATE TABLE without a primary key; not for partitions, temporary tables, nor where the same plan adds one.",
    instead: "Add a primary key.",
    manual: "ddl-constraints",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateTable(create) = look.tree else {
        return;
    };
    if create.partition_of().is_some()
        || create.inherits().is_some()
        || create.persistence().is_some()
    {
        return;
    }
    let Some(table) = name(create.table_name().as_ref()) else {
        return;
    };
    let text = look.lower();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has_key =
        words.windows(2).any(|pair| pair == ["primary", "key"]) || words.contains(&"like");
    if !has_key && !look.says_later(&["primary", "key", &table.name]) {
        hits.here(look.head());
    }
}
