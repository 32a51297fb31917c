//! Indexes that are no constraint's.

use super::access::Subject;
use super::op::Rank;
use super::relation::{columns_gone, is_moved};
use super::restore::Restore;
use super::words::{has_column, object_name, qualified};
use crate::catalog::{Index, Relation};
use crate::operation::Operation;
use crate::sql::identifier;
use std::collections::BTreeSet;

impl<'c> Restore<'c> {
    /// Makes an index; `with_table` says that its table is made anew, or becomes a partition again.
    pub(super) fn make_index(&mut self, table: &Relation, index: &Index, with_table: bool) {
        let name = qualified(&table.schema, &index.name);
        if index.constraint.is_none() {
            let rank = match (&index.partition_of, with_table) {
                (Some(_), true) => Rank::IndexOfPartition,
                // It comes with the index of the partitioned table.
                (Some(_), false) => return,
                (None, _) => Rank::Constraint,
            };
            // With ONLY, the partitions would stay without it.
            let mut sql = index.definition.replacen(" ON ONLY ", " ON ", 1);
            if self.concurrently && !with_table && table.partition_key.is_none() {
                sql = sql.replacen(" INDEX ", " INDEX CONCURRENTLY ", 1);
            }
            self.push_make(rank, &table.schema, &index.name, format!("{sql};"));
        }
        if let Some(tablespace) = &index.tablespace {
            self.push(
                Rank::Setting,
                format!(
                    "ALTER INDEX {name} SET TABLESPACE {};",
                    identifier(tablespace)
                ),
            );
        }
        if index.invalid {
            self.miss(format!("that index {name} was invalid: it is built anew."));
        }
        self.comment_on_index(&name, None, index.comment.as_deref());
    }

    fn comment_on_index(&mut self, name: &str, now: Option<&str>, then: Option<&str>) {
        let subject = Subject {
            kind: "INDEX",
            name,
            grantable: None,
        };
        self.comment(subject, now, then);
    }

    /// Brings the indexes back. `rebuilt` are the columns that are made again.
    pub(super) fn alter_indexes(
        &mut self,
        now: &'c Relation,
        then: &'c Relation,
        rebuilt: &BTreeSet<&str>,
    ) {
        let gone = columns_gone(now, then);
        let moved = is_moved(now, then);
        for index in now.indexes.iter().filter(|one| one.constraint.is_none()) {
            let kept = then
                .indexes
                .iter()
                .find(|one| one.name == index.name && one.constraint.is_none());
            let with_column =
                has_column(own_part(index), &gone) || has_column(own_part(index), rebuilt);
            let with_parent = index.partition_of.is_some() && !moved;
            let goes = match kept {
                None => true,
                Some(kept) => shape(index) != shape(kept),
            };
            if goes && !with_column && !with_parent {
                self.drop_index(now, index);
            }
        }
        for index in &then.indexes {
            let name = qualified(&then.schema, &index.name);
            let old = now.indexes.iter().find(|one| one.name == index.name);
            let old = old.filter(|old| {
                old.constraint == index.constraint
                    && (index.constraint.is_some()
                        || (shape(old) == shape(index) && !has_column(own_part(old), rebuilt)))
            });
            let Some(old) = old else {
                if index.constraint.is_none() {
                    self.make_index(then, index, moved);
                } else {
                    self.comment_on_index(&name, None, index.comment.as_deref());
                }
                continue;
            };
            let (now_options, then_options) = (options(old), options(index));
            self.options(&format!("INDEX {name}"), "", &now_options, &then_options);
            if old.tablespace != index.tablespace {
                let tablespace = index.tablespace.as_deref().unwrap_or("pg_default");
                self.push(
                    Rank::Setting,
                    format!(
                        "ALTER INDEX {name} SET TABLESPACE {};",
                        identifier(tablespace)
                    ),
                );
            }
            if old.invalid != index.invalid {
                self.miss(format!("whether index {name} was valid."));
            }
            if old.partition_of != index.partition_of && !moved {
                match &old.partition_of {
                    Some(_) => self.miss(format!("that index {name} was no part of another.")),
                    None => {
                        let parent = index.partition_of.clone().unwrap_or_default();
                        self.push(
                            Rank::Attach,
                            format!("ALTER INDEX {parent} ATTACH PARTITION {name};"),
                        );
                    }
                }
            }
            self.comment_on_index(&name, old.comment.as_deref(), index.comment.as_deref());
        }
    }

    fn drop_index(&mut self, table: &Relation, index: &Index) {
        let drop = Operation::DropIndex {
            name: object_name(&table.schema, &index.name),
            concurrently: self.concurrently && table.partition_key.is_none(),
        };
        self.push_drop(
            Rank::DropConstraint,
            &table.schema,
            &index.name,
            String::new(),
            drop.to_string(),
        );
    }
}

/// What follows the table's name in the definition.
fn own_part(index: &Index) -> &str {
    let text = index.definition.as_str();
    text.split_once(" USING ").map_or(text, |(_, rest)| rest)
}

/// The definition with its storage parameters apart, as `(before, parameters, after)`.
fn cut(index: &Index) -> (&str, &str, &str) {
    let text = index.definition.as_str();
    let whole = (text, "", "");
    let Some(start) = text.find(" WITH (") else {
        return whole;
    };
    let Some(length) = text[start..].find(')') else {
        return whole;
    };
    let end = start + length + 1;
    (&text[..start], &text[start + 7..end - 1], &text[end..])
}

fn shape(index: &Index) -> (String, String) {
    let (before, _, after) = cut(index);
    (before.replacen(" ON ONLY ", " ON ", 1), after.to_owned())
}

/// Its storage parameters as `key=value`.
fn options(index: &Index) -> Vec<String> {
    let list = cut(index).1;
    let items = list.split(',').filter(|item| !item.trim().is_empty());
    items
        .map(|item| {
            let (key, value) = item.split_once('=').unwrap_or((item, ""));
            format!("{}={}", key.trim(), value.trim().trim_matches('\''))
        })
        .collect()
}
