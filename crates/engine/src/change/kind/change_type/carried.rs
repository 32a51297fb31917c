//! Indexes and constraints of a column, made for a second one, and handed over.

use super::super::super::Phase;
use super::super::super::build::{Builder, is_indexed, own_part};
use super::super::super::columns;
use super::super::super::names::{ChangeId, TableName};
use super::super::super::section::Section;
use super::work::{Names, NewPart};
use crate::catalog::{Constraint, Index, Object, Relation};
use crate::sql::{identifier, literal};
use std::collections::BTreeSet;

/// A constraint with its index.
#[derive(Clone, Copy, Debug)]
struct Keyed<'a> {
    constraint: &'a Constraint,
    index: &'a Index,
}

/// A check or foreign key, and whether an index helps it.
#[derive(Clone, Debug)]
struct Plain<'a> {
    table: TableName,
    constraint: &'a Constraint,
    is_indexed: bool,
}

/// What mentions one column of a table.
#[derive(Clone, Debug)]
pub struct Carried<'a> {
    indexes: Vec<&'a Index>,
    keyed: Vec<Keyed<'a>>,
    own: Vec<Plain<'a>>,
    /// Foreign keys that refer to it.
    referring: Vec<Plain<'a>>,
}

/// Which part of a foreign key is about the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Own,
    Referred,
}

/// A definition with another column in the place of `column`.
fn definition(text: &str, side: Side, column: &str, new: &str) -> String {
    let replace =
        |text: &str| columns::replace(text, &BTreeSet::from([column]), |_| identifier(new));
    let text = text.trim_end_matches(" NOT VALID");
    match (text.split_once(" REFERENCES "), side) {
        (None, _) => replace(text),
        (Some((own, rest)), Side::Own) => format!("{} REFERENCES {rest}", replace(own)),
        (Some((own, rest)), Side::Referred) => {
            // The column's list; what follows it are words.
            let (table, rest) = rest.split_once('(').unwrap_or((rest, ""));
            let (list, rest) = rest.split_once(')').unwrap_or((rest, ""));
            format!("{own} REFERENCES {table}({}){rest}", replace(list))
        }
    }
}

impl<'a> Carried<'a> {
    pub fn of(builder: &Builder<'a>, column: &str) -> Self {
        let (keyed, indexes): (Vec<_>, Vec<_>) = builder
            .indexes_on(column)
            .into_iter()
            .partition(|one| one.constraint.is_some());
        let constraint = |index: &'a Index| {
            let mut all = builder.table.constraints.iter();
            let constraint = all.find(|one| index.constraint.as_deref() == Some(&one.name))?;
            Some(Keyed { constraint, index })
        };
        let relations = || builder.change.start.objects().filter_map(Object::relation);
        let name = |one: &Relation| TableName::new(&one.schema, &one.name);
        let plain = |table: &Relation, constraint: &'a Constraint| Plain {
            table: name(table),
            constraint,
            is_indexed: constraint.type_ != "foreign key" || is_indexed(table, constraint),
        };
        let is_plain = |one: &&Constraint| matches!(one.type_.as_str(), "check" | "foreign key");
        let own = builder.table.constraints.iter().filter(is_plain);
        let own = own.filter(|one| {
            let own = one.definition.split(" REFERENCES ").next();
            own.is_some_and(|own| columns::has(own, column))
        });
        let to_it = format!(" REFERENCES {}(", builder.name);
        let refers = |one: &Constraint| {
            let list = one.definition.split_once(&to_it).map(|(_, rest)| rest);
            let list = list.and_then(|rest| rest.split(')').next());
            list.is_some_and(|list| columns::has(list, column))
        };
        let mut referring = Vec::new();
        for table in relations() {
            for constraint in &table.constraints {
                if constraint.type_ == "foreign key" && refers(constraint) {
                    referring.push(plain(table, constraint));
                }
            }
        }
        Carried {
            indexes,
            keyed: keyed.into_iter().filter_map(constraint).collect(),
            own: own.map(|one| plain(builder.table, one)).collect(),
            referring,
        }
    }

    fn create(index: &Index, name: &str, table: &TableName, column: &str, new: &str) -> String {
        let unique = match index.definition.starts_with("CREATE UNIQUE ") {
            true => "UNIQUE ",
            false => "",
        };
        format!(
            "CREATE {unique}INDEX CONCURRENTLY {name} ON {table} USING {}",
            definition(own_part(index), Side::Own, column, new)
        )
    }

    /// Makes them all for the new column.
    pub fn migrate(
        &self,
        id: &ChangeId,
        table: &TableName,
        column: &str,
        new: &str,
        parts: &mut Vec<NewPart>,
    ) {
        let (words, schema) = (table.words(), identifier(&table.schema));
        let indexes = numbered(&self.indexes, id, "i").map(|(name, one)| (name, *one));
        let keyed = numbered(&self.keyed, id, "u").map(|(name, one)| (name, one.index));
        for (name, index) in indexes.chain(keyed) {
            let (mut up, mut down) = Section::both();
            let sql = Self::create(index, &name, table, column, new);
            if sql.starts_with("CREATE UNIQUE ") {
                up.allow("unique-index-may-fail", "the one that it is like is unique");
            }
            up.alone(sql);
            down.alone(format!("DROP INDEX CONCURRENTLY {schema}.{name}"));
            let message = format!("{words}: index the second column as {} does", index.name);
            parts.push((Phase::Migrate, message, up, down));
        }
        if !self.own.is_empty() {
            let (mut up, mut down) = Section::both();
            let own: Vec<_> = numbered(&self.own, id, "k").collect();
            add(&mut up, table, &own, Side::Own, column, new);
            down.change(table);
            drop(&mut down, &own);
            let message = format!("{words}: constraints of the second column");
            parts.push((Phase::Migrate, message, up, down));
        }
        for one in numbered(&self.referring, id, "f") {
            let (mut up, mut down) = Section::both();
            let message = format!(
                "{}: let {} refer to the second column, too",
                one.1.table.words(),
                one.1.constraint.name
            );
            let one = [one];
            add(&mut up, table, &one, Side::Referred, column, new);
            down.change(table);
            drop(&mut down, &one);
            parts.push((Phase::Migrate, message, up, down));
        }
    }

    /// The old column's constraints go, so that others can have their names.
    pub fn release(&self, section: &mut Section, table: &TableName) {
        let all = self.referring.iter().chain(&self.own);
        self.drop_named(section, table, all);
    }

    /// Drops constraints, and those that indexes back, for the other column has the same.
    fn drop_named<'p>(
        &self,
        section: &mut Section,
        table: &TableName,
        plain: impl Iterator<Item = &'p Plain<'a>>,
    ) where
        'a: 'p,
    {
        const REASON: &str = "the other column has the same";
        for one in plain {
            section.allow("ban-drop-constraint", REASON).push(format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                one.table,
                identifier(&one.constraint.name)
            ));
        }
        for one in &self.keyed {
            if one.constraint.type_ == "primary key" {
                section.allow("primary-key-dropped", REASON);
            }
            section.allow("ban-drop-constraint", REASON).push(format!(
                "ALTER TABLE {table} DROP CONSTRAINT {}",
                identifier(&one.constraint.name)
            ));
        }
    }

    /// The new column's get their names.
    pub fn take(&self, section: &mut Section, id: &ChangeId, table: &TableName) {
        for (index, one) in numbered(&self.keyed, id, "u") {
            use_index(section, table, one, &index);
        }
        for (at, index) in self.indexes.iter().enumerate() {
            let (aside, new) = (made(id, "o", at), made(id, "i", at));
            exchange(section, table, index, &aside, &new);
        }
        let own = numbered(&self.own, id, "k");
        for (name, one) in own.chain(numbered(&self.referring, id, "f")) {
            rename(
                section,
                &one.table,
                &name,
                &identifier(&one.constraint.name),
            );
            comment(section, &one.table, one.constraint);
        }
    }

    /// Drops the indexes that stand on the old column, whose name is `old` by now.
    pub fn drop_indexes(
        &self,
        id: &ChangeId,
        table: &TableName,
        column: &str,
        old: &str,
        parts: &mut Vec<NewPart>,
    ) {
        for (name, index) in numbered(&self.indexes, id, "o") {
            let (mut up, mut down) = Section::both();
            up.allow("ban-drop-index", "the new column has the same");
            up.alone(format!(
                "DROP INDEX CONCURRENTLY {}.{name}",
                identifier(&table.schema)
            ));
            down.alone(Self::create(index, &name, table, column, old));
            let message = format!(
                "{}: drop the index {} of the old column",
                table.words(),
                index.name
            );
            parts.push((Phase::Contract, message, up, down));
        }
    }

    /// On the way back: unique indexes for both columns.
    pub fn rebuild(
        &self,
        section: &mut Section,
        id: &ChangeId,
        table: &TableName,
        column: &str,
        names: &Names,
    ) {
        for (at, one) in self.keyed.iter().enumerate() {
            for (letter, new) in [("v", &names.old), ("w", &names.new)] {
                let name = made(id, letter, at);
                section.between(Self::create(one.index, &name, table, column, new));
            }
        }
    }

    /// On the way back, when the old column has its values: its constraints.
    pub fn prove(
        &self,
        section: &mut Section,
        id: &ChangeId,
        table: &TableName,
        column: &str,
        old: &str,
    ) {
        let own: Vec<_> = numbered(&self.own, id, "l").collect();
        add(section, table, &own, Side::Own, column, old);
        let referring: Vec<_> = numbered(&self.referring, id, "g").collect();
        add(section, table, &referring, Side::Referred, column, old);
    }

    /// On the way back: the new column's constraints give up their names.
    pub fn let_go(&self, section: &mut Section, id: &ChangeId, table: &TableName) {
        self.drop_named(section, table, self.referring.iter());
        for (at, one) in self.own.iter().enumerate() {
            let name = identifier(&one.constraint.name);
            if one.constraint.comment.is_some() {
                section.push(format!("COMMENT ON CONSTRAINT {name} ON {table} IS NULL"));
            }
            rename(section, table, &name, &made(id, "k", at));
            rename(section, table, &made(id, "l", at), &name);
            comment(section, table, one.constraint);
        }
        for (at, one) in self.referring.iter().enumerate() {
            let name = identifier(&one.constraint.name);
            rename(section, &one.table, &made(id, "g", at), &name);
            comment(section, &one.table, one.constraint);
        }
    }

    /// On the way back: the old column's get them.
    pub fn give_back(&self, section: &mut Section, id: &ChangeId, table: &TableName) {
        let schema = identifier(&table.schema);
        for (at, one) in self.keyed.iter().enumerate() {
            use_index(section, table, one, &made(id, "v", at));
            section.push(format!(
                "ALTER INDEX {schema}.{} RENAME TO {}",
                made(id, "w", at),
                made(id, "u", at)
            ));
        }
        for (at, index) in self.indexes.iter().enumerate() {
            let (aside, new) = (made(id, "i", at), made(id, "o", at));
            exchange(section, table, index, &aside, &new);
        }
    }

    /// On the way back, last: others refer to the second column, too, as before.
    pub fn refer_again(
        &self,
        section: &mut Section,
        id: &ChangeId,
        table: &TableName,
        column: &str,
        new: &str,
    ) {
        let referring: Vec<_> = numbered(&self.referring, id, "f").collect();
        add(section, table, &referring, Side::Referred, column, new);
    }
}

fn made(id: &ChangeId, letter: &str, at: usize) -> String {
    id.made(&format!("{letter}{}", at + 1))
}

/// Each with its name.
fn numbered<'t, T>(
    list: &'t [T],
    id: &ChangeId,
    letter: &'static str,
) -> impl Iterator<Item = (String, &'t T)> {
    list.iter()
        .enumerate()
        .map(move |(at, one)| (made(id, letter, at), one))
}

/// Adds constraints for new rows, and looks whether all rows keep them.
fn add(
    section: &mut Section,
    table: &TableName,
    list: &[(String, &Plain<'_>)],
    side: Side,
    column: &str,
    new: &str,
) {
    if list.is_empty() {
        return;
    }
    section.change(table);
    for (name, one) in list {
        if !one.is_indexed {
            section.allow(
                "foreign-key-without-index",
                "the one that it is like has none",
            );
        }
        section.push(format!(
            "ALTER TABLE {} ADD CONSTRAINT {name} {} NOT VALID",
            one.table,
            definition(&one.constraint.definition, side, column, new)
        ));
    }
    for (name, one) in list.iter().filter(|(_, one)| !one.constraint.not_valid) {
        section.check(table);
        section.push(format!(
            "ALTER TABLE {} VALIDATE CONSTRAINT {name}",
            one.table
        ));
    }
}

fn drop(section: &mut Section, list: &[(String, &Plain<'_>)]) {
    for (name, one) in list {
        section.push(format!("ALTER TABLE {} DROP CONSTRAINT {name}", one.table));
    }
}

fn rename(section: &mut Section, table: &TableName, from: &str, to: &str) {
    section.allow("renaming-object", "the new one takes its name");
    section.push(format!(
        "ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}"
    ));
}

fn comment(section: &mut Section, table: &TableName, constraint: &Constraint) {
    if let Some(comment) = &constraint.comment {
        section.push(format!(
            "COMMENT ON CONSTRAINT {} ON {table} IS {}",
            identifier(&constraint.name),
            literal(comment)
        ));
    }
}

/// A unique index becomes the constraint's.
fn use_index(section: &mut Section, table: &TableName, one: &Keyed<'_>, index: &str) {
    let constraint = one.constraint;
    let kind = match constraint.type_.as_str() {
        "primary key" => "PRIMARY KEY",
        _ => "UNIQUE",
    };
    let deferrable = match &constraint.deferrable {
        Some(how) => format!(" DEFERRABLE {}", how.to_uppercase()),
        None => String::new(),
    };
    section.push(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} {kind} USING INDEX {index}{deferrable}",
        identifier(&constraint.name)
    ));
    comment(section, table, constraint);
}

/// An index gives its name, with its comment, to another one.
fn exchange(section: &mut Section, table: &TableName, index: &Index, aside: &str, new: &str) {
    let (schema, name) = (identifier(&table.schema), identifier(&index.name));
    section.allow("renaming-object", "the new one takes its name");
    section.push(format!("ALTER INDEX {schema}.{name} RENAME TO {aside}"));
    section.push(format!("ALTER INDEX {schema}.{new} RENAME TO {name}"));
    if let Some(comment) = &index.comment {
        section.push(format!("COMMENT ON INDEX {schema}.{aside} IS NULL"));
        section.push(format!(
            "COMMENT ON INDEX {schema}.{name} IS {}",
            literal(comment)
        ));
    }
}
