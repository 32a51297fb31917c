//! Partitions that come and go.

use super::alter_table::Target;
use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind, WorkKind, expression};
use crate::sql::schema::{Constraint, ConstraintKind, Table, TableName};
use crate::sql::tree::{name, text};
use squawk_syntax::ast::{self, AstNode};

/// ATTACH PARTITION reads the new partition, unless its own constraints say what the bounds say, and the default one.
pub(super) fn attach(
    reading: &mut Reading,
    target: &Target,
    attach: &ast::AttachPartition,
) -> Option<()> {
    let kind = Kind::AttachPartition;
    let partition = name(attach.table_name_ref())?;
    reading.on_target(target, kind);
    reading.lock(kind, Role::Partition, &partition);
    reading.touch(Action::Alter, ObjectKind::Table, partition.clone(), None);
    for below in reading.schema.descendants(&partition) {
        reading.lock(kind, Role::Partition, &below);
    }
    let parent = reading.schema.table(&target.table);
    let bounds = attach.partition_type();
    let wanted = parent.and_then(|parent| conditions(parent, bounds.as_ref()?));
    match (wanted, reading.schema.table(&partition)) {
        (Some(wanted), Some(known)) => {
            if !implied(known, &wanted) {
                // Another way of saying the same is not recognised.
                let checks = known
                    .constraints
                    .iter()
                    .any(|one| matches!(one.kind, ConstraintKind::Check(_)));
                reading.work(&partition, WorkKind::Scan, !checks);
            }
        }
        _ => reading.work(&partition, WorkKind::Scan, false),
    }
    default_partition(reading, kind, &target.table, true);
    if let Some(parent) = parent {
        let known = reading.schema.table(&partition);
        let mut keys = Vec::new();
        for (key, other) in parent.foreign_keys() {
            let same =
                |(own, to): (&Constraint, &TableName)| to == other && own.columns == key.columns;
            let is_there = known.is_some_and(|known| known.foreign_keys().any(same));
            keys.push((other.clone(), is_there));
        }
        for (other, is_there) in keys {
            reading.lock(kind, Role::Referenced, &other);
            if !is_there {
                reading.work(&partition, WorkKind::Scan, true);
                reading.work(&other, WorkKind::Scan, false);
            }
        }
        let has_indexes = reading.schema.indexes_of(&target.table).next().is_some();
        let ready = reading.schema.indexes_of(&partition).next().is_some();
        if has_indexes && !ready {
            // Indexes that the partition lacks are built.
            reading.work(&partition, WorkKind::Index, true);
        }
    }
    Some(())
}

/// The default partition must hold no row that belongs in a new one.
pub(super) fn default_partition(
    reading: &mut Reading,
    kind: Kind,
    parent: &TableName,
    scans: bool,
) {
    let found = reading.schema.children(parent).find(|child| {
        reading
            .schema
            .table(child)
            .is_some_and(|table| table.is_default_partition)
    });
    if let Some(found) = found.cloned() {
        reading.lock(kind, Role::DefaultPartition, &found);
        if scans {
            reading.work(&found, WorkKind::Scan, true);
        }
    }
}

pub(super) fn detach(
    reading: &mut Reading,
    target: &Target,
    detach: &ast::DetachPartition,
) -> Option<()> {
    let partition = name(detach.table_name_ref())?;
    let kind = match detach.detach_partition_option() {
        Some(ast::DetachPartitionOption::DetachConcurrently(_)) => Kind::DetachConcurrently,
        Some(ast::DetachPartitionOption::DetachFinalize(_)) => Kind::DetachFinalize,
        None => Kind::DetachPartition,
    };
    reading.on_target(target, kind);
    reading.lock(kind, Role::Partition, &partition);
    reading.touch(Action::Alter, ObjectKind::Table, partition, None);
    default_partition(reading, kind, &target.table, false);
    let keys: Vec<TableName> = reading
        .schema
        .table(&target.table)
        .into_iter()
        .flat_map(|parent| parent.foreign_keys().map(|(_, other)| other.clone()))
        .collect();
    for other in keys {
        reading.lock(kind, Role::Referenced, &other);
    }
    Some(())
}

/// What the bounds say of a row, as parts joined with AND; none where they are not simple.
fn conditions(parent: &Table, bounds: &ast::PartitionType) -> Option<Vec<String>> {
    let [key] = parent.partition_key.as_slice() else {
        return None;
    };
    let mut all = vec![format!("{key} is not null")];
    match bounds {
        ast::PartitionType::PartitionForValuesFrom(range) => {
            let ends = [
                (range.from().map(|from| from.syntax().clone()), ">="),
                (range.to().map(|to| to.syntax().clone()), "<"),
            ];
            for (end, operator) in ends {
                let mut values = end?
                    .children()
                    .filter_map(ast::Expr::cast)
                    .collect::<Vec<_>>();
                let value = text(values.pop()?.syntax());
                if !values.is_empty() {
                    return None;
                }
                if !value.eq_ignore_ascii_case("minvalue")
                    && !value.eq_ignore_ascii_case("maxvalue")
                {
                    all.extend(expression::conjuncts(&format!(
                        "\"{key}\" {operator} {value}"
                    )));
                }
            }
        }
        ast::PartitionType::PartitionForValuesIn(list) => {
            let values: Vec<String> = list.exprs().map(|value| text(value.syntax())).collect();
            let null = |value: &String| value.eq_ignore_ascii_case("null");
            if values.iter().any(null) {
                return None;
            }
            let said = match values.as_slice() {
                [one] => format!("\"{key}\" = {one}"),
                _ => format!("\"{key}\" IN ({})", values.join(", ")),
            };
            all.extend(expression::conjuncts(&said));
        }
        ast::PartitionType::PartitionForValuesWith(_) | ast::PartitionType::PartitionDefault(_) => {
            return None;
        }
    }
    Some(all)
}

/// Whether a table's own constraints say all that.
fn implied(table: &Table, wanted: &[String]) -> bool {
    let mut said = Vec::new();
    for constraint in &table.constraints {
        if let ConstraintKind::Check(check) = &constraint.kind
            && constraint.is_validated
        {
            said.extend(expression::conjuncts(check));
        }
    }
    for column in &table.columns {
        if !column.is_nullable {
            said.push(format!("{} is not null", column.name));
        }
    }
    wanted.iter().all(|one| said.contains(one))
}
