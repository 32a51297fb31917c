//! What renaming and removing an enum's value have in common: a second enum, to which the one column that uses the type is
//! changed as by `change-type`, and which takes over the type's name.

use super::super::build::Builder;
use super::super::names::LONGEST;
use super::super::start::mentions_of;
use super::super::{ChangeError, names::TableName};
use super::change_type::labels::Labels;
use super::{ChangeType, Field, FieldKind};
use crate::catalog::{Column, Enum, Object};
use crate::sql::{identifier, literal};

/// The column, in both kinds.
pub const COLUMN: Field = Field::needed("column", "Column", "tier", FieldKind::Column);

/// An enum, and the one column that has it.
pub struct Used<'a> {
    pub column: &'a Column,
    pub type_: &'a Enum,
}

impl<'a> Used<'a> {
    /// # Errors
    /// Where the column is of no enum, or something else uses it, too, in words.
    pub fn find(builder: &Builder<'a>, column: &str) -> Result<Self, ChangeError> {
        let column = builder.column(column)?;
        let words = format!("{}.{}", builder.name.words(), identifier(&column.name));
        let all = || builder.change.start.objects();
        let found = all().find_map(|object| match object {
            Object::Enum(it) if TableName::new(&it.schema, &it.name).sql() == column.type_ => {
                Some(it)
            }
            _ => None,
        });
        let type_ = found.ok_or_else(|| {
            ChangeError(format!(
                "{words} is {}, which is no enum: name a column of one",
                column.type_
            ))
        })?;
        let name = TableName::new(&type_.schema, &type_.name);
        if type_.grants.is_some() {
            return Err(ChangeError(format!(
                "{} has privileges of its own, which the type that takes its place would not have: take them away first",
                name.words()
            )));
        }
        let mut others: Vec<String> = all()
            .filter(|object| !matches!(object, Object::Enum(_)))
            .filter(|object| object.name() != (&builder.name.schema, &builder.name.name))
            .filter(|object| {
                mentions_of(object).contains(&(name.schema.clone(), name.name.clone()))
            })
            .map(|object| format!("{} {}", object.kind().words(), object.name().1))
            .collect();
        others.extend(in_table(builder, column, &name));
        match others.is_empty() {
            true => Ok(Used { column, type_ }),
            false => Err(ChangeError(format!(
                "{} is used by {}, too, and only one column can be taken along: change these first, so that {words} alone has the type",
                name.words(),
                others.join(", ")
            ))),
        }
    }

    /// # Errors
    /// Where the enum has no such value; those that it has are told.
    pub fn has(&self, value: &str) -> Result<(), ChangeError> {
        match self.type_.labels.iter().any(|label| label == value) {
            true => Ok(()),
            false => Err(ChangeError(format!(
                "{} has no value {}: it has {}",
                self.words(),
                literal(value),
                self.type_
                    .labels
                    .iter()
                    .map(|label| literal(label))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    /// The type, for people.
    pub fn words(&self) -> String {
        TableName::new(&self.type_.schema, &self.type_.name).words()
    }

    /// Adds the phases.
    ///
    /// # Errors
    /// Where the column's type cannot be changed, in words.
    pub fn build(
        &self,
        builder: &mut Builder<'a>,
        labels: &Labels<'_>,
        to: Option<&String>,
    ) -> Result<(), ChangeError> {
        let default = match &self.column.default {
            None => None,
            Some(default) => Some(labels.default(default).ok_or_else(|| {
                ChangeError(format!(
                    "{}.{} has the default {default}, which is no value of its type: let it be one, or drop it, in a revision before",
                    builder.name.words(),
                    identifier(&self.column.name)
                ))
            })?),
        };
        let second = labels.second();
        let change = ChangeType {
            column: self.column.name.clone(),
            type_: second.sql(),
            up: None,
            down: None,
            default,
            to: to.cloned(),
        };
        change.build_with(builder, Some(labels))?;
        builder.note(format!(
            "Until the contract the type of the second column is called {}: no statement should name it in a cast. From then on it is {}.",
            second.words(),
            self.words()
        ));
        Ok(())
    }
}

/// What else of the table uses the type.
fn in_table(builder: &Builder<'_>, column: &Column, type_: &TableName) -> Vec<String> {
    let uses = |text: &str| {
        let all = crate::draft::mentions(text);
        all.contains(&(type_.schema.clone(), type_.name.clone()))
    };
    let table = builder.table;
    let columns = table.columns.iter().filter(|one| {
        let default = one.default.as_deref().unwrap_or_default();
        one.name != column.name && (uses(&one.type_) || uses(default))
    });
    let columns = columns.map(|one| format!("column {}", identifier(&one.name)));
    let constraints = table.constraints.iter().filter(|one| uses(&one.definition));
    let constraints = constraints.map(|one| format!("constraint {}", identifier(&one.name)));
    let indexes = table.indexes.iter().filter(|one| uses(&one.definition));
    let indexes = indexes.map(|one| format!("index {}", identifier(&one.name)));
    columns.chain(constraints).chain(indexes).collect()
}

/// An enum's value as it is given: as a word, or as an SQL string.
///
/// # Errors
/// Where PostgreSQL would not keep it, in words.
pub fn value(text: &str) -> Result<String, ChangeError> {
    let inner = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    let value = match inner {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    };
    match value.len() {
        1..=LONGEST => Ok(value),
        _ => Err(ChangeError(format!(
            "{} cannot be a value of an enum: write 1 to {LONGEST} bytes",
            literal(&value)
        ))),
    }
}
