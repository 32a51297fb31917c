//! Add a generated column: at once where it is virtual, and not beside writers where it is stored.

use super::super::expression::{expression, type_name};
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddGenerated {
    pub column: String,
    #[serde(rename = "type")]
    pub type_: String,
    pub expression: String,
}

pub const ABOUT: About = About {
    name: "add-generated",
    title: "Add a generated column",
    about: "Virtual, from PostgreSQL 18 on, which is one step; a stored one writes every row while everybody waits.",
    fields: &[
        Field::needed("column", "Name", "lower_email", FieldKind::Name),
        Field::needed("type", "Type", "text", FieldKind::Sql),
        Field::needed("expression", "Expression", "lower(email)", FieldKind::Sql),
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
        if builder.change.start.major < 18 {
            return Err(ChangeError(format!(
                "{words} would be stored, and PostgreSQL {} writes all rows for that while nobody can use the table, and makes no column generated later. What helps: a view or an index on the expression {}, or a plain column that a trigger of your own fills",
                builder.change.start.major, self.expression
            )));
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
}
