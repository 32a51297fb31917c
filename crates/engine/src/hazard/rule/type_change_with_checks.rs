//! Type change of a column with checks.

use super::{Find, Rule};
use super::{Hits, Look, range, word};
use crate::sql::schema::ConstraintKind;
use squawk_syntax::ast::{AlterColumnOption, AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "type-change-with-checks",
    rows: &[16],
    in_downgrade: true,
    title: "Type change of a column with checks",
    happens: "PostgreSQL reads the whole table to check the constraints of the column again, even where the type alone would change the catalog only.",
    waits: "Everybody who uses the table waits.",
    applies: "Where the history knows a CHECK that names the column.",
    instead: "Drop the CHECK, change the type, and add it again NOT VALID.",
    manual: "sql-altertable",
    word: "type",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    let Some(known) = look.schema.table(table).filter(|_| !look.is_new(table)) else {
        return;
    };
    for action in actions {
        let AlterTableAction::AlterColumn(column) = action else {
            continue;
        };
        let Some(AlterColumnOption::SetType(changed)) = column.option() else {
            continue;
        };
        let Some(name) = word(column.column_name_ref().as_ref()) else {
            continue;
        };
        let check = known.constraints.iter().find(|one| {
            matches!(one.kind, ConstraintKind::Check(_)) && one.columns.contains(&name)
        });
        if let Some(check) = check {
            hits.add(
                range(changed.syntax()),
                format!("The CHECK {} names {name}: all of {table} is read again under ACCESS EXCLUSIVE. Drop the CHECK before, and add it again NOT VALID.", check.name),
            );
        }
    }
}
