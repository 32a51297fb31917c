//! Add a foreign key. It holds for what is written from the expand on, and for all rows after the contract.

use super::super::ChangeError;
use super::super::build::{leads_index, list};
use super::super::expression::fragment;
use super::add_check::{Added, added};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddForeignKey {
    pub columns: Vec<String>,
    /// The table that is referred to, such as `app.users`.
    pub to: String,
    /// Its columns; the primary key's where they are not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_columns: Vec<String>,
    /// What follows, such as `ON DELETE SET NULL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "add-foreign-key",
    title: "Add a foreign key",
    about: "New rows keep it at once; the rows that are there are looked at beside everybody's work.",
    fields: &[
        Field::needed("columns", "Columns", "author", FieldKind::Columns),
        Field::needed("to", "Table that they refer to", "people", FieldKind::Sql),
        Field::optional("to_columns", "Its columns", "id", FieldKind::Columns),
        Field::optional("actions", "Actions", "ON DELETE SET NULL", FieldKind::Sql),
        Field::optional("name", "Name", "reports_author_fkey", FieldKind::Name),
    ],
};

impl AddForeignKey {
    pub fn title(&self, table: &TableName) -> String {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        format!(
            "Add foreign key {} ({}) to {}",
            table.words(),
            list(&columns),
            self.to
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        let columns = self.columns.iter().map(String::as_str);
        columns.chain(["fkey"]).collect()
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        for column in &self.columns {
            builder.column(column)?;
        }
        let other = TableName::read(&self.to)?;
        let name = identifier(&builder.new_name(self.name.as_ref(), &self.columns, "fkey")?);
        let own: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let theirs: Vec<&str> = self.to_columns.iter().map(String::as_str).collect();
        if !theirs.is_empty() && theirs.len() != own.len() {
            return Err(ChangeError(format!(
                "{} refers to {}: give as many columns on both sides",
                list(&own),
                list(&theirs)
            )));
        }
        let mut definition = format!("FOREIGN KEY ({}) REFERENCES {other}", list(&own));
        if !theirs.is_empty() {
            definition.push_str(&format!(" ({})", list(&theirs)));
        }
        if let Some(actions) = &self.actions {
            fragment(
                "the actions",
                actions,
                &format!(
                    "ALTER TABLE {} ADD CONSTRAINT {name} {definition} {actions} NOT VALID",
                    builder.name
                ),
            )?;
            definition.push_str(&format!(" {actions}"));
        }
        let words = builder.name.words();
        let is_indexed = leads_index(builder.table, &own);
        if !is_indexed {
            builder.note(format!(
                "No index of {words} begins with {}, so that deleting a row of {} reads all of {words}: build one first, CREATE INDEX CONCURRENTLY in a revision of its own.",
                list(&own),
                other.words()
            ));
        }
        added(
            builder,
            &Added {
                name: name.clone(),
                definition,
                other: Some(&other),
                allowed: (!is_indexed).then_some((
                    "foreign-key-without-index",
                    "rows of the other table are seldom deleted",
                )),
            },
        );
        builder.note(format!(
            "From the expand on, both versions have to keep it: {words} refuses rows that refer to nothing."
        ));
        builder.note(format!(
            "The contract stops at rows of {words} that refer to nothing in {}: give them a row, or take the reference away.",
            other.words()
        ));
        Ok(())
    }
}
