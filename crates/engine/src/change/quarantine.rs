//! What a contract takes away is kept first: the values of columns as (key, value) in a table of their own.

use super::names::{ChangeId, TableName};
use super::section::Section;
use crate::sql::identifier;

/// The schema in which it is kept; catalogs leave it out.
pub const SCHEMA: &str = "cofferdam_quarantine";

/// Columns whose values are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    pub id: ChangeId,
    pub table: TableName,
    pub key: Vec<String>,
    pub columns: Vec<String>,
    /// A condition for the rows that are kept; none for all.
    pub only: Option<String>,
}

impl Quarantine {
    /// The table in which they are kept, as SQL.
    pub fn name(&self) -> String {
        format!("{SCHEMA}.{}", identifier(self.id.as_str()))
    }

    fn list(&self) -> String {
        let names = self.key.iter().chain(&self.columns);
        let written: Vec<String> = names.map(|name| identifier(name)).collect();
        written.join(", ")
    }

    /// Writes what makes the table and copies the values, in batches.
    pub fn keep(&self, section: &mut Section) {
        let (name, list, table) = (self.name(), self.list(), self.table.sql());
        let key: Vec<String> = self.key.iter().map(|name| identifier(name)).collect();
        section.begin();
        section.push(format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}"));
        section.push(format!(
            "CREATE TABLE IF NOT EXISTS {name} AS SELECT {list} FROM {table} WITH NO DATA"
        ));
        section.push(format!(
            "CREATE UNIQUE INDEX IF NOT EXISTS {} ON {name} ({})",
            identifier(&format!("{}_key", self.id)),
            key.join(", ")
        ));
        let condition = match &self.only {
            Some(condition) => format!(" WHERE {condition}"),
            None => String::new(),
        };
        section.batches(
            &key.join(","),
            format!(
                "INSERT INTO {name} ({list}) SELECT {list} FROM {table}{condition} ON CONFLICT DO NOTHING"
            ),
        );
    }
}
