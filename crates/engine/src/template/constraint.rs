//! Templates of indexes and foreign keys.

use super::field::{METHODS, ON_DELETE};
use super::input::{Form, last};
use super::table::words;
use super::{Draft, TemplateError, name};
use crate::operation::{Operation, ident};
use sqlparser::ast::{
    CreateIndex, ForeignKeyConstraint, Ident, IndexColumn, IndexType, ObjectName,
    ReferentialAction, TableConstraint,
};

/// A B-tree index with nothing special about it.
pub fn plain_index(name: Ident, table: ObjectName, columns: Vec<IndexColumn>) -> CreateIndex {
    CreateIndex {
        name: Some(ObjectName::from(vec![name])),
        table_name: table,
        using: None,
        columns,
        unique: false,
        concurrently: false,
        r#async: false,
        if_not_exists: false,
        include: Vec::new(),
        nulls_distinct: None,
        with: Vec::new(),
        predicate: None,
        index_options: Vec::new(),
        alter_options: Vec::new(),
    }
}

/// The value of a choice, checked; the first one where nothing was chosen.
fn chosen(
    form: &Form<'_>,
    field: &'static str,
    choices: &'static [&'static str],
) -> Result<&'static str, TemplateError> {
    let text = form.text(field).to_ascii_lowercase();
    let found = choices.iter().find(|choice| **choice == text);
    match found.or(choices.first().filter(|_| text.is_empty())) {
        Some(choice) => Ok(choice),
        None => Err(form.error(field, format!("`{text}` is none of {}", choices.join(", ")))),
    }
}

pub fn index(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let table = form.object("table")?;
    let columns = form.index_columns("columns")?;
    let method = chosen(form, "method", METHODS)?;
    let unique = form.checked("unique");
    if unique && method != "btree" {
        return Err(form.error(
            "unique",
            format!("only a btree index can be unique, not {method}"),
        ));
    }
    let columns_words = words(&columns);
    let name = name::joined(&[
        if unique { "uq" } else { "ix" },
        last(&table),
        &columns_words,
    ]);
    let message = format!("Add index on {} of {}", columns_words, last(&table));
    let mut index = plain_index(name, table, columns);
    index.unique = unique;
    index.using = (method != "btree").then(|| IndexType::Custom(Ident::new(method)));
    index.predicate = form.expr("where")?;
    index.concurrently = form.checked("concurrently");
    Ok(Draft::new(
        message,
        vec![Operation::CreateIndex(Box::new(index))],
    ))
}

pub fn foreign_key(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let table = form.object("table")?;
    let columns = form.column_names("column", form.required("column")?)?;
    let foreign_table = form.object("references_table")?;
    let referred_columns = match form.text("references_column") {
        "" => vec![ident("id")],
        text => form.column_names("references_column", text)?,
    };
    if columns.len() != referred_columns.len() {
        let message = format!(
            "{} columns cannot reference {}",
            columns.len(),
            referred_columns.len()
        );
        return Err(form.error("references_column", message));
    }
    let on_delete = match chosen(form, "on_delete", ON_DELETE)? {
        "restrict" => Some(ReferentialAction::Restrict),
        "cascade" => Some(ReferentialAction::Cascade),
        "set null" => Some(ReferentialAction::SetNull),
        "set default" => Some(ReferentialAction::SetDefault),
        _ => None,
    };
    let words: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let words = words.join("_");
    let name = name::joined(&["fk", last(&table), &words, last(&foreign_table)]);
    let message = format!(
        "Add foreign key from {} to {}",
        last(&table),
        last(&foreign_table)
    );
    let constraint = ForeignKeyConstraint {
        name: Some(name.clone()),
        index_name: None,
        columns,
        foreign_table,
        referred_columns,
        on_delete,
        on_update: None,
        match_kind: None,
        characteristics: None,
    };
    let add = Operation::AddConstraint {
        table: table.clone(),
        constraint: TableConstraint::ForeignKey(constraint),
        not_valid: true,
    };
    Ok(Draft {
        message,
        transactions: vec![
            vec![add],
            vec![Operation::ValidateConstraint { table, name }],
        ],
    })
}
