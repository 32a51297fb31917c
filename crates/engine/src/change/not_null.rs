//! NOT NULL without a scan under a lock: a check that new rows have to keep at once, validated beside everybody's work, and
//! then the mark, which PostgreSQL makes without reading the table where such a check is there (manual, ALTER TABLE).

use super::names::{ChangeId, TableName};
use super::section::Section;
use crate::sql::identifier;

/// Columns of one table that are made NOT NULL.
#[derive(Clone, Debug)]
pub struct NotNull<'a> {
    table: &'a TableName,
    /// The check's name and the column's, as SQL.
    columns: Vec<(String, String)>,
}

impl<'a> NotNull<'a> {
    pub fn new<'c>(
        id: &ChangeId,
        table: &'a TableName,
        columns: impl IntoIterator<Item = &'c str>,
    ) -> Self {
        let named = columns.into_iter().enumerate();
        NotNull {
            table,
            columns: named
                .map(|(at, name)| (id.made(&format!("n{}", at + 1)), identifier(name)))
                .collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// From now on rows that are written have to keep it, in the transaction under way.
    pub fn promise(&self, section: &mut Section) {
        for (check, name) in &self.columns {
            section.push(format!(
                "ALTER TABLE {} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID",
                self.table
            ));
        }
    }

    /// Takes that back.
    pub fn forget(&self, section: &mut Section) {
        for (check, _) in &self.columns {
            section.push(format!(
                "ALTER TABLE {} DROP CONSTRAINT {check}",
                self.table
            ));
        }
    }

    /// All rows keep it by now: the columns become NOT NULL.
    pub fn keep(&self, section: &mut Section) {
        if self.is_empty() {
            return;
        }
        section.check(self.table);
        for (check, _) in &self.columns {
            section.push(format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {check}",
                self.table
            ));
        }
        section.change(self.table);
        for (_, name) in &self.columns {
            section.push(format!(
                "ALTER TABLE {} ALTER COLUMN {name} SET NOT NULL",
                self.table
            ));
        }
        self.forget(section);
    }

    /// Back to what was promised.
    pub fn release(&self, section: &mut Section) {
        if self.is_empty() {
            section.nothing("What was filled stays.");
            return;
        }
        section.change(self.table);
        self.promise(section);
        for (_, name) in &self.columns {
            section
                .allow("ban-drop-not-null", "as it was before")
                .push(format!(
                    "ALTER TABLE {} ALTER COLUMN {name} DROP NOT NULL",
                    self.table
                ));
        }
    }
}
