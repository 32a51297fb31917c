//! The schema as far as reading statements tells: relations, types and functions that a history or a plan has made.
//!
//! It reads what statements say, and nothing that a function or a DO block does. What is not here may exist all the
//! same: what a database has is known by asking it. Unqualified names stand in `public`.

pub(super) mod alter;
pub(super) mod create;
pub(super) mod define;
mod drop;
mod inherit;
mod layered;
pub(super) mod names;
mod rename;
mod retype;
mod table;
mod types;

#[cfg(test)]
mod tests;

pub use table::{
    Column, Constraint, ConstraintKind, Function, Generated, Index, OwnType, Persistence, Sequence,
    Table, TableKind, Volatility,
};
pub use types::SqlType;

use super::tree::Tree;
use layered::Layered;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The name of a table, a view or another object of a schema, folded; no schema where it stands in `public` or is not
/// qualified.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    pub schema: Option<String>,
    pub name: String,
}

impl TableName {
    pub(crate) fn new(schema: Option<String>, name: String) -> Self {
        TableName {
            schema: schema.filter(|schema| schema != "public"),
            name,
        }
    }
}

/// As SQL writes it, with quotes where they are needed.
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", super::identifier(schema))?;
        }
        f.write_str(&super::identifier(&self.name))
    }
}

/// What the names of all that a change makes for itself begin with, and that of the schema in which it keeps rows aside.
pub const MADE_FOR_ITSELF: &str = "cofferdam_";

/// What is known; empty where nothing is. Copying it is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    tables: Layered<Arc<Table>>,
    indexes: Layered<Arc<Index>>,
    sequences: Layered<Arc<Sequence>>,
    types: Layered<Arc<OwnType>>,
    functions: Layered<Function>,
    /// The tables of extended statistics.
    statistics: Layered<TableName>,
    /// Who may depend on a relation: its indexes, partitions, sequences, tables that refer to it, views that read it.
    /// Some may be long gone; who asks looks at them.
    dependents: Layered<BTreeSet<TableName>>,
    /// What was made after the mark.
    new: Layered<()>,
}

impl Schema {
    /// Takes in what `statement` (one statement's text) does; false where it cannot be read, and changes nothing here.
    pub fn apply(&mut self, statement: &str) -> bool {
        // Only these words begin a statement that changes a schema, and most statements of a large file are others.
        let first = statement_word(statement);
        if !["create", "alter", "drop", "select", "with"].contains(&first.as_str()) {
            return true;
        }
        match Tree::read(statement) {
            Ok(tree) => {
                self.apply_tree(&tree);
                true
            }
            Err(_) => false,
        }
    }

    /// Puts all that changed since copies were made into maps of its own.
    pub fn settle(&mut self) {
        let Schema {
            tables,
            indexes,
            sequences,
            types,
            functions,
            statistics,
            dependents,
            new,
        } = self;
        tables.settle();
        indexes.settle();
        sequences.settle();
        types.settle();
        functions.settle();
        statistics.settle();
        dependents.settle();
        new.settle();
    }

    /// What is known of one table alone, with its indexes and the types: for asking what one statement makes of it.
    pub fn around(&self, table: &TableName) -> Schema {
        let mut own = Schema {
            types: self.types.clone(),
            ..Schema::default()
        };
        if let Some(known) = self.tables.get(table) {
            own.tables.insert(table.clone(), Arc::clone(known));
        }
        for (name, _) in self.indexes_of(table) {
            own.depend(table, name);
            if let Some(index) = self.indexes.get(name) {
                own.indexes.insert(name.clone(), Arc::clone(index));
            }
        }
        own
    }

    /// Everything that is made from now on is new; and so stays what a change made for itself, as no program knows it.
    pub fn mark(&mut self) {
        self.new
            .retain(|made| made.name.starts_with(MADE_FOR_ITSELF));
    }

    /// Whether the relation or type was made after the mark.
    pub fn is_new(&self, name: &TableName) -> bool {
        self.new.contains(name)
    }

    /// Tables and views, in order of name.
    pub fn tables(&self) -> impl Iterator<Item = (&TableName, &Table)> {
        self.tables.iter().map(|(name, table)| (name, &**table))
    }

    /// As [`Self::tables`], without temporary ones, which are gone when the next revision runs.
    pub fn lasting_tables(&self) -> impl Iterator<Item = (&TableName, &Table)> {
        self.tables()
            .filter(|(_, table)| table.persistence != Persistence::Temporary)
    }

    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.get(name).map(|table| &**table)
    }

    pub fn index(&self, name: &TableName) -> Option<&Index> {
        self.indexes.get(name).map(|index| &**index)
    }

    pub fn sequence(&self, name: &TableName) -> Option<&Sequence> {
        self.sequences.get(name).map(|sequence| &**sequence)
    }

    /// A type that a statement made.
    pub fn own_type(&self, name: &TableName) -> Option<&OwnType> {
        self.types.get(name).map(|own| &**own)
    }

    /// The types that statements made, in order of name.
    pub fn types_in_order(&self) -> impl Iterator<Item = (&TableName, &OwnType)> {
        self.types.iter().map(|(name, own)| (name, &**own))
    }

    /// What the type of a column is, where a statement made it.
    pub fn type_of(&self, sql_type: &SqlType) -> Option<&OwnType> {
        self.own_type(&TableName::new(
            sql_type.schema.clone(),
            sql_type.name.clone(),
        ))
    }

    /// A function of the project's; none where no statement made one of that name.
    pub fn function(&self, name: &TableName) -> Option<Function> {
        self.functions.get(name).copied()
    }

    /// The table of extended statistics.
    pub fn table_of_statistics(&self, name: &TableName) -> Option<&TableName> {
        self.statistics.get(name)
    }

    /// The indexes of a table, those of constraints among them, in order of name.
    pub fn indexes_of(&self, table: &TableName) -> impl Iterator<Item = (&TableName, &Index)> {
        self.dependents(table)
            .filter_map(|name| Some((name, self.index(name)?)))
            .filter(move |(_, index)| index.table == *table)
    }

    /// The partitions of a table and the tables that inherit from it, in order of name.
    pub fn children(&self, table: &TableName) -> impl Iterator<Item = &TableName> {
        self.dependents(table).filter(move |name| {
            self.table(name)
                .is_some_and(|child| child.parents.contains(table))
        })
    }

    /// The children, their children and so on, in order of name.
    pub fn descendants(&self, table: &TableName) -> BTreeSet<TableName> {
        let mut all = BTreeSet::new();
        let mut todo = vec![table];
        while let Some(one) = todo.pop() {
            for child in self.children(one) {
                if child != table && all.insert(child.clone()) {
                    todo.push(child);
                }
            }
        }
        all
    }

    /// Other tables with a foreign key to this one, and the constraint, in order of name.
    pub fn referencing(
        &self,
        table: &TableName,
    ) -> impl Iterator<Item = (&TableName, &Constraint)> {
        self.dependents(table)
            .filter(move |name| *name != table)
            .filter_map(|name| Some((name, self.table(name)?)))
            .flat_map(|(name, other)| other.foreign_keys().map(move |(key, to)| (name, key, to)))
            .filter(move |(_, _, to)| *to == table)
            .map(|(name, key, _)| (name, key))
    }

    /// The views that read it, in order of name.
    pub fn views_of(&self, table: &TableName) -> impl Iterator<Item = &TableName> {
        self.dependents(table).filter(move |name| {
            self.table(name)
                .is_some_and(|view| view.reads.contains(table))
        })
    }

    /// The sequences that go with a table's columns, in order of name.
    pub fn sequences_of(&self, table: &TableName) -> impl Iterator<Item = (&TableName, &str)> {
        self.dependents(table).filter_map(move |name| {
            let (owner, column) = self.sequence(name)?.owner.as_ref()?;
            (owner == table).then_some((name, column.as_str()))
        })
    }

    /// Tables with a column of this type, in order of name.
    pub fn columns_of_type(&self, name: &TableName) -> impl Iterator<Item = (&TableName, &Column)> {
        self.tables()
            .filter(|(_, table)| !table.is_view())
            .flat_map(|(table, of)| of.columns.iter().map(move |column| (table, column)))
            .filter(move |(_, column)| {
                let own = &column.sql_type;
                own.name == name.name && own.schema == name.schema
            })
    }

    fn dependents(&self, on: &TableName) -> impl Iterator<Item = &TableName> {
        self.dependents.get(on).into_iter().flatten()
    }

    fn depend(&mut self, on: &TableName, who: &TableName) {
        self.dependents.entry(on).insert(who.clone());
    }

    /// Whether a relation of that name is there.
    pub(super) fn has_relation(&self, name: &TableName) -> bool {
        self.tables.contains(name) || self.indexes.contains(name) || self.sequences.contains(name)
    }

    fn table_mut(&mut self, name: &TableName) -> Option<&mut Table> {
        self.tables.get_mut(name).map(Arc::make_mut)
    }

    fn add_table(&mut self, name: TableName, table: Table) {
        let on = table.parents.iter().chain(&table.reads);
        let keys = table.foreign_keys().map(|(_, to)| to);
        for other in on.chain(keys).cloned().collect::<Vec<_>>() {
            self.depend(&other, &name);
        }
        self.new.insert(name.clone(), ());
        self.tables.insert(name, Arc::new(table));
    }

    fn add_index(&mut self, name: TableName, index: Index) {
        self.depend(&index.table, &name);
        self.new.insert(name.clone(), ());
        self.indexes.insert(name, Arc::new(index));
    }

    fn add_sequence(&mut self, name: TableName, owner: Option<(TableName, String)>) {
        if let Some((table, _)) = &owner {
            self.depend(table, &name);
        }
        self.new.insert(name.clone(), ());
        self.sequences.insert(name, Arc::new(Sequence { owner }));
    }

    fn add_type(&mut self, name: TableName, own: OwnType) {
        self.new.insert(name.clone(), ());
        self.types.insert(name, Arc::new(own));
    }
}

/// The first word of a statement, in lower case, past white space, comments and parentheses.
fn statement_word(statement: &str) -> String {
    let mut rest = statement;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
        } else if rest.starts_with("/*") {
            // Comments nest: let the grammar find the end.
            let reader = super::reader::Reader::new(rest);
            return reader.peek_text().to_ascii_lowercase();
        } else {
            break;
        }
    }
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    rest[..end].to_ascii_lowercase()
}
