//! Names: of changes, of tables, and of what a change makes in the database.

use super::ChangeError;
pub(super) use crate::sql::schema::MADE_FOR_ITSELF as OWN;
use crate::sql::{fold, identifier};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest name that PostgreSQL keeps whole, in bytes (manual, 4.1.1).
pub(super) const LONGEST: usize = 63;

/// A change's id, which names its file and all that it makes: lower-case letters, digits and `_`, a letter first, at most
/// 32 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChangeId(String);

impl ChangeId {
    const LONGEST: usize = 32;

    /// Reads an id.
    ///
    /// # Errors
    /// Where it is none, in words.
    pub fn new(text: &str) -> Result<Self, ChangeError> {
        let is_one = text.len() <= Self::LONGEST
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        match is_one {
            true => Ok(ChangeId(text.to_owned())),
            false => Err(ChangeError(format!(
                "`{text}` cannot name a change: take at most {} lower-case letters, digits and _, a letter first",
                Self::LONGEST
            ))),
        }
    }

    /// An id made of any words, such as a table's and a column's.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        for c in words.into_iter().collect::<Vec<_>>().join("_").chars() {
            match c.to_ascii_lowercase() {
                c @ ('a'..='z' | '0'..='9') => text.push(c),
                _ if text.ends_with('_') => {}
                _ => text.push('_'),
            }
        }
        let mut text = text.trim_matches('_').to_owned();
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            text.insert_str(0, "change_");
        }
        text.truncate(Self::LONGEST);
        ChangeId(text.trim_end_matches('_').to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its file is, in the project folder.
    pub fn path(&self) -> String {
        format!("changes/{}.toml", self.0)
    }

    /// Where the application's queries are kept beside it, as SQL.
    pub fn queries_path(&self) -> String {
        format!("changes/{}.queries.sql", self.0)
    }

    /// Where what those queries did at each point is kept, as JSON of [`super::queries::Evidence`].
    pub fn matrix_path(&self) -> String {
        format!("changes/{}.matrix.json", self.0)
    }

    /// A name in the database for what the change makes there; short enough by the id's own length.
    pub(super) fn made(&self, what: &str) -> String {
        let name = match what {
            "" => format!("{OWN}{}", self.0),
            what => format!("{OWN}{}_{what}", self.0),
        };
        debug_assert!(name.len() <= LONGEST);
        name
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ChangeId {
    type Error = ChangeError;

    fn try_from(text: String) -> Result<Self, ChangeError> {
        ChangeId::new(&text)
    }
}

impl From<ChangeId> for String {
    fn from(id: ChangeId) -> Self {
        id.0
    }
}

/// A table's schema and name as they are, without quotes. As text it is SQL, such as `public.users`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TableName {
    pub schema: String,
    pub name: String,
}

impl TableName {
    pub fn new(schema: &str, name: &str) -> Self {
        TableName {
            schema: schema.to_owned(),
            name: name.to_owned(),
        }
    }

    /// Reads `users`, `app.users` or `"App"."Users"`; the schema is `public` where none is given.
    ///
    /// # Errors
    /// Where it is no name, in words.
    pub fn read(text: &str) -> Result<Self, ChangeError> {
        let parts = parts(text);
        match parts.as_deref() {
            Some([name]) => Ok(TableName::new("public", name)),
            Some([schema, name]) => Ok(TableName::new(schema, name)),
            _ => Err(ChangeError(format!(
                "`{text}` is no table's name: write users, app.users or \"App\".\"Users\""
            ))),
        }
    }

    /// As SQL text.
    pub fn sql(&self) -> String {
        format!("{}.{}", identifier(&self.schema), identifier(&self.name))
    }

    /// For people: without the schema where that is `public`.
    pub fn words(&self) -> String {
        match self.schema.as_str() {
            "public" => identifier(&self.name),
            _ => self.sql(),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql())
    }
}

impl TryFrom<String> for TableName {
    type Error = ChangeError;

    fn try_from(text: String) -> Result<Self, ChangeError> {
        TableName::read(&text)
    }
}

impl From<TableName> for String {
    fn from(name: TableName) -> Self {
        name.sql()
    }
}

/// A column's, constraint's or index's name from SQL text: folded, or without its quotes.
///
/// # Errors
/// Where it is no name or too long, in words.
pub(super) fn name(text: &str) -> Result<String, ChangeError> {
    match parts(text.trim()).as_deref() {
        Some([name]) if name.len() > LONGEST => Err(ChangeError(format!(
            "the name {} has {} bytes, and PostgreSQL keeps {LONGEST}: take a shorter one",
            identifier(name),
            name.len()
        ))),
        Some([name]) => Ok(name.clone()),
        _ => Err(ChangeError(format!(
            "`{text}` is no name: write one word, or quote it as SQL does"
        ))),
    }
}

/// The parts of a name that may be quoted.
fn parts(text: &str) -> Option<Vec<String>> {
    use crate::sql::{LexemeKind, lexemes};
    let mut parts = Vec::new();
    for (at, lexeme) in lexemes(text).iter().enumerate() {
        let word = &text[lexeme.range.clone()];
        match lexeme.kind {
            LexemeKind::Word | LexemeKind::Name if at % 2 == 0 => parts.push(fold(word)),
            LexemeKind::Sign if at % 2 == 1 && word == "." => {}
            _ => return None,
        }
    }
    let is_whole =
        !parts.is_empty() && !text.ends_with('.') && parts.iter().all(|one| !one.is_empty());
    is_whole.then_some(parts)
}
