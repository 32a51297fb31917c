//! Add a primary key, or replace the one there is: its columns are made NOT NULL and its index is built beside everybody's work.

use super::super::build::list;
use super::super::not_null::NotNull;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::add_unique::NewIndex;
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddPrimaryKey {
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "add-primary-key",
    title: "Add or replace the primary key",
    about: "Its columns become NOT NULL, and its index is built, beside everybody's work.",
    fields: &[
        Field::needed("columns", "Columns", "id", FieldKind::Columns),
        Field::optional("name", "Name", "users_pkey", FieldKind::Name),
    ],
};

impl AddPrimaryKey {
    pub fn title(&self, table: &TableName) -> String {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        format!(
            "Make {} the primary key of {}",
            list(&columns),
            table.words()
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        let columns = self.columns.iter().map(String::as_str);
        columns.chain(["pkey"]).collect()
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let mut nullable = Vec::new();
        for name in &self.columns {
            if !builder.column(name)?.not_null {
                nullable.push(name.as_str());
            }
        }
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let old = builder
            .table
            .constraints
            .iter()
            .find(|one| one.type_ == "primary key");
        let words = builder.name.words();
        let definition = format!("PRIMARY KEY ({})", list(&columns));
        if let Some(old) = old {
            if old.definition == definition {
                return Err(ChangeError(format!(
                    "{words} has the primary key ({}) already: nothing has to be changed",
                    list(&columns)
                )));
            }
            let key = old.definition.trim_start_matches("PRIMARY KEY ");
            let referring = builder.referring(key);
            if !referring.is_empty() {
                return Err(ChangeError(format!(
                    "the primary key {key} of {words} cannot be replaced while foreign keys refer to it: {}. Add a unique constraint on {key} first, and foreign keys that refer to it once it is there, then drop these",
                    referring.join(", ")
                )));
            }
        }
        // The old one's name is free again when it is dropped.
        let name = match (&self.name, old) {
            (None, Some(old)) => old.name.clone(),
            (Some(name), Some(old)) if *name == old.name => old.name.clone(),
            _ => builder.new_name(self.name.as_ref(), &[], "pkey")?,
        };
        let (table, own) = (builder.name, identifier(&name));
        let id = &builder.change.id;
        let (index, second) = (id.made("i1"), id.made("i2"));
        let required = NotNull::new(id, table, nullable.iter().copied());
        builder.note(format!(
            "From the expand on, both versions have to keep it: {words} refuses rows whose ({}) is there already{}.",
            list(&columns),
            match nullable.is_empty() {
                true => "",
                false => ", or NULL",
            }
        ));

        if !required.is_empty() {
            let (mut up, mut down) = Section::both();
            up.change(table);
            required.promise(&mut up);
            down.change(table);
            required.forget(&mut down);
            let message = format!("{words}: new rows have {}", list(&nullable));
            builder.part(Phase::Expand, message, up, down);
        }
        let new = NewIndex {
            name: &index,
            columns: &columns,
        };
        new.build(builder, Phase::Expand, &name);
        if !required.is_empty() {
            let (mut up, mut down) = Section::both();
            required.keep(&mut up);
            required.release(&mut down);
            let message = format!("{words}: {} is NOT NULL", list(&nullable));
            builder.part(Phase::Contract, message, up, down);
        }

        let (mut up, mut down) = Section::both();
        up.change(table);
        if let Some(old) = old {
            up.allow("primary-key-dropped", "the new one takes its place at once")
                .allow("ban-drop-constraint", "the new one takes its place at once")
                .push(format!(
                    "ALTER TABLE {table} DROP CONSTRAINT {}",
                    identifier(&old.name)
                ));
        }
        up.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {own} PRIMARY KEY USING INDEX {index}"
        ));
        down.between(new.create(table, &second));
        let third = id.made("i3");
        if let Some(key) = old.map(|old| old.definition.trim_start_matches("PRIMARY KEY ")) {
            down.between(format!(
                "CREATE UNIQUE INDEX CONCURRENTLY {third} ON {table} {key}"
            ));
        }
        down.change(table)
            .allow("primary-key-dropped", "the old one takes its place at once")
            .allow("ban-drop-constraint", "it was added without")
            .push(format!("ALTER TABLE {table} DROP CONSTRAINT {own}"));
        if let Some(old) = old {
            down.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {third}",
                identifier(&old.name)
            ));
            if let Some(comment) = &old.comment {
                down.push(format!(
                    "COMMENT ON CONSTRAINT {} ON {table} IS {}",
                    identifier(&old.name),
                    crate::sql::literal(comment)
                ));
            }
        }
        down.push(format!(
            "ALTER INDEX {}.{second} RENAME TO {index}",
            identifier(&table.schema)
        ));
        let message = format!("{words}: ({}) becomes the primary key", list(&columns));
        builder.part(Phase::Contract, message, up, down);
        Ok(())
    }
}
