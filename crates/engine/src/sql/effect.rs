//! What a statement does: the objects it touches, the locks it takes, the work it is, what it destroys.
//!
//! The truth is measured: `tests/` runs every kind on a real PostgreSQL and compares `pg_locks` and relfilenodes.
//!
//! Not told apart from a table are its indexes and its TOAST table, where the lock on them is no stronger than the one on
//! the table: nobody reaches them without it. Locks on PostgreSQL's own catalogs are left out.

mod alter_column;
mod alter_table;
mod constraint;
mod create;
mod drop;
pub(crate) mod expression;
pub mod kind;
mod maintain;
mod other;
mod partition;
mod plain;
mod privilege;
mod publication;
pub(crate) mod query;
mod reading;
mod sentence;
mod type_change;
mod write;

pub use sentence::describe;
pub use type_change::{Narrowing, TypeChange, type_change};

use super::schema::{Schema, TableName};
use super::tree::Tree;
use crate::lock::LockMode;
use serde::{Deserialize, Serialize};

/// What is known of a statement by reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    Known(Facts),
    /// It cannot be read, or what it does is decided when it runs (a DO block, dynamic SQL).
    Unknown {
        /// One sentence that says why.
        reason: String,
    },
}

/// What a statement that is understood does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What the statement and its parts are, each once, in the order of the text: the names of [`kind::Kind`].
    pub kinds: Vec<String>,
    /// The objects, in the order of the text.
    pub touches: Vec<Touch>,
    /// The strongest lock on each table, index, view or sequence that was there before, in order of name. Locks that end
    /// before the statement does (of a concurrent index build) are the ones it holds longest.
    pub locks: Vec<Lock>,
    /// Work that grows with the size of a table, in the order of the text; none where only the catalog changes.
    pub work: Vec<Work>,
    /// Data that is gone afterwards, in the order of the text.
    pub losses: Vec<Loss>,
    /// It runs outside a transaction block only.
    pub is_outside: bool,
    /// The first major version of PostgreSQL that has it, where that is later than 12.
    pub since: Option<u32>,
    /// One sentence that says what it does besides, where the database decides that: a function that is called, all
    /// tables of a database. None where all is known.
    pub open: Option<String>,
}

/// An object that a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    pub action: Action,
    pub kind: ObjectKind,
    pub name: TableName,
    /// The part of it (a column, a constraint) that is meant.
    pub part: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Alter,
    Drop,
    /// Reads rows.
    Read,
    /// Inserts, updates or deletes rows.
    Write,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    Table,
    Column,
    Constraint,
    Index,
    Sequence,
    View,
    MaterializedView,
    Function,
    Procedure,
    Trigger,
    Policy,
    Rule,
    Type,
    Domain,
    Schema,
    Extension,
    Role,
    Database,
    Publication,
    Subscription,
    Statistics,
    /// Anything else (a cast, an operator, a text search dictionary …).
    Other,
}

/// A lock on a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub relation: TableName,
    pub mode: LockMode,
}

/// Work on a table that takes the longer, the more rows it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub table: TableName,
    pub kind: WorkKind,
    /// False where too little is known, and the work may be none: a column's old type, a function's volatility.
    pub is_certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// Every row is written again, with every index.
    Rewrite,
    /// Every row is read.
    Scan,
    /// An index is built.
    Index,
    /// Rows are inserted, updated or deleted.
    Rows,
}

/// Data that is gone afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loss {
    /// A table, or a materialized view, with its rows.
    Table(TableName),
    Column {
        table: TableName,
        column: String,
    },
    /// All rows, or those of a condition.
    Rows(TableName),
    /// Values that the new type cannot hold.
    Narrowed {
        table: TableName,
        column: String,
    },
    /// Whatever is in there, or depends on it.
    Dependents(TableName),
}

/// What `statement` (one statement's text) does to a database of that major `version` whose schema is `schema` as far as
/// reading tells.
pub fn effect(statement: &str, schema: &Schema, version: u32) -> Effect {
    match Tree::read(statement) {
        Ok(tree) => effect_of(&tree, schema, version),
        Err(reason) => Effect::Unknown { reason },
    }
}

/// As [`effect`], for a statement that is parsed already.
pub fn effect_of(tree: &Tree, schema: &Schema, version: u32) -> Effect {
    other::read(tree, schema, version)
}
