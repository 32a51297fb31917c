//! The rows of tables, as digests: enough to say which are not there any more as they were.

use crate::catalog::{Catalog, Object};
use crate::run::Answer;
use crate::sql::{identifier, literal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A table's schema and name.
pub type Table = (String, String);

/// The rows of each table, a digest a row, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents(BTreeMap<Table, Arc<Vec<i64>>>);

/// Rows that are not there any more as they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// As SQL writes it.
    pub table: String,
    /// How many rows it had.
    pub rows: u64,
    /// How many of them are gone, or came back with other values.
    pub lost: u64,
}

impl Contents {
    /// Forgets the tables that `catalog` has not, and those that `stale` names; gives those to be read, sorted.
    pub fn outdated(&mut self, catalog: &Catalog, stale: impl Fn(&Table) -> bool) -> Vec<Table> {
        let tables: BTreeSet<Table> = catalog.objects().filter_map(table).collect();
        self.0
            .retain(|table, _| tables.contains(table) && !stale(table));
        let known = &self.0;
        tables
            .into_iter()
            .filter(|table| !known.contains_key(table))
            .collect()
    }

    /// Takes the answer to [`query`].
    pub fn take(&mut self, answer: &Answer) {
        let mut read: BTreeMap<Table, Vec<i64>> = BTreeMap::new();
        for row in &answer.rows {
            let [Some(schema), Some(name), hash] = row.as_slice() else {
                continue;
            };
            let rows = read.entry((schema.clone(), name.clone())).or_default();
            rows.extend(hash.as_ref().and_then(|hash| hash.parse::<i64>().ok()));
        }
        for (table, mut rows) in read {
            rows.sort_unstable();
            self.0.insert(table, Arc::new(rows));
        }
    }
}

/// A table that holds rows itself.
fn table(object: &Object) -> Option<Table> {
    match object {
        Object::Table(it) if it.partition_key.is_none() && it.server.is_none() => {
            Some((it.schema.clone(), it.name.clone()))
        }
        _ => None,
    }
}

/// Asks for the rows of `tables`: schema, name and a digest each, and one row without a digest for each table. JSON names the
/// columns in an order of its own, so that their order in the table does not count.
pub fn query(tables: &[Table]) -> String {
    let parts = tables.iter().map(|(schema, name)| {
        let words = format!("{}, {}", literal(schema), literal(name));
        let table = format!("{}.{}", identifier(schema), identifier(name));
        format!(
            "SELECT {words}, NULL::text UNION ALL SELECT {words}, hashtextextended(to_jsonb(it)::text, 0)::text FROM ONLY {table} it"
        )
    });
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

/// What of `before` is not in `after`, in order of the tables.
pub fn lost(before: &Contents, after: &Contents) -> Vec<Lost> {
    let lost = before.0.iter().map(|((schema, name), rows)| {
        let now = after.0.get(&(schema.clone(), name.clone()));
        let table = match schema.as_str() {
            "public" => identifier(name),
            schema => format!("{}.{}", identifier(schema), identifier(name)),
        };
        Lost {
            table,
            rows: rows.len() as u64,
            lost: missing(rows, now.map_or(&[], |rows| rows.as_slice())),
        }
    });
    lost.filter(|found| found.lost > 0).collect()
}

/// How many of the first list the second has not; both are sorted.
fn missing(before: &[i64], after: &[i64]) -> u64 {
    let mut rest = after.iter().peekable();
    let gone = before.iter().filter(|row| {
        while rest.next_if(|other| other < row).is_some() {}
        rest.next_if(|other| other == row).is_none()
    });
    gone.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(tables: &[(&str, &[i64])]) -> Contents {
        let mut contents = Contents::default();
        for (name, rows) in tables {
            let row = |hash: Option<String>| {
                vec![Some("public".to_owned()), Some((*name).to_owned()), hash]
            };
            let mut all = vec![row(None)];
            all.extend(rows.iter().map(|hash| row(Some(hash.to_string()))));
            contents.take(&Answer {
                rows: all,
                ..Answer::default()
            });
        }
        contents
    }

    #[test]
    fn lost_rows_are_counted_each() {
        let before = contents(&[("a", &[3, 1, 2, 2]), ("b", &[7]), ("c", &[]), ("d", &[1])]);
        let after = contents(&[("a", &[2, 9, 3]), ("c", &[5]), ("d", &[1, 4])]);
        let found: Vec<_> = lost(&before, &after)
            .into_iter()
            .map(|found| (found.table, found.rows, found.lost))
            .collect();
        assert_eq!(found, [("a".into(), 4, 2), ("b".into(), 1, 1)]);
    }

    #[test]
    fn tables_are_quoted() {
        let text = query(&[("a b".into(), "it's".into())]);
        assert!(
            text.ends_with(
                "SELECT 'a b', 'it''s', hashtextextended(to_jsonb(it)::text, 0)::text FROM ONLY \"a b\".\"it's\" it"
            ),
            "{text}"
        );
    }
}
