//! Merge several columns into one.

use super::super::ChangeError;
use super::super::expression::{expression, items, type_name};
use super::super::replaced::Replaced;
use super::super::sync::Follower;
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeColumns {
    pub columns: Vec<String>,
    pub to: String,
    #[serde(rename = "type")]
    pub type_: String,
    /// The new value, from the old columns.
    pub up: String,
    /// A value for each of them, from the new column.
    pub down: String,
}

pub const ABOUT: About = About {
    name: "merge-columns",
    title: "Merge columns",
    about: "A new column and the old ones follow each other until the old version is gone.",
    fields: &[
        Field::needed("columns", "Columns", "first, last", FieldKind::Columns),
        Field::needed("to", "New column", "name", FieldKind::Name),
        Field::needed("type", "Its type", "text", FieldKind::Sql),
        Field::needed("up", "Its value", "first || ' ' || last", FieldKind::Sql),
        Field::needed(
            "down",
            "The old values",
            "split_part(name, ' ', 1), split_part(name, ' ', 2)",
            FieldKind::Sql,
        ),
    ],
};

impl MergeColumns {
    pub fn title(&self, table: &TableName) -> String {
        let names: Vec<String> = self.columns.iter().map(|one| identifier(one)).collect();
        format!(
            "Merge columns {} of {} into {}",
            names.join(", "),
            table.words(),
            identifier(&self.to)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["merge", &self.to]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        type_name(&self.type_)?;
        expression("up", &self.up, builder.name)?;
        let values = items(&self.down);
        if values.len() != self.columns.len() {
            return Err(ChangeError(format!(
                "there are {} old columns: give as many values in `down`, with commas between them",
                self.columns.len()
            )));
        }
        let mut old = Vec::new();
        for (name, value) in self.columns.iter().zip(values) {
            expression("down", value, builder.name)?;
            old.push((builder.column(name)?, value.to_owned()));
        }
        let new = Follower {
            name: self.to.clone(),
            type_: self.type_.clone(),
            collation: None,
            from: Some(self.up.clone()),
        };
        let replaced = Replaced {
            old,
            new: vec![new],
        };
        replaced.build(builder)
    }
}
