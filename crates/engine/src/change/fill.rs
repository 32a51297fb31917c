//! The value of a column in rows that do not give one: by a trigger for those that are written, by a statement in batches for
//! those that are there.

use super::ChangeError;
use super::build::Builder;
use super::columns;
use super::section::Section;
use super::sync::{Follower, differ};
use super::trigger::{Fires, Trigger};
use crate::sql::identifier;
use std::collections::BTreeSet;

/// A column that is filled.
#[derive(Clone, Debug)]
pub struct Fill<'b, 'a> {
    pub builder: &'b Builder<'a>,
    pub column: &'b str,
    /// An expression over the row's columns.
    pub value: &'b str,
    /// It is computed again when what it is computed from changes and it does not.
    pub follows: bool,
}

impl<'b> Fill<'b, '_> {
    pub fn trigger(&self) -> Trigger<'b> {
        let new = format!("NEW.{}", identifier(self.column));
        let mut names = self.builder.columns();
        names.insert(self.column);
        let value = columns::replace(self.value, &names, |name| {
            format!("NEW.{}", identifier(name))
        });
        let mut body = format!("BEGIN\n    IF {new} IS NULL THEN\n        {new} := {value};\n");
        let changed = match self.follows {
            true => self.sources_changed(),
            false => None,
        };
        if let Some(changed) = changed {
            body.push_str(&format!(
                "    ELSIF TG_OP = 'UPDATE' THEN\n        IF {new} IS NOT DISTINCT FROM OLD.{} AND ({changed}) THEN\n            {new} := {value};\n        END IF;\n",
                identifier(self.column)
            ));
        }
        body.push_str("    END IF;\n    RETURN NEW;\nEND\n");
        Trigger {
            id: &self.builder.change.id,
            table: self.builder.name,
            relation: self.builder.table,
            what: "",
            fires: Fires::Before,
            body,
            reason: "it fills in what a version of the application leaves out",
        }
    }

    /// Whether a statement changed what the value is computed from.
    fn sources_changed(&self) -> Option<String> {
        let named: BTreeSet<String> = columns::places(self.value, &self.builder.columns())
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        let parts: Vec<String> = self
            .builder
            .table
            .columns
            .iter()
            .filter(|one| named.contains(&one.name))
            .map(|one| {
                let name = identifier(&one.name);
                let of = Follower {
                    name: one.name.clone(),
                    type_: one.type_.clone(),
                    collation: one.collation.clone(),
                    from: None,
                };
                differ(&format!("NEW.{name}"), &format!("OLD.{name}"), &of)
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" OR "))
    }

    /// Fills the rows that are there.
    ///
    /// # Errors
    /// Where the table has no key.
    pub fn rows(&self, section: &mut Section) -> Result<(), ChangeError> {
        let key = self.builder.key()?;
        let name = identifier(self.column);
        let named = columns::places(self.value, &self.builder.columns());
        // A row for which there is no value stays as it is.
        let present = match named.is_empty() {
            true => String::new(),
            false => format!(" AND ({}) IS NOT NULL", self.value),
        };
        section.batches(
            &key,
            format!(
                "UPDATE {} SET {name} = {} WHERE {name} IS NULL{present}",
                self.builder.name, self.value
            ),
        );
        Ok(())
    }
}
