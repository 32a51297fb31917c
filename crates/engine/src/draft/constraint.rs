//! Constraints of tables.

use super::access::Subject;
use super::op::Rank;
use super::relation::{columns_gone, is_moved};
use super::restore::Restore;
use super::words::{has_column, object_name, qualified};
use crate::catalog::{Catalog, Constraint, Relation};
use crate::operation::{Operation, ident};
use crate::sql::identifier;
use std::collections::BTreeSet;

impl<'c> Restore<'c> {
    /// The constraints that a table has of its own: not from a parent, and not one of those that PostgreSQL adds for the
    /// partitions of a table that is referred to.
    pub(super) fn own_constraints(&self, table: &'c Relation) -> Vec<&'c Constraint> {
        let all = table.constraints.iter();
        all.filter(|one| !is_passed_on(self.to, table, one))
            .collect()
    }

    pub(super) fn add_constraint(&mut self, table: &Relation, constraint: &Constraint) {
        let rank = match constraint.type_.as_str() {
            "foreign key" => Rank::ForeignKey,
            _ => Rank::Constraint,
        };
        let name = qualified(&table.schema, &table.name);
        if !constraint.not_valid && self.refers_to_lost_rows(constraint) {
            self.miss(format!(
                "foreign key {} of {name} where its rows refer to some that are not restored: put those in first, or add it NOT VALID.",
                identifier(&constraint.name)
            ));
        }
        let sql = format!(
            "ALTER TABLE {name} ADD CONSTRAINT {} {};",
            identifier(&constraint.name),
            constraint.definition
        );
        self.push(rank, sql);
        self.comment_on_constraint(table, constraint);
    }

    /// Whether a foreign key is to a table, or to columns, that are made again without what was in them.
    fn refers_to_lost_rows(&self, constraint: &Constraint) -> bool {
        let referred = constraint.definition.split_once(" REFERENCES ");
        let Some((table, rest)) = referred.and_then(|(_, rest)| rest.split_once('(')) else {
            return false;
        };
        let columns = rest.split_once(')').map_or("", |(columns, _)| columns);
        let Some(table) = Self::printed(self.from, table.trim()) else {
            return true;
        };
        let there: BTreeSet<String> = table
            .columns
            .iter()
            .map(|column| identifier(&column.name))
            .collect();
        columns
            .split(',')
            .any(|column| !there.contains(column.trim()))
    }

    pub(super) fn comment_on_constraint(&mut self, table: &Relation, constraint: &Constraint) {
        self.comment_on_part(
            "CONSTRAINT",
            table,
            &constraint.name,
            None,
            constraint.comment.as_deref(),
        );
    }

    /// A comment on something that belongs to a relation.
    pub(super) fn comment_on_part(
        &mut self,
        kind: &str,
        table: &Relation,
        name: &str,
        now: Option<&str>,
        then: Option<&str>,
    ) {
        let written = format!(
            "{} ON {}",
            identifier(name),
            qualified(&table.schema, &table.name)
        );
        let subject = Subject {
            kind,
            name: &written,
            grantable: None,
        };
        self.comment(subject, now, then);
    }

    /// Brings the constraints back. `rebuilt` are the columns that are made again.
    pub(super) fn alter_constraints(
        &mut self,
        now: &'c Relation,
        then: &'c Relation,
        rebuilt: &BTreeSet<&str>,
    ) {
        let gone = columns_gone(now, then);
        let moved = is_moved(now, then);
        for constraint in &now.constraints {
            let kept = then
                .constraints
                .iter()
                .find(|one| one.name == constraint.name);
            let goes_with_column = has_column(own_part(constraint), &gone)
                || has_column(own_part(constraint), rebuilt);
            let goes = match kept {
                None => !goes_with_column,
                Some(kept) => {
                    !is_same(constraint, kept)
                        && !goes_with_column
                        && !defers_only(constraint, kept)
                }
            };
            if goes && !self.comes_from_parent(self.from, now, constraint, moved) {
                self.drop_constraint(now, constraint);
            }
        }
        for constraint in &then.constraints {
            if self.comes_from_parent(self.to, then, constraint, moved) {
                continue;
            }
            let old = now
                .constraints
                .iter()
                .find(|one| one.name == constraint.name);
            match old {
                Some(old) if has_column(own_part(old), rebuilt) => {
                    self.add_constraint(then, constraint);
                }
                Some(old) if is_same(old, constraint) => self.comment_on_part(
                    "CONSTRAINT",
                    then,
                    &constraint.name,
                    old.comment.as_deref(),
                    constraint.comment.as_deref(),
                ),
                Some(old) if defers_only(old, constraint) => {
                    let how = match constraint.deferrable.as_deref() {
                        None => "NOT DEFERRABLE".to_owned(),
                        Some(when) => format!("DEFERRABLE {}", when.to_ascii_uppercase()),
                    };
                    let sql = format!(
                        "ALTER TABLE {} ALTER CONSTRAINT {} {how};",
                        qualified(&then.schema, &then.name),
                        identifier(&constraint.name)
                    );
                    self.push(Rank::Constraint, sql);
                }
                _ => self.add_constraint(then, constraint),
            }
        }
    }

    /// Whether a constraint is dropped or made with a parent's. One of a table that comes or goes as a partition is not.
    fn comes_from_parent(
        &self,
        catalog: &Catalog,
        table: &Relation,
        constraint: &Constraint,
        moved: bool,
    ) -> bool {
        match moved {
            true => constraint.inherited || is_for_partition(catalog, table, constraint),
            false => {
                is_passed_on(catalog, table, constraint) || has_parents(catalog, table, constraint)
            }
        }
    }

    fn drop_constraint(&mut self, table: &Relation, constraint: &Constraint) {
        let rank = match constraint.type_.as_str() {
            "foreign key" => Rank::DropForeignKey,
            _ => Rank::DropConstraint,
        };
        let drop = Operation::DropConstraint {
            table: object_name(&table.schema, &table.name),
            name: ident(&constraint.name),
        };
        self.push(rank, drop.to_string());
    }
}

/// Whether they differ in nothing but their comment.
fn is_same(one: &Constraint, other: &Constraint) -> bool {
    (&one.type_, &one.definition, one.not_valid, &one.deferrable)
        == (
            &other.type_,
            &other.definition,
            other.not_valid,
            &other.deferrable,
        )
}

/// Whether a foreign key differs in when it is checked alone, which can be altered.
fn defers_only(one: &Constraint, other: &Constraint) -> bool {
    let bare = |text: &str| {
        let text = text.trim_end_matches(" NOT VALID");
        let text = text.trim_end_matches(" INITIALLY DEFERRED");
        text.trim_end_matches(" DEFERRABLE").to_owned()
    };
    one.type_ == "foreign key"
        && other.type_ == "foreign key"
        && one.not_valid == other.not_valid
        && one.deferrable != other.deferrable
        && bare(&one.definition) == bare(&other.definition)
}

/// The part of a definition that is about the columns of its own table.
fn own_part(constraint: &Constraint) -> &str {
    let text = constraint.definition.as_str();
    match constraint.type_.as_str() {
        "foreign key" => text.split(" REFERENCES ").next().unwrap_or(text),
        _ => text,
    }
}

/// Whether a constraint comes and goes with another one: a parent's, or the foreign key to a partitioned table of which it is
/// the part for one partition.
fn is_passed_on(catalog: &Catalog, table: &Relation, constraint: &Constraint) -> bool {
    if constraint.inherited {
        return true;
    }
    let is_key = constraint.type_ == "foreign key";
    is_key
        && (has_parents(catalog, table, constraint) || is_for_partition(catalog, table, constraint))
}

/// Whether the parent of a partition has the same constraint.
fn has_parents(catalog: &Catalog, table: &Relation, constraint: &Constraint) -> bool {
    table.partition_bound.is_some()
        && table.parents.iter().any(|parent| {
            Restore::printed(catalog, parent).is_some_and(|parent| {
                parent.constraints.iter().any(|one| {
                    one.type_ == constraint.type_ && one.definition == constraint.definition
                })
            })
        })
}

fn is_for_partition(catalog: &Catalog, table: &Relation, constraint: &Constraint) -> bool {
    let Some((own, rest)) = constraint.definition.split_once(" REFERENCES ") else {
        return false;
    };
    let Some((referred, rest)) = rest.split_once('(') else {
        return false;
    };
    let Some(partition) = Restore::printed(catalog, referred.trim()) else {
        return false;
    };
    let mut parents = partition.parents.iter();
    partition.partition_bound.is_some()
        && parents.any(|parent| {
            let whole = format!("{own} REFERENCES {parent}({rest}");
            table.constraints.iter().any(|one| one.definition == whole)
        })
}
