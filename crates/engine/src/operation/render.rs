//! The printer: one readable statement for each operation.

use super::{Operation, SqlText};
use crate::sql::literal;
use sqlparser::ast::{
    ArrayElemTypeDef, ColumnDef, CreateIndex, DataType, Expr, IndexColumn, ObjectName,
};
use std::fmt::{self, Display, Formatter, Write as _};

impl Display for SqlText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Operation::CreateTable {
                name,
                columns,
                constraints,
            } => {
                let columns = columns.iter().map(column);
                let constraints = constraints.iter().map(ToString::to_string);
                create_table(f, name, &columns.chain(constraints).collect::<Vec<_>>())
            }
            Operation::DropTable(name) => write!(f, "DROP TABLE {name};"),
            Operation::RenameTable { table, to } => {
                write!(f, "ALTER TABLE {table} RENAME TO {to};")
            }
            Operation::AddColumn {
                table,
                column: added,
            } => {
                write!(f, "ALTER TABLE {table} ADD COLUMN {};", column(added))
            }
            Operation::DropColumn { table, column } => {
                write!(f, "ALTER TABLE {table} DROP COLUMN {column};")
            }
            Operation::RenameColumn { table, from, to } => {
                write!(f, "ALTER TABLE {table} RENAME COLUMN {from} TO {to};")
            }
            Operation::AlterColumn {
                table,
                column,
                change,
            } => {
                write!(f, "ALTER TABLE {table} ALTER COLUMN {column} {change};")
            }
            Operation::CreateIndex(index) => create_index(f, index),
            Operation::DropIndex { name, concurrently } => {
                write!(
                    f,
                    "DROP INDEX {}{name};",
                    if *concurrently { "CONCURRENTLY " } else { "" }
                )
            }
            Operation::AddConstraint {
                table,
                constraint,
                not_valid,
            } => write!(
                f,
                "ALTER TABLE {table} ADD {constraint}{};",
                if *not_valid { " NOT VALID" } else { "" }
            ),
            Operation::ValidateConstraint { table, name } => {
                write!(f, "ALTER TABLE {table} VALIDATE CONSTRAINT {name};")
            }
            Operation::DropConstraint { table, name } => {
                write!(f, "ALTER TABLE {table} DROP CONSTRAINT {name};")
            }
            Operation::CreateEnum { name, labels } => {
                let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
                write!(f, "CREATE TYPE {name} AS ENUM ({});", labels.join(", "))
            }
            Operation::DropType(name) => write!(f, "DROP TYPE {name};"),
            Operation::CommentOnType { name, text } => {
                write!(f, "COMMENT ON TYPE {name} IS {};", literal(text))
            }
            Operation::CreateExtension(name) => write!(f, "CREATE EXTENSION IF NOT EXISTS {name};"),
            Operation::DropExtension(name) => write!(f, "DROP EXTENSION {name};"),
            Operation::Sql { text, .. } => write!(f, "{text}"),
        }
    }
}

/// One column or constraint a line.
fn create_table(f: &mut Formatter<'_>, name: &ObjectName, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return write!(f, "CREATE TABLE {name} ();");
    }
    write!(
        f,
        "CREATE TABLE {name} (\n    {}\n);",
        lines.join(",\n    ")
    )
}

/// A column definition, its type in lower case.
fn column(column: &ColumnDef) -> String {
    let mut text = format!("{} {}", column.name, data_type(&column.data_type));
    for option in &column.options {
        let option = option.to_string();
        text.push(' ');
        text.push_str(option.trim_start());
    }
    text
}

/// A type as it is usually written: built-in names in lower case, the user's own as they are.
fn data_type(data_type: &DataType) -> String {
    let mut inner = data_type;
    let mut brackets = Vec::new();
    while let DataType::Array(ArrayElemTypeDef::SquareBracket(element, size)) = inner {
        brackets.push(size.map_or_else(|| "[]".to_owned(), |size| format!("[{size}]")));
        inner = element;
    }
    let mut text = match inner {
        DataType::Custom(..) => inner.to_string(),
        _ => inner.to_string().to_ascii_lowercase(),
    };
    text.extend(brackets.into_iter().rev());
    text
}

fn create_index(f: &mut Formatter<'_>, index: &CreateIndex) -> fmt::Result {
    f.write_str(if index.unique {
        "CREATE UNIQUE INDEX "
    } else {
        "CREATE INDEX "
    })?;
    if index.concurrently {
        f.write_str("CONCURRENTLY ")?;
    }
    if index.if_not_exists {
        f.write_str("IF NOT EXISTS ")?;
    }
    if let Some(name) = &index.name {
        write!(f, "{name} ")?;
    }
    write!(f, "ON {}", index.table_name)?;
    if let Some(method) = &index.using {
        write!(f, " USING {}", method.to_string().to_ascii_lowercase())?;
    }
    let columns: Vec<String> = index.columns.iter().map(index_column).collect();
    write!(f, " ({})", columns.join(", "))?;
    if !index.include.is_empty() {
        let include: Vec<String> = index.include.iter().map(ToString::to_string).collect();
        write!(f, " INCLUDE ({})", include.join(", "))?;
    }
    match index.nulls_distinct {
        Some(true) => f.write_str(" NULLS DISTINCT")?,
        Some(false) => f.write_str(" NULLS NOT DISTINCT")?,
        None => {}
    }
    if !index.with.is_empty() {
        let with: Vec<String> = index.with.iter().map(ToString::to_string).collect();
        write!(f, " WITH ({})", with.join(", "))?;
    }
    if let Some(predicate) = &index.predicate {
        write!(f, " WHERE {predicate}")?;
    }
    f.write_char(';')
}

/// An index column: an expression that is neither a name nor a call stands in parentheses, and the operator
/// class comes before the order (CREATE INDEX in PostgreSQL's reference; sqlparser 0.63 prints it after).
fn index_column(column: &IndexColumn) -> String {
    let expr = &column.column.expr;
    let mut text = match expr {
        Expr::Identifier(_) | Expr::Function(_) | Expr::Nested(_) | Expr::Collate { .. } => {
            expr.to_string()
        }
        _ => format!("({expr})"),
    };
    if let Some(class) = &column.operator_class {
        text.push(' ');
        text.push_str(&class.to_string());
    }
    text.push_str(&column.column.options.to_string());
    text
}
