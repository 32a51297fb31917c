//! Add a column. With a constant default it is one step; with another value for each row the rows are filled in batches.

use super::super::expression::{expression, type_name};
use super::super::fill::Fill;
use super::super::not_null::NotNull;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::effect::{Effect, WorkKind, effect};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddColumn {
    pub column: String,
    #[serde(rename = "type")]
    pub type_: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The value of rows that have none, which may be made of other columns; the default where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

pub const ABOUT: About = About {
    name: "add-column",
    title: "Add a column",
    about: "Also where each row gets a value of its own, or has to have one.",
    fields: &[
        Field::needed("column", "Name", "token", FieldKind::Name),
        Field::needed("type", "Type", "uuid", FieldKind::Sql),
        Field::optional("default", "Default", "gen_random_uuid()", FieldKind::Sql),
        Field::optional(
            "fill",
            "Value of rows that have none",
            "lower(email)",
            FieldKind::Sql,
        ),
        Field::optional("required", "NOT NULL", "yes", FieldKind::Check),
    ],
};

impl AddColumn {
    pub fn title(&self, table: &TableName) -> String {
        format!("Add column {}.{}", table.words(), identifier(&self.column))
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["add", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.free_column(&self.column)?;
        type_name(&self.type_)?;
        let (table, name) = (builder.name, identifier(&self.column));
        for (what, text) in [("fill", &self.fill), ("default", &self.default)] {
            if let Some(text) = text {
                expression(what, text, table)?;
            }
        }
        let words = format!("{}.{name}", table.words());
        if self.required && self.fill.is_none() && self.default.is_none() {
            return Err(ChangeError(format!(
                "{words} is to be required, and the rows that are there have no value: give a default, or say with `fill` what they get"
            )));
        }
        builder.note(format!(
            "Statements that are prepared with SELECT * or RETURNING * on {} fail once when a column is added (\"cached plan must not change result type\").",
            table.words()
        ));
        let is_partition = builder.table.partition_bound.is_some();
        match &self.fill {
            None if !is_partition && self.is_instant(builder) => self.at_once(builder, &words),
            _ => {
                builder.plain_table()?;
                self.in_batches(builder, &words)
            }
        }
    }

    /// The column's definition with its default.
    fn definition(&self) -> String {
        let default = match &self.default {
            Some(default) => format!(" DEFAULT {default}"),
            None => String::new(),
        };
        format!("{} {}{default}", identifier(&self.column), self.type_)
    }

    /// Whether PostgreSQL adds it with its default without writing a row (manual, ALTER TABLE, notes).
    fn is_instant(&self, builder: &Builder<'_>) -> bool {
        let start = &builder.change.start;
        let sql = format!(
            "ALTER TABLE {} ADD COLUMN {}",
            builder.name,
            self.definition()
        );
        match effect(&sql, &Default::default(), start.major) {
            Effect::Known(facts) => facts.work.iter().all(|one| one.kind != WorkKind::Rewrite),
            Effect::Unknown { .. } => false,
        }
    }

    fn at_once(&self, builder: &mut Builder<'_>, words: &str) -> Result<(), ChangeError> {
        let table = builder.name;
        let required = match self.required {
            true => " NOT NULL",
            false => "",
        };
        let (mut up, mut down) = Section::both();
        up.change(table).push(format!(
            "ALTER TABLE {table} ADD COLUMN {}{required}",
            self.definition()
        ));
        down.change(table);
        self.drop(&mut down, table);
        builder.part(Phase::Expand, format!("{words}: add it"), up, down);
        builder.note(
            "It is one step, as PostgreSQL writes no row for it: nothing follows the expand.",
        );
        Ok(())
    }

    fn drop(&self, section: &mut Section, table: &TableName) {
        section
            .allow("ban-drop-column", "the change is undone")
            .push(format!(
                "ALTER TABLE {table} DROP COLUMN {}",
                identifier(&self.column)
            ));
    }

    fn in_batches(&self, builder: &mut Builder<'_>, words: &str) -> Result<(), ChangeError> {
        let (table, name) = (builder.name, identifier(&self.column));
        let value = self.fill.as_ref().or(self.default.as_ref());
        let value = value.map_or("NULL", String::as_str);
        builder.note_triggers();
        let fill = Fill {
            builder,
            column: &self.column,
            value,
            follows: true,
        };
        let needs_trigger = self.fill.is_some() || self.required;
        let columns = self.required.then_some(self.column.as_str());
        let required = NotNull::new(&builder.change.id, table, columns);
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change(table).push(format!(
            "ALTER TABLE {table} ADD COLUMN {name} {}",
            self.type_
        ));
        if let Some(default) = &self.default {
            // Of rows from now on; those that are there are filled in batches.
            up.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}"
            ));
        }
        down.change(table);
        if needs_trigger {
            fill.trigger().make(&mut up);
            fill.trigger().unmake(&mut down);
        }
        required.promise(&mut up);
        self.drop(&mut down, table);
        parts.push((Phase::Expand, format!("{words}: add it, empty"), up, down));

        let (mut up, mut down) = Section::both();
        fill.rows(&mut up)?;
        required.keep(&mut up);
        required.release(&mut down);
        parts.push((Phase::Migrate, format!("{words}: fill it"), up, down));

        if needs_trigger {
            let (mut up, mut down) = Section::both();
            up.change(table);
            fill.trigger().unmake(&mut up);
            down.change(table);
            fill.trigger().make(&mut down);
            parts.push((
                Phase::Contract,
                format!("{words}: no longer fill in what is left out"),
                up,
                down,
            ));
        }
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        Ok(())
    }
}
