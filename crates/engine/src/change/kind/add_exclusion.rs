//! Add an exclusion constraint, which PostgreSQL cannot do beside writers.

use super::super::ChangeError;
use super::super::expression::fragment;
use super::{About, Builder, Field, FieldKind, TableName};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddExclusion {
    /// What follows EXCLUDE.
    pub definition: String,
}

pub const ABOUT: About = About {
    name: "add-exclusion",
    title: "Add an exclusion constraint",
    about: "PostgreSQL builds it while everybody waits: here is said what helps.",
    fields: &[Field::needed(
        "definition",
        "Definition",
        "USING gist (room WITH =, during WITH &&)",
        FieldKind::Sql,
    )],
};

impl AddExclusion {
    pub fn title(&self, table: &TableName) -> String {
        format!("Add an exclusion constraint to {}", table.words())
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["excl"]
    }

    /// It has no NOT VALID and takes over no index (manual, ALTER TABLE).
    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let table = builder.name;
        fragment(
            "the definition",
            &self.definition,
            &format!("ALTER TABLE {table} ADD EXCLUDE {}", self.definition),
        )?;
        Err(ChangeError(format!(
            "an exclusion constraint is checked against all rows of {} while nobody can read or write it: PostgreSQL has no NOT VALID for it, and lets it take over no index. What helps: make a table like it with the constraint while that is empty, copy the rows in batches, and let the two change names; or add it in a revision of your own where the table is small",
            table.words()
        )))
    }
}
