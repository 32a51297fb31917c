//! Templates of tables and columns.

use super::constraint::plain_index;
use super::input::{Form, TableLine, last};
use super::{Draft, TemplateError, name};
use crate::operation::{Operation, ident};
use sqlparser::ast::{
    ColumnDef, ColumnOption, ColumnOptionDef, DataType, Expr, Ident, IndexColumn, ObjectName,
    TableConstraint, TimezoneInfo,
};
use std::collections::BTreeSet;

pub fn create(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let table = form.object("table")?;
    let mut columns: Vec<ColumnDef> = Vec::new();
    let mut constraints: Vec<TableConstraint> = Vec::new();
    let mut add = |line: TableLine, at: &str| match line {
        TableLine::Column(column)
            if columns
                .iter()
                .any(|other| other.name.value == column.name.value) =>
        {
            Err(form.error(
                "columns",
                format!("{at}column {} is there twice", column.name),
            ))
        }
        TableLine::Column(column) => {
            columns.push(column);
            Ok(())
        }
        TableLine::Constraint(constraint) => {
            constraints.push(constraint);
            Ok(())
        }
    };
    if form.checked("id") {
        add(
            form.table_line("id", "id uuid PRIMARY KEY DEFAULT gen_random_uuid()")?,
            "",
        )?;
    }
    for (number, text) in form.lines("columns") {
        let at = format!("line {number}: ");
        let line = form
            .table_line("columns", text)
            .map_err(|error| TemplateError {
                message: error.message.replacen(": ", &format!(": {at}"), 1),
                ..error
            })?;
        add(line, &at)?;
    }
    if form.checked("timestamps") {
        for column in ["created_at", "updated_at"] {
            let text = format!("{column} timestamptz NOT NULL DEFAULT now()");
            add(form.table_line("timestamps", &text)?, "")?;
        }
    }
    if columns.is_empty() {
        return Err(form.error("columns", "a table needs at least one column"));
    }
    name_constraints(last(&table), &mut columns, &mut constraints);
    let message = format!("Add {} table", last(&table));
    let operation = Operation::CreateTable {
        name: table,
        columns,
        constraints,
    };
    Ok(Draft::new(message, vec![operation]))
}

/// Gives constraints without a name one by the conventions, as long as no two get the same.
fn name_constraints(table: &str, columns: &mut [ColumnDef], constraints: &mut [TableConstraint]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut give = |slot: &mut Option<Ident>, parts: &[&str]| {
        if slot.is_none() {
            let name = name::joined(parts);
            if taken.insert(name.value.clone()) {
                *slot = Some(name);
            }
        }
    };
    for column in columns {
        for option in &mut column.options {
            let ColumnOptionDef { name, option } = option;
            match option {
                ColumnOption::Unique(_) => give(name, &["uq", table, &column.name.value]),
                ColumnOption::ForeignKey(key) => {
                    give(
                        name,
                        &["fk", table, &column.name.value, last(&key.foreign_table)],
                    );
                }
                ColumnOption::Check(_) => give(name, &["ck", table, &column.name.value]),
                _ => {}
            }
        }
    }
    for constraint in constraints {
        match constraint {
            TableConstraint::Unique(unique) => {
                let columns = words(&unique.columns);
                give(&mut unique.name, &["uq", table, &columns]);
            }
            TableConstraint::ForeignKey(key) => {
                let columns: Vec<&str> = key
                    .columns
                    .iter()
                    .map(|column| column.value.as_str())
                    .collect();
                give(
                    &mut key.name,
                    &["fk", table, &columns.join("_"), last(&key.foreign_table)],
                );
            }
            TableConstraint::Check(check) => {
                let columns = name::of_expr(&check.expr);
                give(&mut check.name, &["ck", table, &columns]);
            }
            _ => {}
        }
    }
}

/// The columns of an index as words of its name.
pub fn words(columns: &[IndexColumn]) -> String {
    columns
        .iter()
        .map(|column| name::of_expr(&column.column.expr))
        .collect::<Vec<_>>()
        .join("_")
}

pub fn add_column(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let table = form.object("table")?;
    let column = form.column_name("column", form.required("column")?)?;
    let data_type = form.data_type("type")?;
    let default = form.expr("default")?.map(ColumnOption::Default);
    let not_null = form.checked("not_null").then_some(ColumnOption::NotNull);
    let message = format!("Add {} to {}", column.value, last(&table));
    let options = not_null.into_iter().chain(default);
    let operation = Operation::AddColumn {
        table,
        column: ColumnDef {
            name: column,
            data_type,
            options: options
                .map(|option| ColumnOptionDef { name: None, option })
                .collect(),
        },
    };
    Ok(Draft::new(message, vec![operation]))
}

pub fn soft_delete(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let table: ObjectName = form.object("table")?;
    let column = form.column_name("column", form.required("column")?)?;
    let deleted_at = ident("deleted_at");
    let mut index = plain_index(
        name::joined(&["ix", last(&table), &column.value, "live"]),
        table.clone(),
        vec![IndexColumn::from(column)],
    );
    index.predicate = Some(Expr::IsNull(Box::new(Expr::Identifier(deleted_at.clone()))));
    let message = format!("Add {} to {}", deleted_at.value, last(&table));
    let column = ColumnDef {
        name: deleted_at,
        data_type: DataType::Timestamp(None, TimezoneInfo::Tz),
        options: Vec::new(),
    };
    let operations = vec![
        Operation::AddColumn { table, column },
        Operation::CreateIndex(Box::new(index)),
    ];
    Ok(Draft::new(message, operations))
}
