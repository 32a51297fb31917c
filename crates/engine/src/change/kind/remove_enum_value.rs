//! Remove a value of an enum, which PostgreSQL cannot: the column gets an enum without it, in which another value stands in
//! its place.

use super::super::ChangeError;
use super::change_type::labels::Labels;
use super::enum_value::{COLUMN, Used, value};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::{identifier, literal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveEnumValue {
    pub column: String,
    pub value: String,
    /// What stands in its place.
    pub replacement: String,
    /// A new name, under which the new version never meets the value while the old one keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "remove-enum-value",
    title: "Remove a value of an enum",
    about: "Rows that have it get another one; which had it is kept.",
    fields: &[
        COLUMN,
        Field::needed("value", "Value", "gold", FieldKind::Sql),
        Field::needed(
            "replacement",
            "What stands in its place",
            "free",
            FieldKind::Sql,
        ),
        Field::optional("name", "The column's new name", "plan", FieldKind::Name),
    ],
};

impl RemoveEnumValue {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Remove {} from {}.{}, for {}",
            self.value,
            table.words(),
            identifier(&self.column),
            self.replacement
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, "without", &self.value]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let used = Used::find(builder, &self.column)?;
        let (from, to) = (value(&self.value)?, value(&self.replacement)?);
        used.has(&from)?;
        used.has(&to)?;
        if from == to {
            return Err(ChangeError(format!(
                "{} cannot stand in its own place: name another value as the replacement",
                literal(&from)
            )));
        }
        let labels = Labels::removed(&builder.change.id, used.type_, &from, &to);
        used.build(builder, &labels, self.name.as_ref())?;
        if self.name.is_none() {
            builder.note(format!(
                "Until the contract both versions may meet {0} in {1}: the new version has to read it, and writes it no more.",
                literal(&from),
                identifier(&self.column)
            ));
        }
        Ok(())
    }
}
