//! Change a column's type. A second column of the new type follows the old one, with indexes and constraints like its; in the
//! contract it takes over names, default and sequence, and the old one goes.

mod carried;
pub(super) mod labels;
mod work;

use super::super::ChangeError;
use super::super::columns;
use super::super::dependents::{dependents, named};
use super::super::expression::{expression, type_name};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::{Column, Kind};
use crate::sql::identifier;
use carried::Carried;
use labels::Labels;
use serde::{Deserialize, Serialize};
use work::{Names, Work};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeType {
    pub column: String,
    #[serde(rename = "type")]
    pub type_: String,
    /// The new value, from the row's columns; a cast where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<String>,
    /// The old value, from the row's columns; a cast where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
    /// The default in the new type; the old one where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// A new name, under which the new version reads and writes the new type while the old one keeps the old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

pub const ABOUT: About = About {
    name: "change-type",
    title: "Change a column's type",
    about: "With its indexes, constraints and sequence; rows are rewritten in batches.",
    fields: &[
        Field::needed("column", "Column", "id", FieldKind::Column),
        Field::needed("type", "New type", "bigint", FieldKind::Sql),
        Field::optional("up", "New value", "id::bigint", FieldKind::Sql),
        Field::optional("down", "Old value", "id::integer", FieldKind::Sql),
        Field::optional("default", "New default", "0", FieldKind::Sql),
        Field::optional("to", "New name", "id_wide", FieldKind::Name),
    ],
};

impl ChangeType {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Change type of {}.{} to {}",
            table.words(),
            identifier(&self.column),
            self.type_
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, self.to.as_deref().unwrap_or(&self.type_)]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        self.build_with(builder, None)
    }

    /// The phases; from one enum to another that takes over its name, where `labels` are given.
    pub(super) fn build_with(
        &self,
        builder: &mut Builder<'_>,
        labels: Option<&Labels<'_>>,
    ) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        self.check(builder, column)?;
        builder.note_triggers();
        let second = match &self.to {
            Some(to) => to.clone(),
            None => builder.change.id.made("c"),
        };
        let (old, new) = (self.column.clone(), second);
        let before = Names {
            old_type: column.type_.clone(),
            new_type: self.type_.clone(),
            old,
            new,
        };
        let mut after = before.clone();
        if self.to.is_none() {
            std::mem::swap(&mut after.old, &mut after.new);
        }
        if let Some(labels) = labels {
            (after.old_type, after.new_type) = labels.types_after();
        }
        let work = Work {
            builder,
            change: self,
            column,
            before,
            after,
            carried: Carried::of(builder, &self.column),
            labels,
        };
        let (parts, parity) = work.parts()?;
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(parity);
        if labels.is_some() {
            return Ok(());
        }
        if self.to.is_none() {
            builder.note(format!(
                "Both versions see the old type until the contract, and {} from then on, under the same name: see that both can read it.",
                self.type_
            ));
        }
        builder.note(
            "Undoing the contract stops at a value that the old type cannot hold, and says which it is.",
        );
        Ok(())
    }

    fn new_default<'d>(&'d self, column: &'d Column) -> Option<&'d String> {
        self.default.as_ref().or(column.default.as_ref())
    }

    fn check(&self, builder: &mut Builder<'_>, column: &Column) -> Result<(), ChangeError> {
        let words = format!("{}.{}", builder.name.words(), identifier(&self.column));
        let no = |why: String| Err(ChangeError(format!("{words} {why}")));
        type_name(&self.type_)?;
        for (what, text) in [
            ("up", &self.up),
            ("down", &self.down),
            ("default", &self.default),
        ] {
            if let Some(text) = text {
                expression(what, text, builder.name)?;
            }
        }
        if column.type_ == self.type_ {
            return no(format!(
                "is {} already: nothing has to be changed",
                self.type_
            ));
        }
        if column.generated.is_some() {
            return no("is generated: drop it, and add it with the new type".into());
        }
        if column.identity.is_some() {
            return no("is an identity, which cannot go from one column to another: in a revision before, DROP IDENTITY, make a sequence OWNED BY the column, and let it be the default".into());
        }
        if let Some(to) = &self.to {
            builder.free_column(to)?;
        }
        let indexes = builder.indexes_on(&self.column);
        if let Some(index) = indexes
            .iter()
            .find(|one| one.replica_identity || one.clustered)
        {
            return no(format!(
                "is in {}, by which the table is replicated or clustered: let another index be that first",
                identifier(&index.name)
            ));
        }
        let excluded =
            builder.table.constraints.iter().find(|one| {
                one.type_ == "exclusion" && columns::has(&one.definition, &self.column)
            });
        if let Some(excluded) = excluded {
            return no(format!(
                "is in the exclusion constraint {}, which cannot be built beside writers: drop that first",
                identifier(&excluded.name)
            ));
        }
        // Under the same name, functions find the column still.
        let stays = self.to.is_none();
        let (routines, others): (Vec<_>, Vec<_>) = dependents(builder, Some(&self.column))
            .into_iter()
            .partition(|(kind, _)| stays && matches!(kind, Kind::Function | Kind::Procedure));
        if !others.is_empty() {
            return no(format!(
                "is used by {}: change or drop what uses it in a revision before, and then make this change anew",
                named(&others)
            ));
        }
        if !routines.is_empty() {
            builder.note(format!(
                "These name {words}: see that they can do with the new type: {}.",
                named(&routines)
            ));
        }
        Ok(())
    }
}
