//! What a contract takes away is kept first: the values of columns as (key, value) in a table of their own.

use super::names::{ChangeId, TableName};
use super::section::Section;
use super::trigger::{Fires, Trigger};
use crate::catalog::Relation;
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
    /// The columns' type, where their values are kept as text, as the type goes, too.
    pub as_text: Option<String>,
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

    /// The same, as it is read from the table.
    fn values(&self) -> String {
        match self.as_text {
            None => self.list(),
            Some(_) => {
                let columns = self.columns.iter().map(|name| identifier(name));
                let columns = columns.map(|name| format!("{name}::text AS {name}"));
                let all: Vec<String> = self.key().into_iter().chain(columns).collect();
                all.join(", ")
            }
        }
    }

    fn key(&self) -> Vec<String> {
        self.key.iter().map(|name| identifier(name)).collect()
    }

    /// Writes what makes the table, in a transaction of its own, and copies the values, in batches.
    pub fn keep(&self, section: &mut Section) {
        section.begin();
        self.make(section);
        self.copy(section);
    }

    /// Makes the table, in the transaction under way.
    pub fn make(&self, section: &mut Section) {
        let (name, values, table) = (self.name(), self.values(), self.table.sql());
        section.push(format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}"));
        section.push(format!(
            "CREATE TABLE IF NOT EXISTS {name} AS SELECT {values} FROM {table} WITH NO DATA"
        ));
        section.push(format!(
            "CREATE UNIQUE INDEX IF NOT EXISTS {} ON {name} ({})",
            identifier(&format!("{}_key", self.id)),
            self.key().join(", ")
        ));
    }

    /// Copies the values that are there. What the trigger wrote meanwhile is newer, and stays.
    pub fn copy(&self, section: &mut Section) {
        let (name, list, table) = (self.name(), self.list(), self.table.sql());
        let values = self.values();
        let condition = match &self.only {
            Some(condition) => format!(" WHERE {condition}"),
            None => String::new(),
        };
        section.batches(
            &self.key,
            format!(
                "INSERT INTO {name} ({list}) SELECT {values} FROM {table}{condition} ON CONFLICT DO NOTHING"
            ),
        );
    }

    /// What carries over what is written while the values are copied, and as long as the columns are there.
    pub fn trigger<'a>(&'a self, relation: &'a Relation) -> Trigger<'a> {
        let name = self.name();
        let side = |side: &str, names: &[String]| {
            let written = names
                .iter()
                .map(|one| format!("{side}.{}", identifier(one)));
            written.collect::<Vec<_>>().join(", ")
        };
        let key = self.key().join(", ");
        let forget = format!(
            "DELETE FROM {name} WHERE ({key}) = ({})",
            side("OLD", &self.key)
        );
        let set: Vec<String> = self
            .columns
            .iter()
            .map(|one| format!("{0} = EXCLUDED.{0}", identifier(one)))
            .collect();
        let all: Vec<String> = self.key.iter().chain(&self.columns).cloned().collect();
        let body = format!(
            "BEGIN\n    IF TG_OP = 'DELETE' THEN\n        {forget};\n        RETURN NULL;\n    END IF;\n    IF TG_OP = 'UPDATE' AND ROW({}) IS DISTINCT FROM ROW({}) THEN\n        {forget};\n    END IF;\n    INSERT INTO {name} ({}) VALUES ({}) ON CONFLICT ({key}) DO UPDATE SET {};\n    RETURN NULL;\nEND\n",
            side("OLD", &self.key),
            side("NEW", &self.key),
            self.list(),
            side("NEW", &all),
            set.join(", "),
        );
        Trigger {
            id: &self.id,
            table: &self.table,
            relation,
            what: "q",
            fires: Fires::After,
            body,
            reason: "it keeps what is written while the values are copied",
        }
    }

    /// Puts the values back into columns that are empty, in batches.
    pub fn restore(&self, section: &mut Section) {
        let full: Vec<String> = self
            .columns
            .iter()
            .map(|one| format!("kept.{} IS NOT NULL", identifier(one)))
            .collect();
        self.restore_where(section, &format!("({})", full.join(" OR ")));
    }

    /// The same for rows of which `condition`, over `here` and `kept`, is true.
    pub fn restore_where(&self, section: &mut Section, condition: &str) {
        let key = self.key();
        let same: Vec<String> = key
            .iter()
            .map(|name| format!("kept.{name} = here.{name}"))
            .collect();
        let names: Vec<String> = self.columns.iter().map(|one| identifier(one)).collect();
        let set: Vec<String> = names
            .iter()
            .map(|name| match &self.as_text {
                None => format!("{name} = kept.{name}"),
                Some(type_) => format!("{name} = kept.{name}::{type_}"),
            })
            .collect();
        let empty: Vec<String> = names
            .iter()
            .map(|name| format!("here.{name} IS NULL"))
            .collect();
        section.batches(
            &self.key,
            format!(
                "UPDATE {} AS here SET {} FROM {} AS kept WHERE {} AND {} AND {condition}",
                self.table,
                set.join(", "),
                self.name(),
                same.join(" AND "),
                empty.join(" AND "),
            ),
        );
    }

    /// Drops what was kept, in the transaction under way: it is where it was.
    pub fn forget(&self, section: &mut Section) {
        section
            .allow("ban-drop-table", "it is back where it was")
            .push(format!("DROP TABLE {}", self.name()));
    }
}
