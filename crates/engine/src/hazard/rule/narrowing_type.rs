//! Type that holds less.

use super::{Find, Rule};
use super::{Hits, Look, range, word};
use crate::finding::Severity;
use crate::sql::effect::{Narrowing, type_change};
use squawk_syntax::ast::{AlterColumnOption, AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "narrowing-type",
    rows: &[78],
    severity: Severity::Error,
    title: "Type that holds less",
    happens: "Values that the new type cannot hold make the statement fail, or are cut or rounded by USING.",
    applies: "Where the history knows the old type, and the new one holds less.",
    instead: "Look for such values first; add a new column and move what fits.",
    manual: "sql-altertable",
    word: "type",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter().filter(|(table, _)| !look.is_new(table)) else {
        return;
    };
    let Some(before) = look.schema.table(table) else {
        return;
    };
    let mut after = None;
    for action in actions {
        let AlterTableAction::AlterColumn(altered) = action else {
            continue;
        };
        let Some(AlterColumnOption::SetType(changed)) = altered.option() else {
            continue;
        };
        let Some(name) = word(altered.column_name_ref().as_ref()) else {
            continue;
        };
        let after = after.get_or_insert_with(|| {
            let mut after = look.schema.around(table);
            look.apply_to(&mut after);
            after
        });
        let new = after.table(table).and_then(|after| after.column(&name));
        let Some((old, new)) = before.column(&name).zip(new) else {
            continue;
        };
        let has_using = changed.using_expr().is_some();
        let change = type_change(&old.sql_type, &new.sql_type, has_using, look.schema);
        let what = match change.narrowing {
            Narrowing::None => continue,
            Narrowing::Fails => "the statement fails on the first value that does not fit",
            Narrowing::Loses => "values that do not fit are cut or rounded",
        };
        hits.add(
            range(changed.syntax()),
            format!("The new type of {table}.{name} holds less than the old one: {what}. Look for such values first."),
        );
    }
}
