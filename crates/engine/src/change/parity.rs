//! Rows on which the two sides of a change disagree.

use super::ChangeError;
use super::names::TableName;
use super::sync::{Follower, Sync, differ};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

/// How many rows one query looks at.
pub const BATCH: u32 = 20_000;

/// How many rows that disagree are shown, at the most.
pub const SAMPLES: usize = 5;

/// A comparison of two sides, by ranges of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parity {
    pub table: TableName,
    pub key: Vec<String>,
    /// A condition that holds for rows on which the sides disagree.
    pub differ: String,
    /// The columns of both sides.
    pub columns: Vec<String>,
    /// The functions whose triggers keep the sides in step, one of each.
    pub functions: Vec<TableName>,
    /// The same from the rows of the other side, where that is a table of its own.
    #[serde(default)]
    pub back: Option<Box<Parity>>,
}

/// How far the two sides agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compared {
    pub rows: u64,
    pub disagree: u64,
    /// The columns of the samples: those of the key, then those of both sides.
    pub columns: Vec<String>,
    /// Up to five rows on which the sides disagree, as text.
    pub samples: Vec<Vec<Option<String>>>,
}

impl Compared {
    /// Nothing, before the first range.
    pub fn new(parity: &Parity) -> Self {
        Compared {
            columns: parity.key.iter().chain(&parity.columns).cloned().collect(),
            ..Compared::default()
        }
    }

    pub fn words(&self) -> String {
        format!("{} of {} rows disagree", self.disagree, self.rows)
    }
}

impl Parity {
    pub(super) fn of(sync: &Sync<'_>, key: &[&str]) -> Result<Self, ChangeError> {
        let disagrees = |list: &[Follower]| -> Option<String> {
            let parts: Vec<String> = list
                .iter()
                .filter_map(|one| {
                    let from = format!("({})", one.from.as_deref()?);
                    Some(differ(&identifier(&one.name), &from, one))
                })
                .collect();
            (!parts.is_empty()).then(|| format!("({})", parts.join(" OR ")))
        };
        // A way back that loses something is no disagreement.
        let sides = [&sync.new, &sync.old]
            .into_iter()
            .filter_map(|side| disagrees(side));
        let columns = sync.old.iter().chain(&sync.new).map(|one| one.name.clone());
        Ok(Parity {
            table: sync.table.clone(),
            key: key.iter().map(|name| (*name).to_owned()).collect(),
            differ: sides.collect::<Vec<_>>().join(" AND "),
            columns: columns.collect(),
            functions: vec![TableName::new(&sync.table.schema, &sync.id.made(""))],
            back: None,
        })
    }

    fn key_list(&self) -> String {
        let names: Vec<String> = self.key.iter().map(|name| identifier(name)).collect();
        names.join(", ")
    }

    /// The query for the next range, after the key whose values (as text) are `after`, none at the beginning: how many rows it
    /// has, how many of them disagree, and then its last key, a column each.
    pub fn count(&self, after: Option<&[String]>) -> String {
        let list = self.key_list();
        let last: Vec<String> = self
            .key
            .iter()
            .map(|name| {
                format!(
                    "(array_agg({0}::text ORDER BY {list}))[count(*)]",
                    identifier(name)
                )
            })
            .collect();
        format!(
            "SELECT count(*)::text, count(*) FILTER (WHERE {})::text, {} FROM (SELECT * FROM {}{} ORDER BY {list} LIMIT {BATCH}) AS page;",
            self.differ,
            last.join(", "),
            self.table,
            self.after(after),
        )
    }

    /// The query for up to five rows of that range that disagree: the columns of the key and of both sides, as text.
    pub fn samples(&self, after: Option<&[String]>) -> String {
        let list = self.key_list();
        let shown: Vec<String> = self
            .key
            .iter()
            .chain(&self.columns)
            .map(|name| format!("{}::text", identifier(name)))
            .collect();
        format!(
            "SELECT {} FROM (SELECT * FROM {}{} ORDER BY {list} LIMIT {BATCH}) AS page WHERE {} ORDER BY {list} LIMIT {SAMPLES};",
            shown.join(", "),
            self.table,
            self.after(after),
            self.differ,
        )
    }

    fn after(&self, after: Option<&[String]>) -> String {
        let Some(values) = after else {
            return String::new();
        };
        let values: Vec<String> = values
            .iter()
            .map(|value| crate::sql::literal(value))
            .collect();
        format!(" WHERE ({}) > ({})", self.key_list(), values.join(", "))
    }
}
