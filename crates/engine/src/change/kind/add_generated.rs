//! Add a generated column: at once where it is virtual. PostgreSQL makes no column a stored one later (manual, ALTER TABLE), so
//! that a second table has it from the beginning and takes the place of the first.

use super::super::expression::{expression, type_name};
use super::super::rebuild::{self, Rebuilt};
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::Column;
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddGenerated {
    pub column: String,
    #[serde(rename = "type")]
    pub type_: String,
    pub expression: String,
    /// Written with each row; before PostgreSQL 18 it always is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stored: bool,
}

pub const ABOUT: About = About {
    name: "add-generated",
    title: "Add a generated column",
    about: "Virtual, from PostgreSQL 18 on, in one step; stored, in a second table that takes the table's place.",
    fields: &[
        Field::needed("column", "Name", "lower_email", FieldKind::Name),
        Field::needed("type", "Type", "text", FieldKind::Sql),
        Field::needed("expression", "Expression", "lower(email)", FieldKind::Sql),
        Field::optional("stored", "Stored", "yes", FieldKind::Check),
    ],
};

impl AddGenerated {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Add generated column {}.{}",
            table.words(),
            identifier(&self.column)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["generate", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.free_column(&self.column)?;
        type_name(&self.type_)?;
        expression("the expression", &self.expression, builder.name)?;
        let (table, name) = (builder.name, identifier(&self.column));
        let words = format!("{}.{name}", table.words());
        if self.stored || builder.change.start.major < 18 {
            return self.store(builder);
        }
        let (mut up, mut down) = Section::both();
        up.change(table).push(format!(
            "ALTER TABLE {table} ADD COLUMN {name} {} GENERATED ALWAYS AS ({}) VIRTUAL",
            self.type_, self.expression
        ));
        down.change(table)
            .push(format!("ALTER TABLE {table} DROP COLUMN {name}"));
        builder.part(Phase::Expand, format!("{words}: add it"), up, down);
        builder
            .note("It is one step, as it is computed when it is read: nothing follows the expand.");
        Ok(())
    }

    fn store(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let (table, name) = (builder.name, identifier(&self.column));
        let mut target = builder.table.clone();
        target.columns.push(Column {
            name: self.column.clone(),
            type_: self.type_.clone(),
            generated: Some("stored".into()),
            expression: Some(self.expression.clone()),
            ..Column::default()
        });
        rebuild::build(
            builder,
            &Rebuilt {
                target,
                undo: format!("ALTER TABLE {table} DROP COLUMN {name}"),
                undo_code: "ban-drop-column",
                what: format!("the generated column {name}"),
            },
        )?;
        builder.note(format!(
            "{}.{name} is there from the contract on: deploy what reads it after that. A SELECT * that is prepared fails once then.",
            table.words()
        ));
        Ok(())
    }
}
