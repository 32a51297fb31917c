//! The seeds' migration patterns as forms that write both directions.

mod constraint;
mod data;
mod field;
mod input;
mod name;
mod object;
mod table;
#[cfg(test)]
mod tests;

use crate::operation::{self, Operation};
use input::Form;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A pattern that the page offers for a new revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    Blank,
    CreateTable,
    AddColumn,
    AddIndex,
    AddForeignKey,
    CreateEnum,
    CreateExtension,
    UpdatedAtTrigger,
    DataMigration,
    SoftDelete,
}

/// One input of a template's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    /// Shown in the empty input.
    pub example: &'static str,
    /// What the input holds at first.
    pub initial: &'static str,
    pub required: bool,
    pub kind: FieldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// Checked ("true") or not (absent).
    Check,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// What a template writes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Written {
    pub upgrade: String,
    pub downgrade: String,
    /// A message for the revision, used where the author gave none.
    pub message: String,
}

/// A field whose value cannot be used, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    pub field: &'static str,
    pub message: String,
}

impl Template {
    pub const ALL: [Template; 10] = [
        Template::Blank,
        Template::CreateTable,
        Template::AddColumn,
        Template::AddIndex,
        Template::AddForeignKey,
        Template::CreateEnum,
        Template::CreateExtension,
        Template::UpdatedAtTrigger,
        Template::DataMigration,
        Template::SoftDelete,
    ];

    /// The pattern's name for people.
    pub fn title(self) -> &'static str {
        match self {
            Template::Blank => "Blank",
            Template::CreateTable => "Create a table",
            Template::AddColumn => "Add a column",
            Template::AddIndex => "Add an index",
            Template::AddForeignKey => "Add a foreign key",
            Template::CreateEnum => "Create an enum",
            Template::CreateExtension => "Create an extension",
            Template::UpdatedAtTrigger => "Add an updated_at trigger",
            Template::DataMigration => "Migrate data",
            Template::SoftDelete => "Soft delete",
        }
    }

    /// One sentence on what it writes.
    pub fn about(self) -> &'static str {
        match self {
            Template::Blank => "Two empty sections to write by hand.",
            Template::CreateTable => {
                "A table with its columns and constraints; the downgrade drops it."
            }
            Template::AddColumn => {
                "One column on an existing table; the downgrade drops it and what is in it."
            }
            Template::AddIndex => {
                "An index, built concurrently unless you say otherwise, so that writes go on."
            }
            Template::AddForeignKey => {
                "A foreign key that is added unchecked and validated in a second transaction, so that neither holds up writes for long."
            }
            Template::CreateEnum => "An enumerated type with its values in order.",
            Template::CreateExtension => "An extension, where the server does not have it yet.",
            Template::UpdatedAtTrigger => "A trigger that sets updated_at whenever a row changes.",
            Template::DataMigration => "An UPDATE, or your own SQL for both directions.",
            Template::SoftDelete => {
                "A deleted_at column and an index on the rows that are not deleted."
            }
        }
    }

    pub fn fields(self) -> &'static [Field] {
        field::of(self)
    }

    /// Writes both directions from the form's values (by field name; a missing value is empty).
    pub fn write(self, values: &BTreeMap<String, String>) -> Result<Written, TemplateError> {
        let form = Form {
            fields: self.fields(),
            values,
        };
        let draft = match self {
            Template::Blank => return Ok(Written::default()),
            Template::DataMigration => return data::migration(&form),
            Template::CreateTable => table::create(&form)?,
            Template::AddColumn => table::add_column(&form)?,
            Template::SoftDelete => table::soft_delete(&form)?,
            Template::AddIndex => constraint::index(&form)?,
            Template::AddForeignKey => constraint::foreign_key(&form)?,
            Template::CreateEnum => object::enumeration(&form)?,
            Template::CreateExtension => object::extension(&form)?,
            Template::UpdatedAtTrigger => object::updated_at_trigger(&form)?,
        };
        Ok(draft.write())
    }
}

/// What a template builds before it is printed.
struct Draft {
    message: String,
    /// The operations of each transaction.
    transactions: Vec<Vec<Operation>>,
}

impl Draft {
    fn new(message: String, operations: Vec<Operation>) -> Self {
        Draft {
            message,
            transactions: vec![operations],
        }
    }

    /// Prints the upgrade, a `-- +commit` between transactions, and its inverse in one transaction.
    fn write(self) -> Written {
        let print = |operations: &[Operation]| {
            operations
                .iter()
                .map(Operation::to_string)
                .collect::<Vec<_>>()
                .join("\n\n")
        };
        let upgrade: Vec<String> = self
            .transactions
            .iter()
            .map(|operations| print(operations))
            .collect();
        let undo = operation::invert(&self.transactions.concat()).unwrap_or_default();
        Written {
            upgrade: upgrade.join("\n\n-- +commit\n") + "\n",
            downgrade: print(&undo) + "\n",
            message: self.message,
        }
    }
}
