//! Add a check. It holds for what is written from the expand on, and for all rows after the contract.

use super::super::expression::expression;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCheck {
    pub name: String,
    pub condition: String,
}

pub const ABOUT: About = About {
    name: "add-check",
    title: "Add a check",
    about: "New rows keep it at once; the rows that are there are looked at beside everybody's work.",
    fields: &[
        Field::needed("name", "Name", "price_positive", FieldKind::Name),
        Field::needed("condition", "Condition", "price >= 0", FieldKind::Sql),
    ],
};

impl AddCheck {
    pub fn title(&self, table: &TableName) -> String {
        format!("Add check {} to {}", identifier(&self.name), table.words())
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.name]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let name = builder.new_name(Some(&self.name), &[], "check")?;
        expression("the condition", &self.condition, builder.name)?;
        let (table, words) = (builder.name, builder.name.words());
        added(
            builder,
            &Added {
                name: identifier(&name),
                definition: format!("CHECK ({})", self.condition),
                other: None,
                allowed: None,
            },
        );
        builder.note(format!(
            "From the expand on, both versions have to keep it: {table} refuses rows that do not."
        ));
        builder.note(format!(
            "The contract stops at rows of {words} that do not keep it: find them with WHERE NOT ({}).",
            self.condition
        ));
        Ok(())
    }
}

/// A constraint that is added NOT VALID, and validated.
pub(super) struct Added<'a> {
    /// As SQL.
    pub name: String,
    pub definition: String,
    /// The table that it refers to, which is locked as well.
    pub other: Option<&'a TableName>,
    /// A hazard that is known, with its reason.
    pub allowed: Option<(&'static str, &'static str)>,
}

/// Adds the two revisions of such a constraint.
pub(super) fn added(builder: &mut Builder<'_>, added: &Added<'_>) {
    let (table, name) = (builder.name, &added.name);
    let lock = |section: &mut Section| {
        if let Some(other) = added.other.filter(|other| *other != table) {
            section.change_all(&[other.clone(), table.clone()]);
        } else {
            section.change(table);
        }
    };
    let add = |section: &mut Section| {
        lock(section);
        if let Some((code, reason)) = added.allowed {
            section.allow(code, reason);
        }
        section.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {} NOT VALID",
            added.definition
        ));
    };
    let drop = |section: &mut Section| {
        section
            .allow("ban-drop-constraint", "the change is undone")
            .push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
    };
    let (mut up, mut down) = Section::both();
    add(&mut up);
    lock(&mut down);
    drop(&mut down);
    let message = format!("{}: add {name} for new rows", table.words());
    builder.part(Phase::Expand, message, up, down);

    let (mut up, mut down) = Section::both();
    up.check(table)
        .push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
    lock(&mut down);
    drop(&mut down);
    down.push(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {} NOT VALID",
        added.definition
    ));
    let message = format!("{}: look whether all rows keep {name}", table.words());
    builder.part(Phase::Contract, message, up, down);
}
