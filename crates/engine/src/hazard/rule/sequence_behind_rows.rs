//! Rows with their own numbers, and the sequence behind them.

use super::{Find, Rule};
use super::{Hits, Look, name, name_of};
use crate::sql::green;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "sequence-behind-rows",
    rows: &[82],
    title: "Rows with their own numbers, and the sequence behind them",
    happens: "The sequence does not know of numbers that an INSERT gives itself: a later INSERT meets one that is in use.",
    applies: "For INSERT … VALUES that gives numbers to a serial or identity column, without a setval after it.",
    instead: "SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users));",
    manual: "functions-sequence",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::Insert(insert) = look.tree else {
        return;
    };
    let Some(table) = name(insert.relation_name_ref().as_ref()) else {
        return;
    };
    let Some(known) = look.schema.table(&table) else {
        return;
    };
    let Some(list) = insert.column_target_list() else {
        return;
    };
    let text = green::text(list.syntax());
    let named = text.trim_matches(|c| c == '(' || c == ')').split(',');
    let own = named.filter_map(name_of).find_map(|name| {
        let column = known.column(&name.name)?;
        (column.is_identity || column.sequence.is_some()).then_some(name.name)
    });
    if let Some(column) = own
        && !look.says_later(&["setval"])
        && !look.says_later(&["restart"])
    {
        hits.add(
            look.head(),
            format!("The INSERT gives numbers to {table}.{column} itself, and its sequence does not know: a later INSERT meets one that is in use. Set the sequence after it, with setval."),
        );
    }
}
