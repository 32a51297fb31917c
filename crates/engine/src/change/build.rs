//! What the kinds of changes build their phases with.

use super::columns;
use super::names::{LONGEST, OWN, TableName};
use super::parity::Parity;
use super::section::Section;
use super::{Change, ChangeError, Part, Phase, Phases};
use crate::catalog::{Column, Constraint, Index, Kind, Object, Relation};
use crate::draft::mentions;
use crate::sql::identifier;
use std::collections::BTreeSet;

/// A change being turned into phases.
#[derive(Debug)]
pub struct Builder<'a> {
    pub change: &'a Change,
    pub name: &'a TableName,
    pub table: &'a Relation,
    phases: Phases,
}

impl<'a> Builder<'a> {
    /// # Errors
    /// Where the table is not there, or is none.
    pub fn new(change: &'a Change) -> Result<Self, ChangeError> {
        let name = &change.table;
        let table = change.start.relation(&name.schema, &name.name);
        let table = table.ok_or_else(|| {
            ChangeError(format!(
                "there is no table {name} in the schema that the change starts from: name one that is there"
            ))
        })?;
        if table.definition.is_some() {
            return Err(ChangeError(format!(
                "{name} is a view: it can be replaced in one revision, and needs no phases"
            )));
        }
        if table.server.is_some() {
            return Err(ChangeError(format!(
                "{name} is a foreign table: change the table on its own server"
            )));
        }
        Ok(Builder {
            change,
            name,
            table,
            phases: Phases::default(),
        })
    }

    pub fn finish(self) -> Phases {
        self.phases
    }

    /// Adds a revision.
    pub fn part(&mut self, phase: Phase, message: impl Into<String>, up: Section, down: Section) {
        self.phases.parts.push(Part {
            phase,
            message: message.into(),
            upgrade: up.finish(),
            downgrade: down.finish(),
        });
    }

    pub fn note(&mut self, sentence: impl Into<String>) {
        self.phases.notes.push(sentence.into());
    }

    /// The contract puts another table in the place of this one.
    pub fn replaces_table(&mut self) {
        self.phases.replaces_table = true;
    }

    pub fn parity(&mut self, parity: Parity) {
        self.phases.parity = Some(parity);
    }

    /// The table's names of columns.
    pub fn columns(&self) -> BTreeSet<&'a str> {
        self.table
            .columns
            .iter()
            .map(|one| one.name.as_str())
            .collect()
    }

    /// The column of that name.
    ///
    /// # Errors
    /// Where there is none; the nearest names are told.
    pub fn column(&self, name: &str) -> Result<&'a Column, ChangeError> {
        let found = self.table.columns.iter().find(|one| one.name == name);
        found.ok_or_else(|| {
            let names: Vec<String> = self
                .table
                .columns
                .iter()
                .map(|one| identifier(&one.name))
                .collect();
            ChangeError(format!(
                "{} has no column {}: it has {}",
                self.name.words(),
                identifier(name),
                names.join(", ")
            ))
        })
    }

    /// # Errors
    /// Where a column of that name is there already, or the name is too long.
    pub fn free_column(&self, name: &str) -> Result<(), ChangeError> {
        if name.len() > LONGEST {
            return Err(ChangeError(format!(
                "the name {} has {} bytes, and PostgreSQL keeps {LONGEST}: take a shorter one",
                identifier(name),
                name.len()
            )));
        }
        match self.table.columns.iter().any(|one| one.name == name) {
            true => Err(ChangeError(format!(
                "{} has a column {} already: take another name",
                self.name.words(),
                identifier(name)
            ))),
            false => Ok(()),
        }
    }

    /// The name of a new constraint or index: the one that is given, or the one that PostgreSQL would take (`t_a_b_key`).
    ///
    /// # Errors
    /// Where it is taken or too long, in words.
    pub fn new_name(
        &self,
        given: Option<&String>,
        columns: &[String],
        ending: &str,
    ) -> Result<String, ChangeError> {
        let name = given.cloned().unwrap_or_else(|| {
            let parts = [self.name.name.as_str()].into_iter();
            let parts = parts.chain(columns.iter().map(String::as_str));
            parts.chain([ending]).collect::<Vec<_>>().join("_")
        });
        if name.len() > LONGEST {
            return Err(ChangeError(format!(
                "the name {} has {} bytes, and PostgreSQL keeps {LONGEST}: give a shorter `name`",
                identifier(&name),
                name.len()
            )));
        }
        let is_taken = self.table.constraints.iter().any(|one| one.name == name)
            || self.table.indexes.iter().any(|one| one.name == name);
        match is_taken {
            true => Err(ChangeError(format!(
                "{} has a constraint or index {} already: give another `name`",
                self.name.words(),
                identifier(&name)
            ))),
            false => Ok(name),
        }
    }

    /// The table's rows can be changed by triggers and batches, and indexes built beside writers.
    ///
    /// # Errors
    /// For a partitioned table and one that others inherit from or that inherits, in words.
    pub fn plain_table(&self) -> Result<(), ChangeError> {
        let words = self.name.words();
        if self.table.partition_bound.is_some() {
            return Err(ChangeError(format!(
                "{words} is a partition: change the partitioned table {}",
                self.table.parents.join(", ")
            )));
        }
        if self.table.partition_key.is_some() {
            return Err(ChangeError(format!(
                "{words} is partitioned, and neither an index nor a foreign key of it can be made beside writers: change it in a revision of your own, partition by partition"
            )));
        }
        if !self.table.parents.is_empty() {
            return Err(ChangeError(format!(
                "{words} inherits from {}: its columns are changed there",
                self.table.parents.join(", ")
            )));
        }
        let (own, all) = (self.name.sql(), self.change.start.objects());
        let heirs: Vec<String> = all
            .filter_map(Object::relation)
            .filter(|one| one.parents.contains(&own))
            .map(|one| TableName::new(&one.schema, &one.name).words())
            .collect();
        if !heirs.is_empty() {
            return Err(ChangeError(format!(
                "{words} is inherited by {}: change them in a revision of your own",
                heirs.join(", ")
            )));
        }
        Ok(())
    }

    /// The columns by whose ranges rows are taken in batches.
    ///
    /// # Errors
    /// Where there is no key that is unique and not null, with what would help.
    pub fn key(&self) -> Result<Vec<&'a str>, ChangeError> {
        let is_not_null = |name: &str| {
            self.table
                .columns
                .iter()
                .any(|one| one.name == name && one.not_null)
        };
        let mut keys: Vec<(u8, Vec<&'a str>)> = Vec::new();
        for index in &self.table.indexes {
            let Some(columns) = self.unique_columns(index) else {
                continue;
            };
            if columns.iter().all(|one| is_not_null(one)) {
                keys.push((u8::from(!self.is_primary(index)), columns));
            }
        }
        keys.sort_by_key(|(rank, columns)| (*rank, columns.len()));
        let wanted = &self.change.key;
        if !wanted.is_empty() {
            let found = keys.into_iter().find(|(_, columns)| columns == wanted);
            return found.map(|(_, columns)| columns).ok_or_else(|| {
                ChangeError(format!(
                    "({}) is no unique key of {} whose columns are all NOT NULL: leave the key out, or name one that is",
                    wanted.join(", "),
                    self.name.words()
                ))
            });
        }
        keys.into_iter().next().map(|(_, columns)| columns).ok_or_else(|| {
            ChangeError(format!(
                "{} has no primary key and no other unique key that is NOT NULL, so its rows cannot be taken in batches: add a primary key first (`cofferdam change new add-primary-key`)",
                self.name.words()
            ))
        })
    }

    /// A trigger that runs as its function's owner can compare these columns: it finds nothing but PostgreSQL's own operators.
    ///
    /// # Errors
    /// Where a column's type has its own ones, as that of an extension, in words.
    pub fn comparable(&self, columns: &[impl AsRef<str>]) -> Result<(), ChangeError> {
        for name in columns.iter().map(AsRef::as_ref) {
            let column = self.column(name)?;
            let type_ = column.type_.split('(').next().unwrap_or_default();
            let named = mentions(type_);
            // What is made of other types is compared by these.
            let is_made = self.change.start.objects().any(|object| {
                let kinds = [Kind::Enum, Kind::Domain, Kind::Range, Kind::Composite];
                let (schema, name) = object.name();
                kinds.contains(&object.kind())
                    && named.contains(&(schema.to_owned(), name.to_owned()))
            });
            let is_text = named.iter().any(|(_, name)| name == "citext");
            if !named.is_empty() && !is_made && !is_text {
                return Err(ChangeError(format!(
                    "{}.{} is {}, a type with operators of its own, which a trigger that writes for others does not find: let the rows be told by another unique key, of PostgreSQL's own types",
                    self.name.words(),
                    identifier(name),
                    column.type_
                )));
            }
        }
        Ok(())
    }

    /// Whether no two rows have the same values in these columns.
    pub fn is_unique(&self, columns: &[String]) -> bool {
        let keys = self.table.indexes.iter();
        keys.filter_map(|one| self.unique_columns(one))
            .any(|key| key.iter().all(|name| columns.iter().any(|one| one == name)))
    }

    /// The columns of a unique index that is whole: valid, not partial, without expressions.
    fn unique_columns(&self, index: &Index) -> Option<Vec<&'a str>> {
        let text = index.definition.as_str();
        if index.invalid || !text.starts_with("CREATE UNIQUE INDEX ") || text.contains(" WHERE ") {
            return None;
        }
        let (_, list) = text.split_once(" USING btree (")?;
        let list = list.split_once(')')?.0;
        list.split(',')
            .map(|written| {
                let name = crate::sql::fold(written.trim());
                let found = self.table.columns.iter().find(|one| one.name == name);
                found.map(|one| one.name.as_str())
            })
            .collect()
    }

    pub fn is_primary(&self, index: &Index) -> bool {
        let constraint = index.constraint.as_ref();
        constraint.is_some_and(|name| {
            let mut all = self.table.constraints.iter();
            all.any(|one| one.name == *name && one.type_ == "primary key")
        })
    }

    /// The foreign keys of any table that refer to these columns of the table, as PostgreSQL writes them (`(id)`), in words.
    pub fn referring(&self, columns: &str) -> Vec<String> {
        let wanted = format!(" REFERENCES {}{columns}", self.name);
        let relations = self.change.start.objects().filter_map(Object::relation);
        relations
            .flat_map(|table| table.constraints.iter().map(move |one| (table, one)))
            .filter(|(_, one)| one.type_ == "foreign key" && one.definition.contains(&wanted))
            .map(|(table, one)| {
                let table = TableName::new(&table.schema, &table.name);
                format!("{} of {}", identifier(&one.name), table.words())
            })
            .collect()
    }

    /// The table's constraints that a column is in, but for NOT NULL; what a foreign key refers to is another table's.
    pub fn constraints_on(&self, column: &str) -> Vec<&'a Constraint> {
        let all = self.table.constraints.iter();
        all.filter(|one| {
            let own = one.definition.split(" REFERENCES ").next();
            one.type_ != "not null" && own.is_some_and(|own| columns::has(own, column))
        })
        .collect()
    }

    /// The indexes that mention a column, those of constraints included.
    pub fn indexes_on(&self, column: &str) -> Vec<&'a Index> {
        let all = self.table.indexes.iter();
        all.filter(|one| columns::has(own_part(one), column))
            .collect()
    }

    /// Notes the triggers that fire for rows that are filled.
    pub fn note_triggers(&mut self) {
        let firing: Vec<String> = self
            .table
            .triggers
            .iter()
            .filter(|one| {
                // Those of other changes leave alone what is not theirs.
                !one.name.contains(OWN)
                    && one.definition.contains("UPDATE")
                    && one.enabled.as_deref() != Some("disabled")
            })
            .map(|one| identifier(&one.name))
            .collect();
        if !firing.is_empty() {
            let (table, names) = (self.name.words(), firing.join(", "));
            self.note(format!(
                "Filling {table} fires its own triggers for every row ({names}): see that they may, as one that sets a time of change does so for all rows."
            ));
        }
    }
}

/// Whether an index of the table begins with these columns.
pub fn leads_index(table: &Relation, columns: &[&str]) -> bool {
    table.indexes.iter().any(|index| {
        let text = own_part(index);
        let list = text.split_once('(').map_or("", |(_, rest)| rest);
        let named: Vec<String> = list
            .split([',', ')'])
            .take(columns.len())
            .map(|written| crate::sql::fold(written.trim()))
            .collect();
        !index.definition.contains(" WHERE ")
            && columns
                .iter()
                .all(|one| named.iter().any(|name| name == one))
    })
}

/// Whether an index of the table begins with the columns of its constraint.
pub fn is_indexed(table: &Relation, constraint: &Constraint) -> bool {
    let list = constraint.definition.split_once('(').map(|(_, rest)| rest);
    let list = list.and_then(|rest| rest.split(')').next()).unwrap_or("");
    let names: Vec<String> = list
        .split(',')
        .map(|written| crate::sql::fold(written.trim()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    leads_index(table, &names)
}

/// What follows the table's name in an index's definition.
pub fn own_part(index: &Index) -> &str {
    let text = index.definition.as_str();
    text.split_once(" USING ").map_or(text, |(_, rest)| rest)
}

/// A list of names as SQL.
pub fn list(names: &[&str]) -> String {
    let written: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    written.join(", ")
}
