//! Split a column into several.

use super::super::ChangeError;
use super::super::expression::{expression, items, type_name};
use super::super::replaced::Replaced;
use super::super::sync::Follower;
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitColumn {
    pub column: String,
    pub to: Vec<String>,
    /// A value for each of them, from the old column.
    pub up: String,
    /// The old value, from them.
    pub down: String,
    /// Their types; the old column's where they are not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<String>,
}

pub const ABOUT: About = About {
    name: "split-column",
    title: "Split a column",
    about: "Several new columns and the old one follow each other until the old version is gone.",
    fields: &[
        Field::needed("column", "Column", "name", FieldKind::Column),
        Field::needed("to", "New columns", "first, last", FieldKind::Columns),
        Field::needed(
            "up",
            "Their values",
            "split_part(name, ' ', 1), split_part(name, ' ', 2)",
            FieldKind::Sql,
        ),
        Field::needed(
            "down",
            "The old value",
            "first || ' ' || last",
            FieldKind::Sql,
        ),
        Field::optional("types", "Their types", "text, text", FieldKind::Sql),
    ],
};

impl SplitColumn {
    pub fn title(&self, table: &TableName) -> String {
        let names: Vec<String> = self.to.iter().map(|one| identifier(one)).collect();
        format!(
            "Split column {}.{} into {}",
            table.words(),
            identifier(&self.column),
            names.join(", ")
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["split", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        let values = items(&self.up);
        let types = self.types.as_deref().map(items);
        let count = self.to.len();
        if values.len() != count || types.as_ref().is_some_and(|types| types.len() != count) {
            return Err(ChangeError(format!(
                "there are {count} new columns: give as many values in `up`, and as many `types` or none, with commas between them"
            )));
        }
        expression("down", &self.down, builder.name)?;
        let mut new = Vec::new();
        for (at, (name, value)) in self.to.iter().zip(values).enumerate() {
            expression("up", value, builder.name)?;
            let type_ = types.as_ref().and_then(|types| types.get(at)).copied();
            let type_ = type_.unwrap_or(&column.type_);
            type_name(type_)?;
            new.push(Follower {
                name: name.clone(),
                type_: type_.to_owned(),
                collation: None,
                from: Some(value.to_owned()),
            });
        }
        let replaced = Replaced {
            old: vec![(column, self.down.clone())],
            new,
        };
        replaced.build(builder)
    }
}
