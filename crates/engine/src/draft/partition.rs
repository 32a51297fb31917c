//! Parents: partitions and inheritance.

use super::op::Rank;
use super::restore::Restore;
use super::words::qualified;
use crate::catalog::Relation;

impl<'c> Restore<'c> {
    /// Makes a new table a partition of its parent; one that inherits does so from the start.
    pub(super) fn attach(&mut self, table: &Relation) {
        if let (Some(bound), Some(parent)) = (&table.partition_bound, table.parents.first()) {
            self.push(
                Rank::Attach,
                format!(
                    "ALTER TABLE {parent} ATTACH PARTITION {} {bound};",
                    qualified(&table.schema, &table.name)
                ),
            );
        }
    }

    pub(super) fn alter_parents(&mut self, now: &'c Relation, then: &'c Relation) {
        if (&now.parents, &now.partition_bound) == (&then.parents, &then.partition_bound) {
            return;
        }
        let name = qualified(&then.schema, &then.name);
        match (&now.partition_bound, now.parents.first()) {
            (Some(_), Some(parent)) => {
                let how = if self.concurrently {
                    " CONCURRENTLY"
                } else {
                    ""
                };
                self.push(
                    Rank::Detach,
                    format!("ALTER TABLE {parent} DETACH PARTITION {name}{how};"),
                );
            }
            _ => {
                for parent in now.parents.iter().filter(|one| !then.parents.contains(one)) {
                    self.push(
                        Rank::Detach,
                        format!("ALTER TABLE {name} NO INHERIT {parent};"),
                    );
                }
            }
        }
        match &then.partition_bound {
            Some(_) => self.attach(then),
            None => {
                for parent in then.parents.iter().filter(|one| !now.parents.contains(one)) {
                    let inherits = then.columns.iter().any(|column| column.inherited);
                    if inherits {
                        self.miss(format!(
                            "that columns of {name} come from {parent} alone: they are its own now, too."
                        ));
                    }
                    self.push(
                        Rank::Attach,
                        format!("ALTER TABLE {name} INHERIT {parent};"),
                    );
                }
            }
        }
    }
}
