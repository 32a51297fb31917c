//! Add an identity column to a table with rows: numbered in batches from a sequence, and made an identity in the contract.

use super::super::fill::Fill;
use super::super::names::LONGEST;
use super::super::not_null::NotNull;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::{identifier, literal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddIdentity {
    pub column: String,
    /// GENERATED ALWAYS, and not BY DEFAULT.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
}

pub const ABOUT: About = About {
    name: "add-identity",
    title: "Add an identity column",
    about: "The rows that are there are numbered in batches.",
    fields: &[
        Field::needed("column", "Name", "number", FieldKind::Name),
        Field::optional("always", "GENERATED ALWAYS", "no", FieldKind::Check),
    ],
};

impl AddIdentity {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Add identity column {}.{}",
            table.words(),
            identifier(&self.column)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["identify", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        builder.free_column(&self.column)?;
        let (table, name) = (builder.name, identifier(&self.column));
        let words = format!("{}.{name}", table.words());
        let last = format!("{}_{}_seq", table.name, self.column);
        if last.len() > LONGEST {
            return Err(ChangeError(format!(
                "the sequence of {words} would be called {last}, and PostgreSQL keeps {LONGEST} bytes: take a shorter name"
            )));
        }
        let id = &builder.change.id;
        let schema = identifier(&table.schema);
        // The one that the column's default takes numbers from, and the identity's own.
        let plain = format!("{schema}.{}", id.made("s"));
        let (own, own_name) = (format!("{schema}.{}", identifier(&last)), identifier(&last));
        let aside = format!("{schema}.{}", id.made("t"));
        let next = |sequence: &str| format!("nextval({}::regclass)", literal(sequence));
        let value = next(&plain);
        let fill = Fill {
            builder,
            column: &self.column,
            value: &value,
            follows: false,
        };
        let required = NotNull::new(id, table, [self.column.as_str()]);
        let by_default = |section: &mut Section| {
            section
                .push(format!(
                    "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {value}"
                ))
                .push(format!("ALTER SEQUENCE {plain} OWNED BY {table}.{name}"));
        };
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change(table)
            .push(format!("CREATE SEQUENCE {plain}"))
            .push(format!("ALTER TABLE {table} ADD COLUMN {name} bigint"));
        by_default(&mut up);
        fill.trigger().make(&mut up);
        required.promise(&mut up);
        down.change(table);
        fill.trigger().unmake(&mut down);
        down.push(format!("ALTER TABLE {table} DROP COLUMN {name}"));
        parts.push((Phase::Expand, format!("{words}: add it, empty"), up, down));

        let (mut up, mut down) = Section::both();
        fill.rows(&mut up)?;
        required.keep(&mut up);
        required.release(&mut down);
        parts.push((
            Phase::Migrate,
            format!("{words}: number the rows"),
            up,
            down,
        ));

        let (mut up, mut down) = Section::both();
        let generated = match self.always {
            true => "ALWAYS",
            false => "BY DEFAULT",
        };
        up.change(table);
        fill.trigger().unmake(&mut up);
        up.push(format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"))
            .push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} ADD GENERATED {generated} AS IDENTITY (SEQUENCE NAME {aside})"
            ))
            .push(format!("SELECT setval({}, {value}, false)", literal(&aside)))
            .allow("ban-drop-sequence", "the identity has its own")
            .push(format!("DROP SEQUENCE {plain}"))
            .allow("renaming-object", "nobody knows it by another name yet")
            .push(format!("ALTER SEQUENCE {aside} RENAME TO {own_name}"));
        down.change(table)
            .push(format!("CREATE SEQUENCE {plain}"))
            .push(format!(
                "SELECT setval({}, {}, false)",
                literal(&plain),
                next(&own)
            ))
            .push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY"
            ));
        by_default(&mut down);
        fill.trigger().make(&mut down);
        parts.push((
            Phase::Contract,
            format!("{words}: it becomes an identity"),
            up,
            down,
        ));
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.note("The rows that are there get their numbers in the order of the table's key.");
        Ok(())
    }
}
