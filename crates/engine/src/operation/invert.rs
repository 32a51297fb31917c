//! The operations that undo operations, as far as that is known without looking at a database.

use super::Operation;
use sqlparser::ast::{AlterColumnOperation, Ident, ObjectName, ObjectNamePart, TableConstraint};

/// What undoes `operations`, the last one first; `None` where one of them cannot be undone.
pub fn invert(operations: &[Operation]) -> Option<Vec<Operation>> {
    let undone: Option<Vec<Vec<Operation>>> =
        operations.iter().rev().map(Operation::invert).collect();
    undone.map(|lists| lists.into_iter().flatten().collect())
}

impl Operation {
    /// What undoes this operation: nothing for one that leaves nothing behind, `None` for one that destroys
    /// what only a database knows.
    pub fn invert(&self) -> Option<Vec<Operation>> {
        let undo = match self {
            Operation::CreateTable { name, .. } => Operation::DropTable(name.clone()),
            Operation::RenameTable { table, to } => Operation::RenameTable {
                table: beside(table, to),
                to: last(table)?,
            },
            Operation::AddColumn { table, column } => Operation::DropColumn {
                table: table.clone(),
                column: column.name.clone(),
            },
            Operation::RenameColumn { table, from, to } => Operation::RenameColumn {
                table: table.clone(),
                from: to.clone(),
                to: from.clone(),
            },
            Operation::AlterColumn {
                table,
                column,
                change,
            } => Operation::AlterColumn {
                table: table.clone(),
                column: column.clone(),
                change: match change {
                    AlterColumnOperation::SetNotNull => AlterColumnOperation::DropNotNull,
                    AlterColumnOperation::DropNotNull => AlterColumnOperation::SetNotNull,
                    _ => return None,
                },
            },
            Operation::CreateIndex(index) => Operation::DropIndex {
                name: beside(&index.table_name, &last(index.name.as_ref()?)?),
                concurrently: index.concurrently,
            },
            Operation::AddConstraint {
                table, constraint, ..
            } => Operation::DropConstraint {
                table: table.clone(),
                name: constraint_name(constraint)?.clone(),
            },
            Operation::CreateEnum { name, .. } => Operation::DropType(name.clone()),
            Operation::CreateExtension(name) => Operation::DropExtension(name.clone()),
            Operation::Sql { text, undo } => Operation::Sql {
                text: undo.clone()?,
                undo: Some(text.clone()),
            },
            Operation::ValidateConstraint { .. } | Operation::CommentOnType { .. } => {
                return Some(Vec::new());
            }
            Operation::DropTable(_)
            | Operation::DropColumn { .. }
            | Operation::DropIndex { .. }
            | Operation::DropConstraint { .. }
            | Operation::DropType(_)
            | Operation::DropExtension(_) => return None,
        };
        Some(vec![undo])
    }
}

/// The last part of a name: what it is called in its schema.
fn last(name: &ObjectName) -> Option<Ident> {
    name.0.last().and_then(ObjectNamePart::as_ident).cloned()
}

/// `name` in the schema of `table`.
fn beside(table: &ObjectName, name: &Ident) -> ObjectName {
    let mut parts = table.0.clone();
    parts.pop();
    parts.push(ObjectNamePart::Identifier(name.clone()));
    ObjectName(parts)
}

/// The name that a constraint was given.
fn constraint_name(constraint: &TableConstraint) -> Option<&Ident> {
    match constraint {
        TableConstraint::Unique(unique) => unique.name.as_ref(),
        TableConstraint::PrimaryKey(key) => key.name.as_ref(),
        TableConstraint::ForeignKey(key) => key.name.as_ref(),
        TableConstraint::Check(check) => check.name.as_ref(),
        _ => None,
    }
}
