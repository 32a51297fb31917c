//! Add a unique constraint: its index is built beside everybody's work, and then becomes the constraint's.

use super::super::build::list;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddUnique {
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "add-unique",
    title: "Add a unique constraint",
    about: "Its index is built beside everybody's work.",
    fields: &[
        Field::needed("columns", "Columns", "email", FieldKind::Columns),
        Field::optional("name", "Name", "users_email_key", FieldKind::Name),
    ],
};

impl AddUnique {
    pub fn title(&self, table: &TableName) -> String {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        format!("Make {} ({}) unique", table.words(), list(&columns))
    }

    pub fn id_words(&self) -> Vec<&str> {
        let columns = self.columns.iter().map(String::as_str);
        columns.chain(["key"]).collect()
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        for column in &self.columns {
            builder.column(column)?;
        }
        let name = builder.new_name(self.name.as_ref(), &self.columns, "key")?;
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let words = builder.name.words();
        builder.note(format!(
            "From the expand on, both versions have to keep it. Where two rows of {words} have the same ({}), the index cannot be built: find them with GROUP BY {0} HAVING count(*) > 1.",
            list(&columns)
        ));
        let index = NewIndex {
            name: &name,
            columns: &columns,
        };
        index.build(builder, Phase::Expand, &name);
        let (mut up, mut down) = Section::both();
        let (table, own) = (builder.name, identifier(&name));
        up.change(table).push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {own} UNIQUE USING INDEX {own}"
        ));
        let aside = builder.change.id.made("i1");
        down.between(index.create(table, &aside));
        down.change(table)
            .allow("ban-drop-constraint", "it was added without")
            .push(format!("ALTER TABLE {table} DROP CONSTRAINT {own}"))
            .push(format!(
                "ALTER INDEX {}.{aside} RENAME TO {own}",
                identifier(&table.schema)
            ));
        builder.part(
            Phase::Contract,
            format!("{words}: the index {own} becomes a constraint"),
            up,
            down,
        );
        Ok(())
    }
}

/// A unique index over columns.
pub(super) struct NewIndex<'a> {
    pub name: &'a str,
    pub columns: &'a [&'a str],
}

impl NewIndex<'_> {
    /// What builds it, under a name that is SQL.
    pub fn create(&self, table: &TableName, name: &str) -> String {
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({})",
            list(self.columns)
        )
    }

    /// Adds the revision that builds it; `constraint` is what it is for.
    pub fn build(&self, builder: &mut Builder<'_>, phase: Phase, constraint: &str) {
        let (table, own) = (builder.name, identifier(self.name));
        let (mut up, mut down) = Section::both();
        up.allow(
            "unique-index-may-fail",
            "rows that are not unique stop it, and it is built again",
        );
        up.alone(self.create(table, &own));
        down.alone(format!(
            "DROP INDEX CONCURRENTLY {}.{own}",
            identifier(&table.schema)
        ));
        let message = format!(
            "{}: build the unique index of {}",
            table.words(),
            identifier(constraint)
        );
        builder.part(phase, message, up, down);
    }
}
