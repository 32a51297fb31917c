//! Rename a table. Until the contract a view with the new name stands for it.

use super::super::dependents::{dependents, named};
use super::super::names::LONGEST;
use super::super::section::Section;
use super::super::view::{Shown, knows_invoker, shown, statements};
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::Kind;
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameTable {
    pub to: String,
}

pub const ABOUT: About = About {
    name: "rename-table",
    title: "Rename a table",
    about: "A view has the new name until the old version is gone.",
    fields: &[Field::needed("to", "New name", "accounts", FieldKind::Name)],
};

impl RenameTable {
    pub fn title(&self, table: &TableName) -> String {
        format!("Rename table {} to {}", table.words(), identifier(&self.to))
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["to", &self.to]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let (table, words) = (builder.name, builder.name.words());
        if self.to.len() > LONGEST {
            return Err(ChangeError(format!(
                "the name {} has {} bytes, and PostgreSQL keeps {LONGEST}: take a shorter one",
                identifier(&self.to),
                self.to.len()
            )));
        }
        if self.to == table.name {
            return Err(ChangeError(format!(
                "{words} has that name already: give another one"
            )));
        }
        if builder.table.row_security && !knows_invoker(builder) {
            return Err(ChangeError(format!(
                "{words} has row-level security, which a view gets round before PostgreSQL 15: let the applications read both names, or rename it in one revision while they are stopped"
            )));
        }
        let routines: Vec<_> = dependents(builder, None)
            .into_iter()
            .filter(|(kind, _)| matches!(kind, Kind::Function | Kind::Procedure))
            .collect();
        if !routines.is_empty() {
            builder.note(format!(
                "These may name the table in their bodies, which nothing changes: {}. Let them use the new name between the phases.",
                named(&routines)
            ));
        }
        let new = TableName::new(&table.schema, &self.to);
        let columns: Vec<Shown<'_>> = builder.table.columns.iter().map(shown).collect();
        let (view, grants) = statements(builder, &new, &columns);
        let make = |section: &mut Section| {
            section.push(&view);
            for grant in &grants {
                section.push(grant);
            }
        };

        let (mut up, mut down) = Section::both();
        up.check(table);
        make(&mut up);
        down.check(table).short().push(format!("DROP VIEW {new}"));
        builder.part(
            Phase::Expand,
            format!("{words}: a view {} with its rows", identifier(&self.to)),
            up,
            down,
        );

        let (mut up, mut down) = Section::both();
        up.change(table)
            .allow("ban-drop-view", "the table gets its name at once")
            .push(format!("DROP VIEW {new}"))
            .allow("renaming-table", "the old version is gone")
            .push(format!(
                "ALTER TABLE {table} RENAME TO {}",
                identifier(&self.to)
            ));
        down.change(&new)
            .allow("renaming-table", "a view has its name at once")
            .push(format!(
                "ALTER TABLE {new} RENAME TO {}",
                identifier(&table.name)
            ));
        make(&mut down);
        builder.part(
            Phase::Contract,
            format!("{words}: it is called {}", identifier(&self.to)),
            up,
            down,
        );
        builder.note(format!(
            "Until the contract {} is a view: SELECT, INSERT (ON CONFLICT, too), UPDATE and DELETE work as on the table; COPY into it, TRUNCATE, and foreign keys that refer to it do not.",
            new.words()
        ));
        Ok(())
    }
}
