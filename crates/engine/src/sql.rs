//! SQL text → statements. The only user of the PostgreSQL grammar.
//!
//! Invariant: reading never fails and never drops a byte; the ranges of the statements and the
//! trailing range tile the text.

pub mod batches;
mod check;
pub(crate) mod directive;
mod doubt;
pub mod effect;
mod execution;
pub(crate) mod forest;
pub(crate) mod green;
mod label;
mod lexeme;
mod nesting;
mod quote;
pub(crate) mod reader;
pub mod schema;
mod segments;
pub(crate) mod split;
mod token;
pub mod tree;

pub use lexeme::{Lexeme, LexemeKind, lexemes, same_tokens};

use crate::finding::Finding;
use batches::Backfill;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Deepest nesting that is handed to the parser; beyond it a finding says so.
pub const MAX_NESTING: usize = 200;

/// A comment directive on the statement below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// `-- +commit`: the transaction ends here, before the statement.
    Commit,
    /// `-- +no-transaction`: the statement (a DO or CALL that commits) runs outside a transaction.
    NoTransaction,
    /// `-- +allow code: reason`.
    Allow { code: String, reason: String },
    /// `-- +allow-file code: reason`: for the whole file.
    AllowFile { code: String, reason: String },
    /// `-- +backfill key=id batch=5000`: the statement is run in batches.
    Backfill(Backfill),
}

/// One statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Everything of the text that belongs to it: white space and comments before it, and its `;`.
    pub range: Range<usize>,
    /// The bytes that are shown and sent: from its first token to its `;` inclusive (or to its
    /// last token where the last statement has no `;`).
    pub body: Range<usize>,
    pub directives: Vec<Directive>,
}

/// A text cut into statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    pub statements: Vec<Statement>,
    /// White space and comments after the last statement.
    pub trailing: Range<usize>,
    /// Directives in the trailing part (a `-- +commit` there has no effect).
    pub trailing_directives: Vec<Directive>,
}

/// How a statement has to be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Execution {
    /// In a transaction, with others.
    Transactional,
    /// By itself, outside a transaction block.
    Outside(Recovery),
    /// By itself, in batches of a transaction each.
    Batches(Backfill),
}

/// Statements of a section that commit together, or one that runs outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub execution: Execution,
    /// At least one; exactly one where it runs outside a transaction.
    pub statements: Vec<Statement>,
}

impl Segment {
    /// It commits by itself: outside a transaction, or in batches.
    pub fn is_outside(&self) -> bool {
        self.execution != Execution::Transactional
    }
}

/// What is known about finding out, after a crash, whether a statement outside a transaction took
/// effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recovery {
    /// Running it again is right (VACUUM, ALTER SYSTEM, REINDEX, CLUSTER …).
    Repeatable,
    /// CREATE INDEX CONCURRENTLY `index` ON `table` (both as SQL text, `table` as written, `index` as written).
    IndexBuilt { index: String, table: String },
    /// DROP INDEX CONCURRENTLY of these (as SQL text).
    IndexGone { indexes: Vec<String> },
    /// ALTER TABLE `table` DETACH PARTITION `partition` CONCURRENTLY (as SQL text).
    PartitionDetached { table: String, partition: String },
    /// CREATE DATABASE (true) or DROP DATABASE (false) of this name (as SQL text).
    Database { name: String, exists: bool },
    /// Nobody can know from outside: a person must decide.
    Unknown,
}

/// Cuts `sql` at top-level semicolons.
pub fn split(sql: &str) -> Split {
    split::split(sql)
}

/// Cuts `sql`, one section of a revision, into what commits together, in order: at `-- +commit`
/// and around each statement that runs outside a transaction.
pub fn segments(sql: &str) -> Vec<Segment> {
    segments::segments(sql, split(sql).statements)
}

/// Findings of the statements of one section: syntax errors, unknown directives, what is refused.
/// `text` is the file's whole text, `range` the section's part of it.
pub fn check(path: &str, text: &str, range: Range<usize>) -> Vec<Finding> {
    check::check(path, text, range)
}

/// As [`check`] of a whole text, which is read already.
pub(crate) fn check_read(
    path: &str,
    cut: &split::Cut<'_>,
    statements: &[forest::Parsed],
) -> Vec<Finding> {
    check::check_read(path, cut, statements)
}

/// How `statement` (one statement's text) has to be run.
pub fn execution(statement: &str, directives: &[Directive]) -> Execution {
    execution::execution(statement, directives)
}

/// A short name of what a statement is, for lists: `CREATE TABLE users`.
pub fn label(statement: &str) -> String {
    label::label(statement)
}

/// Quotes `text` as a string literal.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// Quotes `name` as an identifier where PostgreSQL's own `quote_ident` does: where it is not plain
/// lower case, or is a keyword that is not free as a name.
pub fn identifier(name: &str) -> String {
    quote::identifier(name)
}

/// Returns the name that an identifier of an SQL text means: unquoted folds to lower case
/// (ASCII), quoted loses its quotes.
pub fn fold(identifier: &str) -> String {
    quote::fold(identifier)
}
