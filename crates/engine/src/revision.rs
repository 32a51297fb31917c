//! A revision: one node of the history, with its upgrade and its downgrade.

use crate::script::Cuts;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest id in characters: the width of `alembic_version.version_num`.
pub const MAX_ID: usize = 32;

/// A revision's id: 1 to 32 characters, as Alembic's version table holds them.
///
/// Not allowed, because Alembic's targets give them a meaning: `@ - + :`, white space, commas,
/// quotes, control characters, and the words `head`, `heads`, `base` and `current`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RevisionId(String);

/// Why a text is not a revision id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevisionIdError {
    #[error("a revision id is missing")]
    Empty,
    #[error("revision id {0:?} is longer than 32 characters, the width of alembic_version")]
    TooLong(String),
    #[error(
        "revision id {id:?} contains {found:?}: letters, digits, `_` and `.` are safe; `@ - + : , ' \"` and spaces are not"
    )]
    BadCharacter { id: String, found: char },
    #[error("{0:?} is a target's name and cannot be a revision id")]
    Reserved(String),
}

impl RevisionId {
    /// Checks `text` and makes it an id.
    pub fn new(text: impl Into<String>) -> Result<Self, RevisionIdError> {
        let text = text.into();
        if text.is_empty() {
            return Err(RevisionIdError::Empty);
        }
        if text.chars().count() > MAX_ID {
            return Err(RevisionIdError::TooLong(text));
        }
        let bad = |c: &char| {
            !c.is_ascii_alphanumeric()
                && (c.is_whitespace() || c.is_control() || "@-+:,'\"\\()[]{};".contains(*c))
        };
        if let Some(found) = text.chars().find(bad) {
            return Err(RevisionIdError::BadCharacter { id: text, found });
        }
        if ["head", "heads", "base", "current"].contains(&text.as_str()) {
            return Err(RevisionIdError::Reserved(text));
        }
        Ok(RevisionId(text))
    }

    /// Makes an id of twelve hexadecimal digits, the form Alembic gives, from random bits.
    pub fn from_random(bits: u64) -> Self {
        RevisionId(format!("{:012x}", bits & 0xffff_ffff_ffff))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight characters, for narrow places.
    pub fn short(&self) -> &str {
        match self.0.char_indices().nth(8) {
            Some((at, _)) => &self.0[..at],
            None => &self.0,
        }
    }
}

impl TryFrom<String> for RevisionId {
    type Error = RevisionIdError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        RevisionId::new(text)
    }
}

impl From<RevisionId> for String {
    fn from(id: RevisionId) -> String {
        id.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of a revision's two sections runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Upgrade,
    Downgrade,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }

    pub fn opposite(self) -> Self {
        match self {
            Direction::Upgrade => Direction::Downgrade,
            Direction::Downgrade => Direction::Upgrade,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a file says of undoing its upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Downgrade {
    /// The SQL of the `-- +downgrade` section, every byte of it.
    Sql(String),
    /// `-- +downgrade none: reason`: the author says that it cannot be undone.
    Impossible { reason: String },
    /// The file has no such section.
    #[default]
    Missing,
}

/// A revision: a node of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub id: RevisionId,
    /// The revisions that this one comes after (Alembic's `down_revision`): none for a base, two
    /// or more for a merge. In the file's order.
    pub down: Vec<RevisionId>,
    /// Revision ids or branch labels that must be applied before this one without being its
    /// parents (Alembic's `depends_on`), as written.
    pub depends_on: Vec<String>,
    pub branch_labels: Vec<String>,
    /// The first line of the header; may be empty.
    pub message: String,
    /// Further words of the header before its keys, a line each, without the comment marks.
    pub description: Vec<String>,
    pub author: Option<String>,
    /// The `Create Date`, verbatim.
    pub create_date: Option<String>,
    /// Header lines after the keys that Cofferdam does not know, kept verbatim without the
    /// comment marks.
    pub extra: Vec<String>,
    /// The SQL of the `-- +upgrade` section, every byte of it.
    pub upgrade: String,
    pub downgrade: Downgrade,
}

impl Revision {
    /// The SQL of one direction; empty where the file gives none.
    pub fn sql(&self, direction: Direction) -> &str {
        match (direction, &self.downgrade) {
            (Direction::Upgrade, _) => &self.upgrade,
            (Direction::Downgrade, Downgrade::Sql(sql)) => sql,
            (Direction::Downgrade, _) => "",
        }
    }

    pub fn is_merge(&self) -> bool {
        self.down.len() > 1
    }
}

/// A revision together with the file it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    pub revision: Revision,
    /// Path relative to the project folder, with `/`.
    pub path: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    /// Byte offset in the file's text where the upgrade SQL begins.
    pub upgrade_at: usize,
    /// Byte offset in the file's text where the downgrade SQL begins (0 where there is none).
    pub downgrade_at: usize,
    /// 1-based line on which the upgrade SQL begins.
    pub upgrade_line: u32,
    /// 1-based line on which the downgrade SQL begins (0 where there is none).
    pub downgrade_line: u32,
    /// For one of Alembic's Python files: where its SQL comes from. The SQL itself is what the file's
    /// operations compile to, so that the offsets above are 0 and a statement's line is found here.
    #[serde(default)]
    pub python: Option<Python>,
    /// Its sections, where somebody cut them and kept that.
    #[serde(default)]
    pub cuts: Option<Cuts>,
}

/// What a Python file says, and what its two functions gave, besides SQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Python {
    /// The module's docstring, without white space around it.
    #[serde(default)]
    pub doc: String,
    pub upgrade: Body,
    pub downgrade: Body,
}

/// One function of a Python file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// 1-based line of the operation that each statement of the section comes from, in order.
    pub lines: Vec<u32>,
    /// What cannot be known without running the file, in the order of the function.
    pub unreadable: Vec<Unreadable>,
}

/// A part of a Python file whose SQL cannot be known without running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// 1-based line.
    pub line: u32,
    /// What the line needs, such as the application's code or data from the database.
    pub reason: String,
    /// The Python statement itself.
    pub source: String,
    /// How many statements of the section come before it.
    pub before: usize,
}

impl Script {
    /// Byte offset in the file's text where the SQL of `direction` begins.
    pub fn offset(&self, direction: Direction) -> usize {
        match direction {
            Direction::Upgrade => self.upgrade_at,
            Direction::Downgrade => self.downgrade_at,
        }
    }

    /// What the Python function of `direction` gave; none for a native script.
    pub fn body(&self, direction: Direction) -> Option<&Body> {
        let python = self.python.as_ref()?;
        Some(match direction {
            Direction::Upgrade => &python.upgrade,
            Direction::Downgrade => &python.downgrade,
        })
    }

    /// 1-based line on which the SQL of `direction` begins.
    pub fn line(&self, direction: Direction) -> u32 {
        match direction {
            Direction::Upgrade => self.upgrade_line,
            Direction::Downgrade => self.downgrade_line,
        }
    }
}
