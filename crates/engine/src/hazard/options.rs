//! What a judge is told: the server's version, the tables' sizes, what a project has switched on or off.

use super::Rule;
use crate::finding::Severity;
use crate::sql::schema::TableName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A version of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version {
    pub major: u32,
    /// None where only the major version is known.
    pub minor: Option<u32>,
}

impl Version {
    /// The newest that this version of Cofferdam knows.
    pub const NEWEST: Version = Version {
        major: 18,
        minor: None,
    };
}

impl std::str::FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().splitn(2, '.');
        let number = |part: Option<&str>| part.map(|part| part.parse::<u32>());
        let (major, minor) = (number(parts.next()), number(parts.next()));
        match (major, minor.transpose()) {
            (Some(Ok(major @ 10..=30)), Ok(minor)) => Ok(Version { major, minor }),
            _ => Err(format!(
                "{text:?} is no version of PostgreSQL: write one such as 16 or 14.2"
            )),
        }
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.minor {
            Some(minor) => write!(f, "{}.{minor}", self.major),
            None => write!(f, "{}", self.major),
        }
    }
}

/// What is known of production's tables, without any data: the answer to the query of [`Statistics::QUERY`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// `schema.table`, or `table` in `public`.
    pub tables: BTreeMap<String, TableStatistics>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableStatistics {
    /// Rows, as the planner estimates them.
    pub rows: u64,
    /// The table with its indexes and TOAST, in bytes.
    pub bytes: u64,
    /// Rows inserted, updated or deleted in an hour, since statistics were last reset.
    #[serde(default)]
    pub writes_per_hour: u64,
}

impl Statistics {
    /// A query that answers one JSON text in this form; it reads no data of the tables.
    pub const QUERY: &str = include_str!("statistics.sql");

    /// What is known of that table.
    pub fn of(&self, table: &TableName) -> Option<TableStatistics> {
        let name = match &table.schema {
            Some(schema) => format!("{schema}.{}", table.name),
            None => table.name.clone(),
        };
        self.tables.get(&name).copied()
    }
}

/// What is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub version: Version,
    pub statistics: Statistics,
    /// Severities that the project sets, by code; none switches a rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// Every rule, also those that a project has to switch on.
    pub all: bool,
    /// A `lock_timeout` is set before each revision.
    pub has_lock_timeout: bool,
    /// A `statement_timeout` is set before each revision.
    pub has_statement_timeout: bool,
    /// How indexes and constraints are named, by kind (`ix`, `uq`, `ck`, `fk`, `pk`): the beginning of the name.
    pub prefixes: BTreeMap<String, String>,
}

impl Options {
    /// How severe the rule is in this project; none where it is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.severities.get(rule.code) {
            Some(severity) => *severity,
            None => (rule.is_default || self.all).then_some(rule.severity),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            version: Version::NEWEST,
            statistics: Statistics::default(),
            severities: BTreeMap::new(),
            all: false,
            has_lock_timeout: false,
            has_statement_timeout: false,
            prefixes: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read() {
        let read = |text: &str| text.parse::<Version>().map(|version| version.to_string());
        assert_eq!(read("14"), Ok("14".into()));
        assert_eq!(read(" 14.2"), Ok("14.2".into()));
        for bad in ["", "x", "14.", "9.6", "1e3", "14.2.1", "-14"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
