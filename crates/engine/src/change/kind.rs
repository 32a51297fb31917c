//! The kinds of changes, a file each.

mod rename_column;

pub use rename_column::RenameColumn;

use super::ChangeError;
use super::build::Builder;
use super::names::TableName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is changed, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    RenameColumn(RenameColumn),
}

/// One input of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub example: &'static str,
    pub required: bool,
    pub kind: FieldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A column of the table.
    Column,
    /// Several of them.
    Columns,
    /// A name for something new.
    Name,
    /// An SQL expression, type or definition.
    Sql,
    /// `true` or `false`.
    Check,
}

/// A kind, for choosing among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    pub name: &'static str,
    pub title: &'static str,
    /// One sentence on what it does.
    pub about: &'static str,
    pub fields: &'static [Field],
}

impl Kind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: &'static [About] = &[rename_column::ABOUT];

    /// Makes a kind of what was filled in.
    ///
    /// # Errors
    /// Where the kind is not known, or a field is missing, unknown or no name, in words.
    pub fn fill(name: &str, values: &BTreeMap<String, String>) -> Result<Self, ChangeError> {
        let Some(about) = Kind::ALL.iter().find(|about| about.name == name) else {
            let names: Vec<&str> = Kind::ALL.iter().map(|about| about.name).collect();
            return Err(ChangeError(format!(
                "there is no kind of change called {name}: choose one of {}",
                names.join(", ")
            )));
        };
        let known = || {
            about
                .fields
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        if let Some(other) = values
            .keys()
            .find(|key| about.fields.iter().all(|field| field.name != key.as_str()))
        {
            return Err(ChangeError(format!(
                "{name} has no field {other}: it has {}",
                known()
            )));
        }
        let mut table = serde_json::Map::new();
        table.insert("kind".into(), name.into());
        for field in about.fields {
            let value = values
                .get(field.name)
                .map(|value| value.trim())
                .filter(|value| !value.is_empty());
            let Some(value) = value else {
                if field.required {
                    return Err(ChangeError(format!(
                        "{name} needs {}, such as {}={}",
                        field.name, field.name, field.example
                    )));
                }
                continue;
            };
            let value = match field.kind {
                FieldKind::Column | FieldKind::Name => super::names::name(value)?.into(),
                FieldKind::Columns => {
                    let names: Result<Vec<String>, _> =
                        value.split(',').map(super::names::name).collect();
                    names?.into()
                }
                FieldKind::Sql => value.into(),
                FieldKind::Check => match value {
                    "true" | "yes" => true.into(),
                    "false" | "no" => false.into(),
                    _ => {
                        return Err(ChangeError(format!(
                            "{} is yes or no, not {value}",
                            field.name
                        )));
                    }
                },
            };
            table.insert(field.name.into(), value);
        }
        serde_json::from_value(table.into()).map_err(|error| ChangeError(error.to_string()))
    }

    pub(super) fn title(&self, table: &TableName) -> String {
        match self {
            Kind::RenameColumn(kind) => kind.title(table),
        }
    }

    /// Words that make a change's id.
    pub fn id_words(&self) -> Vec<&str> {
        match self {
            Kind::RenameColumn(kind) => vec![&kind.column, &kind.to],
        }
    }
}

pub(super) fn build(kind: &Kind, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
    match kind {
        Kind::RenameColumn(kind) => kind.build(builder),
    }
}
