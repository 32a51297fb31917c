//! Index on a partitioned table.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use crate::sql::schema::TableKind;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "index-on-partitioned-table",
    rows: &[41],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Index on a partitioned table",
    happens: "The index is built on every partition in one statement, which locks them all SHARE; CONCURRENTLY is refused.",
    waits: "INSERT, UPDATE and DELETE on all partitions wait.",
    applies: "Where the history knows that the table is partitioned and has partitions.",
    instead: "CREATE INDEX … ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION.",
    manual: "ddl-partitioning",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateIndex(create) = look.tree else {
        return;
    };
    let Some(relation) = create.table_relation_name() else {
        return;
    };
    if let Some(table) = name(Some(&relation))
        && relation.only_token().is_none()
        && look
            .schema
            .table(&table)
            .is_some_and(|known| known.kind == TableKind::Partitioned)
        && look
            .schema
            .children(&table)
            .any(|child| !look.is_new(child))
    {
        hits.here(look.head());
    }
}
