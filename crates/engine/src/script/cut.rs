//! A script's sections, looked at and cut into statements: all that a plan needs of them.
//!
//! It is the larger part of the work of planning, and depends on the file alone, so that it can be done once and kept.

use crate::finding::{Finding, Severity, line_column};
use crate::revision::{Direction, Script};
use crate::sql::{self, Execution};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// Both sections of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cuts {
    upgrade: Cut,
    downgrade: Cut,
}

/// One section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Why its SQL cannot be planned; places are the file's.
    pub errors: Vec<Finding>,
    /// In order.
    pub segments: Vec<CutSegment>,
}

/// Statements that commit together, or one that runs outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutSegment {
    pub execution: Execution,
    pub statements: Vec<CutStatement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutStatement {
    /// Its bytes in the section's SQL.
    pub body: Range<usize>,
    /// 1-based line in the file.
    pub line: u32,
}

impl Cuts {
    pub fn of(script: &Script) -> Self {
        Cuts {
            upgrade: Cut::of(script, Direction::Upgrade),
            downgrade: Cut::of(script, Direction::Downgrade),
        }
    }
}

impl Cut {
    fn of(script: &Script, direction: Direction) -> Self {
        let text = script.revision.sql(direction);
        let (offset, first_line) = (script.offset(direction), script.line(direction));
        let errors = sql::check(&script.path, text, 0..text.len())
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| Finding {
                start: finding.start + offset,
                end: finding.end + offset,
                line: finding.line + first_line.saturating_sub(1),
                ..finding
            })
            .collect();
        let python = script.body(direction);
        let mut ordinals = 0..;
        let mut line = |at: usize| {
            let own = python.zip(ordinals.next());
            let own = own.and_then(|(body, ordinal)| body.lines.get(ordinal).copied());
            own.unwrap_or_else(|| first_line + line_column(text, at).0 - 1)
        };
        let segments = sql::segments(text)
            .into_iter()
            .map(|segment| CutSegment {
                execution: segment.execution,
                statements: segment
                    .statements
                    .into_iter()
                    .map(|statement| CutStatement {
                        line: line(statement.body.start),
                        body: statement.body,
                    })
                    .collect(),
            })
            .collect();
        Cut { errors, segments }
    }
}

impl Script {
    /// The section of `direction`, cut; what was kept, where that was done.
    pub fn cut(&self, direction: Direction) -> Cow<'_, Cut> {
        match (&self.cuts, direction) {
            (Some(cuts), Direction::Upgrade) => Cow::Borrowed(&cuts.upgrade),
            (Some(cuts), Direction::Downgrade) => Cow::Borrowed(&cuts.downgrade),
            (None, _) => Cow::Owned(Cut::of(self, direction)),
        }
    }

    /// Whether the section of `direction` has no statement.
    pub fn is_empty(&self, direction: Direction) -> bool {
        match &self.cuts {
            Some(_) => self.cut(direction).segments.is_empty(),
            None => sql::split(self.revision.sql(direction))
                .statements
                .is_empty(),
        }
    }
}
