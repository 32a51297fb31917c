//! Constraints that a contract takes away, and its undo brings back.

use super::names::TableName;
use super::section::Section;
use crate::catalog::Constraint;
use crate::sql::{identifier, literal};

/// A check or foreign key of a table.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    pub table: TableName,
    pub constraint: &'a Constraint,
    /// An index of its table begins with its columns when it is added again.
    pub is_indexed: bool,
}

impl Kept<'_> {
    fn name(&self) -> String {
        identifier(&self.constraint.name)
    }

    pub fn drop(&self, section: &mut Section) {
        section
            .allow("ban-drop-constraint", "what it is about goes")
            .push(format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                self.table,
                self.name()
            ));
    }

    /// Adds it for new rows.
    pub fn add(&self, section: &mut Section) {
        let (table, name, definition) = (&self.table, self.name(), &self.constraint.definition);
        let end = match definition.ends_with(" NOT VALID") {
            true => "",
            false => " NOT VALID",
        };
        if self.constraint.type_ == "foreign key" && !self.is_indexed {
            section.allow("foreign-key-without-index", "there was none before");
        }
        section.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}{end}"
        ));
        if let Some(comment) = &self.constraint.comment {
            section.push(format!(
                "COMMENT ON CONSTRAINT {name} ON {table} IS {}",
                literal(comment)
            ));
        }
    }

    /// Looks whether all rows keep it, where they did before.
    pub fn validate(&self, section: &mut Section) {
        if !self.constraint.not_valid {
            section.check(&self.table).push(format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                self.table,
                self.name()
            ));
        }
    }
}
