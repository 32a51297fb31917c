//! Column that a view reads is dropped or changed.

use super::{Find, Rule};
use super::{Hits, Look, range, word};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterColumnOption, AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "changing-what-a-view-reads",
    rows: &[81],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Column that a view reads is dropped or changed",
    happens: "PostgreSQL refuses to drop or retype a column that a view reads; with CASCADE the view goes.",
    applies: "Where the history knows a view of the table whose text names the column.",
    instead: "Drop the view, change the column, and make the view again in the same transaction.",
    manual: "rules-views",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    for action in actions {
        let column = match &action {
            AlterTableAction::DropColumn(dropped) => word(dropped.column_name_ref().as_ref()),
            AlterTableAction::AlterColumn(altered)
                if matches!(altered.option(), Some(AlterColumnOption::SetType(_))) =>
            {
                word(altered.column_name_ref().as_ref())
            }
            _ => None,
        };
        let Some(column) = column else {
            continue;
        };
        let view = look.schema.views_of(table).find(|view| {
            let known = look.schema.table(view);
            known.is_some_and(|view| view.columns.iter().any(|own| own.name == column))
        });
        if let Some(view) = view {
            hits.add(
                range(action.syntax()),
                format!("The view {view} reads {table}, and has a column {column}: PostgreSQL refuses this while the view is there. Drop the view before, and make it again after."),
            );
        }
    }
}
