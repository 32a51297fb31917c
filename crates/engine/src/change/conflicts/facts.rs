//! What a change does to a schema, read from the statements of its phases.

use super::super::columns::mentions as has_word;
use super::super::names::{OWN, TableName};
use super::super::quarantine::SCHEMA;
use super::super::{Change, ChangeError, Phase, phases};
use crate::catalog::{Catalog, Relation};
use crate::draft::mentions;
use crate::sql::{Directive, LexemeKind, fold, identifier, lexemes, split};
use std::collections::{BTreeMap, BTreeSet};

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A table, view, index or sequence: they share their names.
    Relation(TableName),
    Column(TableName, String),
    Constraint(TableName, String),
    Type(TableName),
}

impl Thing {
    pub fn words(&self) -> String {
        match self {
            Thing::Relation(name) | Thing::Type(name) => name.words(),
            Thing::Column(table, name) => format!("{}.{}", table.words(), identifier(name)),
            Thing::Constraint(table, name) => {
                format!("constraint {} of {}", identifier(name), table.words())
            }
        }
    }
}

/// What a change does in all its phases.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What is there in the end, and was not in the beginning.
    pub makes: BTreeSet<Thing>,
    /// What is not there in the end, and was in the beginning.
    pub takes: BTreeSet<Thing>,
    /// What is there all the time and is not what it was.
    pub changes: BTreeSet<Thing>,
    /// Views that are there meanwhile.
    pub views: BTreeSet<Thing>,
    /// Columns that its statements name.
    reads: BTreeMap<TableName, BTreeSet<String>>,
    /// Everything with a schema that its statements name.
    names: BTreeSet<TableName>,
    /// Its last phase.
    pub last: Phase,
}

impl Facts {
    /// # Errors
    /// Where the change has no phases.
    pub fn of(change: &Change, starts: &[&Catalog]) -> Result<Self, ChangeError> {
        let phases = phases(change)?;
        let mut facts = Facts {
            makes: BTreeSet::new(),
            takes: BTreeSet::new(),
            changes: BTreeSet::new(),
            views: BTreeSet::new(),
            reads: BTreeMap::from([(change.table.clone(), BTreeSet::new())]),
            names: BTreeSet::new(),
            last: Phase::Expand,
        };
        for part in &phases.parts {
            facts.last = facts.last.max(part.phase);
            for statement in &split(&part.upgrade).statements {
                let text = &part.upgrade[statement.body.clone()];
                facts.does(text);
                facts.reads(text, &change.table, starts, &statement.directives);
            }
        }
        Ok(facts)
    }

    /// Whether the change has to do with a thing.
    pub fn touches(&self, thing: &Thing) -> bool {
        let is_done = self.makes.contains(thing)
            || self.takes.contains(thing)
            || self.changes.contains(thing);
        is_done
            || match thing {
                Thing::Relation(table) => self.reads.contains_key(table),
                Thing::Column(table, name) => {
                    let columns = self.reads.get(table);
                    columns.is_some_and(|columns| columns.contains(name))
                        || self.takes.contains(&Thing::Relation(table.clone()))
                        || self.changes.contains(&Thing::Relation(table.clone()))
                }
                Thing::Type(name) => self.names.contains(name),
                Thing::Constraint(..) => false,
            }
    }

    /// Whether another thing of the same sort takes the place of one that goes.
    pub fn replaces(&self, thing: &Thing) -> bool {
        self.makes.iter().any(|made| match (made, thing) {
            (Thing::Column(..), Thing::Column(..)) => true,
            (Thing::Relation(made), Thing::Relation(gone)) => made.schema == gone.schema,
            (Thing::Constraint(..), Thing::Constraint(..)) => true,
            (Thing::Type(_), Thing::Type(_)) => true,
            _ => false,
        })
    }

    fn make(&mut self, thing: Thing) {
        match self.takes.remove(&thing) {
            true => self.changes.insert(thing),
            false => self.makes.insert(thing),
        };
    }

    fn take(&mut self, thing: Thing) {
        if !self.makes.remove(&thing) {
            self.takes.insert(thing);
        }
    }

    fn rename(&mut self, from: Thing, to: Thing) {
        self.take(from);
        self.make(to);
    }

    /// Follows a statement, in the forms in which the kinds write them.
    fn does(&mut self, text: &str) {
        let words = significant(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let named = |schema: &str, name: &str| TableName::new(schema, name);
        let relation = |schema: &str, name: &str| Thing::Relation(named(schema, name));
        let type_ = |schema: &str, name: &str| Thing::Type(named(schema, name));
        match words.as_slice() {
            // What is kept aside is nobody else's.
            ["alter" | "drop", _, SCHEMA, ..] | ["alter" | "drop", _, _, SCHEMA, ..] => {}
            ["create", "table", schema, ".", name, ..] => self.make(relation(schema, name)),
            ["drop", "table", schema, ".", name] => self.take(relation(schema, name)),
            // What a change made for itself gets the name of what it takes the place of.
            [
                "alter",
                "index" | "sequence" | "statistics",
                schema,
                ".",
                from,
                "rename",
                "to",
                to,
            ] if from.starts_with(OWN) && !self.makes.contains(&relation(schema, from)) => {
                self.changes.insert(relation(schema, to));
            }
            ["alter", "table", schema, ".", table, rest @ ..] => {
                self.alters(&named(schema, table), rest);
            }
            ["create", "index", "concurrently", name, "on", schema, ..]
            | [
                "create",
                "unique",
                "index",
                "concurrently",
                name,
                "on",
                schema,
                ..,
            ] => {
                self.make(relation(schema, name));
            }
            ["drop", "index", "concurrently", schema, ".", name, ..]
            | ["drop", "view" | "sequence", schema, ".", name, ..] => {
                self.take(relation(schema, name));
            }
            ["create", "view", schema, ".", name, ..] => {
                self.views.insert(relation(schema, name));
                self.make(relation(schema, name));
            }
            ["create", "sequence", schema, ".", name, ..] => self.make(relation(schema, name)),
            ["alter", "index", schema, ".", from, "rename", "to", to] => {
                self.rename(relation(schema, from), relation(schema, to));
            }
            ["alter", "sequence", schema, ".", name, ..] => {
                self.changes.insert(relation(schema, name));
            }
            ["create", "type", schema, ".", name, ..] => self.make(type_(schema, name)),
            ["drop", "type", schema, ".", name] => self.take(type_(schema, name)),
            ["alter", "type", schema, ".", from, "rename", "to", to] => {
                self.rename(type_(schema, from), type_(schema, to));
            }
            ["update", schema, ".", table, rest @ ..] => {
                let table = named(schema, table);
                let until = rest
                    .iter()
                    .position(|word| matches!(*word, "where" | "from"));
                for three in rest[..until.unwrap_or(rest.len())].windows(3) {
                    if let ["set" | ",", column, "="] = three {
                        let column = Thing::Column(table.clone(), (*column).to_owned());
                        if !self.makes.contains(&column) {
                            self.changes.insert(column);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn alters(&mut self, table: &TableName, rest: &[&str]) {
        let own = Thing::Relation(table.clone());
        let column = |name: &str| Thing::Column(table.clone(), name.to_owned());
        let constraint = |name: &str| Thing::Constraint(table.clone(), name.to_owned());
        match rest {
            ["add", "column", name, ..] => self.make(column(name)),
            ["drop", "column", name, ..] => self.take(column(name)),
            ["rename", "column", from, "to", to] => self.rename(column(from), column(to)),
            ["alter", "column", name, ..] => {
                if !self.makes.contains(&column(name)) {
                    self.changes.insert(column(name));
                }
            }
            ["add", "constraint", name, ..] => self.make(constraint(name)),
            ["drop", "constraint", name, ..] => self.take(constraint(name)),
            ["rename", "constraint", from, "to", to] => {
                self.rename(constraint(from), constraint(to));
            }
            ["rename", "to", name] => {
                self.rename(own, Thing::Relation(TableName::new(&table.schema, name)));
            }
            ["set", "schema", _] => self.take(own),
            ["validate", ..] | ["enable", "always", ..] => {}
            ["attach", "partition", schema, ".", name, ..] => {
                let part = Thing::Relation(TableName::new(schema, name));
                self.changes.extend([own, part]);
            }
            // Whatever it is, it is about the whole table.
            _ => {
                self.changes.insert(own);
            }
        }
    }

    /// Notes which columns a statement names, of the tables that it names, or of the change's own where it names none.
    fn reads(
        &mut self,
        text: &str,
        own: &TableName,
        starts: &[&Catalog],
        directives: &[Directive],
    ) {
        let named = mentions(text);
        let named: Vec<TableName> = named
            .iter()
            .map(|(schema, name)| TableName::new(schema, name))
            .collect();
        self.names.extend(named.iter().cloned());
        let known = |table: &TableName| -> Vec<&Relation> {
            let all = starts.iter();
            all.filter_map(|start| start.relation(&table.schema, &table.name))
                .collect()
        };
        let mut tables = named;
        tables.retain(|table| !known(table).is_empty());
        let is_function = text.starts_with("CREATE FUNCTION");
        if tables.is_empty() || is_function {
            tables.push(own.clone());
        }
        for table in tables {
            let refers = format!(" REFERENCES {table}");
            // Without a list it is the primary key.
            let of_key = text
                .split_once(&refers)
                .is_some_and(|(_, rest)| !rest.trim_start().starts_with('('));
            let reads = self.reads.entry(table.clone()).or_default();
            for relation in known(&table) {
                for column in &relation.columns {
                    if has_word(text, &column.name) {
                        reads.insert(column.name.clone());
                    }
                }
                let keys = relation.constraints.iter();
                for key in keys.filter(|one| of_key && one.type_ == "primary key") {
                    let columns = relation.columns.iter().map(|one| one.name.as_str());
                    let named = columns.filter(|name| has_word(&key.definition, name));
                    reads.extend(named.map(str::to_owned));
                }
            }
            for directive in directives {
                if let Directive::Backfill(backfill) = directive {
                    reads.extend(backfill.key.iter().cloned());
                }
            }
        }
    }
}

/// A statement's words and signs, folded as PostgreSQL folds names.
fn significant(text: &str) -> Vec<String> {
    let all = lexemes(text).into_iter();
    all.filter(|lexeme| lexeme.kind != LexemeKind::Trivia)
        .map(|lexeme| {
            let word = &text[lexeme.range.clone()];
            match lexeme.kind {
                LexemeKind::Word | LexemeKind::Name => fold(word),
                _ => word.to_owned(),
            }
        })
        .filter(|word| word != ";")
        .collect()
}
