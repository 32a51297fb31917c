//! What a migration can see and change while it is interpreted: the SQL so far, the settings, the past.

use crate::past::{self, Past};
use crate::settings::Settings;
use crate::value::Unknown;
use cofferdam_engine::revision::Unreadable;
use cofferdam_engine::sql::{self, schema::Schema};
use std::collections::BTreeSet;
use std::ops::Range;

/// One thing that a function did, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A piece of SQL, without a `;` at its end; it may be several statements, where a file gives a script to
    /// `op.execute`.
    Sql {
        line: u32,
        sql: String,
        /// Inside `autocommit_block()`: it commits by itself.
        autocommit: bool,
    },
    /// The transaction ends.
    Commit,
    Unreadable(Unreadable),
}

/// The surroundings of one run of `upgrade()` or `downgrade()`.
#[derive(Debug)]
pub struct World<'a> {
    pub settings: &'a Settings,
    /// The schema as the history left it before this revision.
    pub past: &'a Past,
    /// What was done so far.
    pub steps: Vec<Step>,
    /// 1-based line of the Python statement that is being interpreted.
    pub line: u32,
    /// That statement's bytes in `text`.
    pub statement: Range<usize>,
    /// The text of the file.
    pub text: &'a str,
    /// How many `autocommit_block()`s are open.
    pub autocommit: u32,
    /// Schemas and names of the types that tables brought with them so far in this run: the next table does not bring
    /// them again.
    pub types: BTreeSet<(Option<String>, String)>,
}

impl<'a> World<'a> {
    pub fn new(text: &'a str, settings: &'a Settings, past: &'a Past) -> Self {
        World {
            settings,
            past,
            steps: Vec::new(),
            line: 1,
            statement: 0..0,
            text,
            autocommit: 0,
            types: BTreeSet::new(),
        }
    }

    /// Sends `sql`, which has no `;` at its end.
    pub fn emit(&mut self, sql: impl Into<String>) {
        self.steps.push(Step::Sql {
            line: self.line,
            sql: sql.into(),
            autocommit: self.autocommit > 0,
        });
    }

    /// The beginning of an `autocommit_block()`, which commits what came before.
    pub fn begin_autocommit(&mut self) {
        self.autocommit += 1;
        self.steps.push(Step::Commit);
    }

    /// The end of an `autocommit_block()`.
    pub fn end_autocommit(&mut self) {
        self.autocommit = self.autocommit.saturating_sub(1);
    }

    /// The schema at this moment, for the inspector's answers; none where that is not certain.
    pub fn schema(&self) -> Option<Schema> {
        let mut schema = self.past.schema()?;
        for step in &self.steps {
            let sql = match step {
                Step::Sql { sql, .. } => sql,
                Step::Commit => continue,
                Step::Unreadable(_) => return None,
            };
            for statement in sql::split(sql).statements {
                schema = past::after(schema, &sql[statement.body])?;
            }
        }
        Some(schema)
    }

    /// Says that the statement being interpreted may do something that cannot be known.
    pub fn unreadable(&mut self, unknown: &Unknown) {
        let reason = match unknown.line {
            0 => unknown.reason.clone(),
            line if line == self.line => unknown.reason.clone(),
            line => format!("{} (line {line})", unknown.reason),
        };
        let known = |step: &Step| match step {
            Step::Unreadable(part) => part.line == self.line && part.reason == reason,
            Step::Sql { .. } | Step::Commit => false,
        };
        if !self.steps.iter().any(known) {
            self.steps.push(Step::Unreadable(Unreadable {
                line: self.line,
                reason,
                source: self
                    .text
                    .get(self.statement.clone())
                    .unwrap_or_default()
                    .to_owned(),
                before: 0,
            }));
        }
    }
}
