//! Typed DDL: build it, print it, invert it. Variants hold `sqlparser` AST wherever sqlparser has it.
//!
//! Invariant: an operation prints as one statement that ends with `;`. Identifiers hold the folded value;
//! [`ident`] gives them quotes where PostgreSQL needs them, so that every AST node prints right.

mod invert;
mod render;
#[cfg(test)]
mod tests;

pub use invert::invert;
use sqlparser::ast::{
    AlterColumnOperation, ColumnDef, CreateIndex, Ident, ObjectName, TableConstraint,
};

/// SQL that is kept as it was written, one statement with its `;`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlText(pub String);

/// One change of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    CreateTable {
        name: ObjectName,
        columns: Vec<ColumnDef>,
        constraints: Vec<TableConstraint>,
    },
    DropTable(ObjectName),
    RenameTable {
        table: ObjectName,
        to: Ident,
    },
    AddColumn {
        table: ObjectName,
        column: ColumnDef,
    },
    DropColumn {
        table: ObjectName,
        column: Ident,
    },
    RenameColumn {
        table: ObjectName,
        from: Ident,
        to: Ident,
    },
    AlterColumn {
        table: ObjectName,
        column: Ident,
        change: AlterColumnOperation,
    },
    CreateIndex(Box<CreateIndex>),
    DropIndex {
        name: ObjectName,
        concurrently: bool,
    },
    AddConstraint {
        table: ObjectName,
        constraint: TableConstraint,
        not_valid: bool,
    },
    ValidateConstraint {
        table: ObjectName,
        name: Ident,
    },
    DropConstraint {
        table: ObjectName,
        name: Ident,
    },
    CreateEnum {
        name: ObjectName,
        labels: Vec<String>,
    },
    DropType(ObjectName),
    /// A comment on a type that the same list of operations creates; it goes when the type goes.
    CommentOnType {
        name: ObjectName,
        text: String,
    },
    /// `CREATE EXTENSION IF NOT EXISTS`.
    CreateExtension(Ident),
    DropExtension(Ident),
    /// What sqlparser has no tree for, or what a user wrote; with the statement that undoes it where there is one.
    Sql {
        text: SqlText,
        undo: Option<SqlText>,
    },
}

/// An identifier with this value, quoted where PostgreSQL needs it.
pub fn ident(value: impl Into<String>) -> Ident {
    let value = value.into();
    if crate::sql::identifier(&value) == value {
        Ident::new(value)
    } else {
        Ident::with_quote('"', value)
    }
}
