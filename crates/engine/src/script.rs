//! The native script codec: file bytes ⇄ [`Revision`](crate::revision::Revision).
//!
//! A file is a header of `--` comments, then an upgrade and a downgrade section of plain SQL. A
//! section keeps every byte, from after its directive's line end to the next section's line.
//!
//! Reading what [`write()`] wrote gives the same revision, and writing what [`read`] read from a file
//! of the canonical form gives the same bytes. The header is the exception by nature: its values
//! are single lines without white space around them, so writing makes them so.

mod cut;
mod header;
mod reading;
mod writing;

pub use cut::{Cut, CutSegment, CutStatement, Cuts};

use crate::finding::{Code, Finding};
use crate::revision::{Revision, Script};
use serde::{Deserialize, Serialize};

/// What reading a file gave: the script where it could be read, and everything found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// `None` where a finding of severity error says why the file is not a revision.
    pub script: Option<Script>,
    /// In the order of (start, code).
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Whether nothing in a SQL file says that it is a revision, as other SQL may stand in an Alembic project's versions
    /// folder: it has neither an id nor an upgrade section.
    pub fn is_other_sql(&self) -> bool {
        let has = |code| self.findings.iter().any(|finding| finding.code == code);
        self.script.is_none() && has(Code::MissingRevisionId) && has(Code::MissingUpgrade)
    }
}

/// Reads the file at `path` (relative to the project folder).
///
/// The findings are those of the file and of the SQL of both sections. A file whose SQL has errors
/// is still a script: it is shown, and never planned.
///
/// A byte order mark at the file's start is dropped: all offsets are those of the text without it.
pub fn read(path: &str, bytes: &[u8]) -> Reading {
    reading::read(path, bytes, true)
}

/// Reads the file at `path` as [`read`] does, without looking at the SQL of its sections: enough for the history, and
/// for a plan, which looks at what it runs.
pub fn structure(path: &str, bytes: &[u8]) -> Reading {
    reading::read(path, bytes, false)
}

/// Writes a revision as a file's text; [`read`] gives the same revision back.
///
/// Line breaks inside the header's values become spaces. A message, description or further line that
/// would be read as a directive or as a key of the header is written with `> ` before it. Where one
/// section cannot stand before the other as it is (it has no line end at its end), it is written
/// last; where neither can, a line end is added.
pub fn write(revision: &Revision) -> String {
    writing::write(revision)
}
