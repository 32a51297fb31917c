//! Primary key without the partition key.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use crate::sql::schema::ConstraintKind;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "partition-key-not-in-primary-key",
    rows: &[52],
    severity: Severity::Error,
    title: "Primary key without the partition key",
    happens: "A primary key or unique constraint of a partitioned table must contain the columns of the partition key: PostgreSQL refuses it otherwise.",
    applies: "For CREATE TABLE … PARTITION BY with a key that lacks them.",
    instead: "Add the partition key's columns to the key.",
    manual: "ddl-partitioning",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateTable(create) = look.tree else {
        return;
    };
    let Some(table) = name(create.table_name().as_ref()) else {
        return;
    };
    if create.partition_by().is_none() {
        return;
    }
    let mut after = look.schema.around(&table);
    look.apply_to(&mut after);
    let Some(made) = after.table(&table) else {
        return;
    };
    for one in &made.constraints {
        let is_key = matches!(
            one.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::Unique
        );
        let missing = made
            .partition_key
            .iter()
            .find(|key| !one.columns.contains(key));
        if let Some(missing) = missing.filter(|_| is_key) {
            hits.add(
                look.head(),
                format!("The key {} does not contain {missing}, a column of the partition key: PostgreSQL refuses it. Add the column to the key.", one.name),
            );
        }
    }
}
