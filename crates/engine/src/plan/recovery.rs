//! The queries that tell, after a crash, what became of a statement outside a transaction.

use super::Recovery;
use crate::sql::{self, literal};

/// Makes the plan's recovery from what is known of the statement.
pub(super) fn of(known: &sql::Recovery) -> Recovery {
    match known {
        sql::Recovery::Repeatable => Recovery::Repeat,
        sql::Recovery::Unknown => Recovery::Ask,
        sql::Recovery::IndexBuilt { index, table } => Recovery::Check {
            check: format!(
                "SELECT CASE WHEN i.indexrelid IS NULL THEN 'todo' WHEN i.indisvalid AND i.indisready THEN 'done' ELSE 'broken' END \
                 FROM (SELECT 1) one LEFT JOIN (pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid) \
                 ON i.indrelid = to_regclass({}) AND c.relname = {};",
                literal(table),
                literal(&sql::fold(index)),
            ),
            repair: Some(format!(
                "DROP INDEX CONCURRENTLY IF EXISTS {}{index};",
                qualifier(table)
            )),
        },
        sql::Recovery::IndexGone { indexes } => Recovery::Check {
            check: format!(
                "SELECT CASE WHEN {} THEN 'done' ELSE 'todo' END;",
                all_gone(indexes)
            ),
            repair: None,
        },
        sql::Recovery::PartitionDetached { table, partition } => Recovery::Check {
            check: format!(
                "SELECT CASE WHEN h.inhrelid IS NULL THEN 'done' WHEN h.inhdetachpending THEN 'broken' ELSE 'todo' END \
                 FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_inherits h \
                 ON h.inhrelid = to_regclass({}) AND h.inhparent = to_regclass({});",
                literal(partition),
                literal(table),
            ),
            repair: Some(format!(
                "ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE;"
            )),
        },
        sql::Recovery::Database { name, exists } => Recovery::Check {
            check: format!(
                "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = {}) = {exists} THEN 'done' ELSE 'todo' END;",
                literal(&sql::fold(name)),
            ),
            repair: None,
        },
    }
}

fn all_gone(indexes: &[String]) -> String {
    let gone: Vec<String> = indexes
        .iter()
        .map(|index| format!("to_regclass({}) IS NULL", literal(index)))
        .collect();
    gone.join(" AND ")
}

/// The schema part of a table's name with its dot, as written; empty where there is none.
/// An index lives in its table's schema (PostgreSQL manual, CREATE INDEX).
fn qualifier(table: &str) -> &str {
    let mut quoted = false;
    let mut end = 0;
    for (at, c) in table.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => end = at + 1,
            _ => {}
        }
    }
    &table[..end]
}

#[cfg(test)]
mod tests {
    use super::qualifier;

    #[test]
    fn an_index_is_dropped_in_the_schema_of_its_table() {
        assert_eq!(qualifier("users"), "");
        assert_eq!(qualifier("app.users"), "app.");
        assert_eq!(qualifier("\"my.app\".\"a.b\""), "\"my.app\".");
    }
}
