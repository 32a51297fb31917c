//! Make a column required. Until the old version is gone, a trigger fills in what it leaves out.

use super::super::expression::expression;
use super::super::fill::Fill;
use super::super::not_null::NotNull;
use super::super::parity::Parity;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequireColumn {
    pub column: String,
    /// The value of rows that have none; the default where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
    /// The column's default from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

pub const ABOUT: About = About {
    name: "require-column",
    title: "Make a column required",
    about: "Rows without a value get one, and from then on each has to have one.",
    fields: &[
        Field::needed("column", "Column", "email", FieldKind::Column),
        Field::optional(
            "fill",
            "Value of rows that have none",
            "'unknown'",
            FieldKind::Sql,
        ),
        Field::optional(
            "default",
            "Default from now on",
            "'unknown'",
            FieldKind::Sql,
        ),
    ],
};

impl RequireColumn {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Require column {}.{}",
            table.words(),
            identifier(&self.column)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["require", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        let (table, name) = (builder.name, identifier(&self.column));
        let words = format!("{}.{name}", table.words());
        if column.not_null {
            return Err(ChangeError(format!(
                "{words} is NOT NULL already: nothing has to be changed"
            )));
        }
        if column.generated.is_some() {
            return Err(ChangeError(format!(
                "{words} is generated, so no value can be filled in: make what it is computed from required"
            )));
        }
        for (what, text) in [("fill", &self.fill), ("default", &self.default)] {
            if let Some(text) = text {
                expression(what, text, table)?;
            }
        }
        let value = [&self.fill, &self.default, &column.default]
            .into_iter()
            .flatten()
            .next();
        let Some(value) = value else {
            return Err(ChangeError(format!(
                "{words} has no default: say with `fill` what rows without a value get"
            )));
        };
        builder.note_triggers();
        let fill = Fill {
            builder,
            column: &self.column,
            value,
            follows: false,
        };
        let required = NotNull::new(&builder.change.id, table, [self.column.as_str()]);
        let default = |default: Option<&String>| match default {
            Some(default) => {
                format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}")
            }
            None => format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"),
        };
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change(table);
        if self.default.is_some() {
            up.push(default(self.default.as_ref()));
        }
        fill.trigger().make(&mut up);
        required.promise(&mut up);
        down.change(table);
        required.forget(&mut down);
        fill.trigger().unmake(&mut down);
        if self.default.is_some() {
            down.push(default(column.default.as_ref()));
        }
        parts.push((
            Phase::Expand,
            format!("{words}: fill in what is left out"),
            up,
            down,
        ));

        let (mut up, mut down) = Section::both();
        fill.rows(&mut up)?;
        required.keep(&mut up);
        required.release(&mut down);
        parts.push((
            Phase::Migrate,
            format!("{words}: fill, and make it NOT NULL"),
            up,
            down,
        ));

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

        let key = builder.key()?;
        let parity = Parity {
            table: table.clone(),
            key: key.into_iter().map(str::to_owned).collect(),
            differ: format!("{name} IS NULL"),
            columns: vec![self.column.clone()],
            back: None,
            functions: vec![TableName::new(&table.schema, &builder.change.id.made(""))],
        };
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(parity);
        builder.note(format!(
            "Undoing it lets {words} be empty again; the values that were filled in stay."
        ));
        Ok(())
    }
}
