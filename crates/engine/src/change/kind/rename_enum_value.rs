//! Rename a value of an enum. As one column cannot show the old and the new word at once, the new version has a column of its
//! own, of an enum with the new word, that a trigger keeps in step.

use super::super::ChangeError;
use super::change_type::labels::Labels;
use super::enum_value::{COLUMN, Used, value};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::{identifier, literal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameEnumValue {
    pub column: String,
    pub value: String,
    pub to: String,
    /// The new version's column.
    pub name: String,
}

pub const ABOUT: About = About {
    name: "rename-enum-value",
    title: "Rename a value of an enum",
    about: "Each version reads and writes the word that it knows, in a column of its own.",
    fields: &[
        COLUMN,
        Field::needed("value", "Value", "gold", FieldKind::Sql),
        Field::needed("to", "New value", "paid", FieldKind::Sql),
        Field::needed("name", "The column's new name", "plan", FieldKind::Name),
    ],
};

impl RenameEnumValue {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Rename {} of {}.{} to {}, as {}",
            self.value,
            table.words(),
            identifier(&self.column),
            self.to,
            identifier(&self.name)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, &self.value, &self.to]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let used = Used::find(builder, &self.column)?;
        let (from, to) = (value(&self.value)?, value(&self.to)?);
        used.has(&from)?;
        if used.has(&to).is_ok() {
            return Err(ChangeError(format!(
                "{} has a value {} already: remove {} instead, with it as the replacement (`cofferdam change new remove-enum-value`)",
                used.words(),
                literal(&to),
                literal(&from)
            )));
        }
        let labels = Labels::renamed(&builder.change.id, used.type_, &from, &to);
        used.build(builder, &labels, Some(&self.name))?;
        builder.note(format!(
            "The old version has {} in {}, the new one {} in {}; no column could show both. Rename the column back as a change of its own, where its name should stay.",
            literal(&from),
            identifier(&self.column),
            literal(&to),
            identifier(&self.name)
        ));
        Ok(())
    }
}
