//! Primary key over columns that may be NULL.

use super::{Find, Rule};
use super::{Hits, Look, name_of, range};
use crate::finding::Severity;
use crate::sql::green;
use squawk_syntax::ast::{AlterTableAction, AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "primary-key-on-nullable-columns",
    rows: &[7],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Primary key over columns that may be NULL",
    happens: "PRIMARY KEY USING INDEX sets the columns NOT NULL, and reads the whole table for that while it holds ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Where the history says that a column of the index may be NULL.",
    instead: "Set the columns NOT NULL first, with a validated CHECK.",
    manual: "sql-altertable",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    for action in actions {
        let AlterTableAction::AddConstraint(added) = action else {
            continue;
        };
        let Some(Constraint::PrimaryKeyConstraint(key)) = added.constraint() else {
            continue;
        };
        let Some(using) = key.using_index() else {
            continue;
        };
        let text = green::text(using.syntax());
        let Some(index) = text.split_ascii_whitespace().last().and_then(name_of) else {
            continue;
        };
        let (Some(index), Some(known)) = (look.schema.index(&index), look.schema.table(table))
        else {
            continue;
        };
        let nullable = index.columns.iter().find(|column| {
            known
                .column(column)
                .is_some_and(|column| column.is_nullable)
        });
        if let Some(column) = nullable
            && !look.is_new(table)
        {
            hits.add(
                range(key.syntax()),
                format!("The column {column} may be NULL: PRIMARY KEY USING INDEX reads all of {table} under ACCESS EXCLUSIVE to set it NOT NULL. Set it NOT NULL first, with the help of a validated CHECK."),
            );
        }
    }
}
