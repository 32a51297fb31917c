//! Add an exclusion constraint. PostgreSQL has no NOT VALID for it and lets it take over no index (manual, ALTER TABLE), so
//! that a second table has it from the beginning and takes the place of the first.

use super::super::ChangeError;
use super::super::expression::fragment;
use super::super::rebuild::{self, Rebuilt};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::Constraint;
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddExclusion {
    /// What follows EXCLUDE.
    pub definition: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "add-exclusion",
    title: "Add an exclusion constraint",
    about: "A second table has it from the beginning, is filled in batches, and takes the table's place.",
    fields: &[
        Field::needed(
            "definition",
            "Definition",
            "USING gist (room WITH =, during WITH &&)",
            FieldKind::Sql,
        ),
        Field::optional("name", "Name", "bookings_excl", FieldKind::Name),
    ],
};

impl AddExclusion {
    pub fn title(&self, table: &TableName) -> String {
        format!("Add an exclusion constraint to {}", table.words())
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["excl"]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let table = builder.name;
        fragment(
            "the definition",
            &self.definition,
            &format!("ALTER TABLE {table} ADD EXCLUDE {}", self.definition),
        )?;
        let name = builder.new_name(self.name.as_ref(), &[], "excl")?;
        let (words, own) = (table.words(), identifier(&name));
        let mut target = builder.table.clone();
        target.constraints.push(Constraint {
            name,
            type_: "exclusion".into(),
            definition: format!("EXCLUDE {}", self.definition.trim()),
            ..Constraint::default()
        });
        rebuild::build(
            builder,
            &Rebuilt {
                target,
                undo: format!("ALTER TABLE {table} DROP CONSTRAINT {own}"),
                undo_code: "ban-drop-constraint",
                what: format!("the exclusion constraint {own}"),
            },
        )?;
        builder.note(format!(
            "From the expand on, both versions have to keep it: {words} refuses a row that excludes one of the second table. Of rows that are there and exclude each other the migrate finds the first, stops and says which it is: change it, and resume."
        ));
        Ok(())
    }
}
