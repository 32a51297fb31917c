//! A change as its file, `changes/<id>.toml`.

use super::gate::Conditions;
use super::kind::Kind;
use super::names::{ChangeId, TableName};
use super::{Change, Edit, Phase};
use crate::catalog::{Catalog, FORMAT as CATALOG_FORMAT};
use crate::revision::RevisionId;
use serde::{Deserialize, Serialize};

/// The format of the file.
const FORMAT: u32 = 1;

/// Why a file is no change: a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct FileError {
    pub path: String,
    pub message: String,
}

/// What stands in the file besides what its kind needs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    table: TableName,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    key: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    view_schema: Option<String>,
    #[serde(default)]
    gate: Conditions,
    #[serde(default)]
    revisions: Revisions,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit>,
    start: Start,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Revisions {
    expand: Vec<RevisionId>,
    migrate: Vec<RevisionId>,
    contract: Vec<RevisionId>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    postgres: u32,
    objects: Vec<serde_json::Value>,
}

/// What belongs to every change; everything else is its kind's.
const COMMON: [&str; 8] = [
    "format",
    "table",
    "key",
    "view_schema",
    "gate",
    "revisions",
    "edits",
    "start",
];

impl Change {
    /// Reads the file of the change `id`.
    ///
    /// # Errors
    /// Where it is none, in words.
    pub fn read(id: ChangeId, text: &str) -> Result<Self, FileError> {
        let path = id.path();
        let fail = |message: String| FileError {
            path: path.clone(),
            message,
        };
        let mut kind: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| fail(error.message().to_owned()))?;
        let mut common = toml::Table::new();
        for name in COMMON {
            if let Some(value) = kind.remove(name) {
                common.insert(name.to_owned(), value);
            }
        }
        let written: Written = common
            .try_into()
            .map_err(|error: toml::de::Error| fail(error.message().to_owned()))?;
        if written.format != FORMAT {
            return Err(fail(format!(
                "format {} is not known, only {FORMAT}: a newer version of Cofferdam wrote it",
                written.format
            )));
        }
        let kind: Kind = kind
            .try_into()
            .map_err(|error: toml::de::Error| fail(error.message().to_owned()))?;
        let start = Catalog::from_json(serde_json::json!({
            "format": CATALOG_FORMAT,
            "postgres": written.start.postgres,
            "objects": written.start.objects,
        }))
        .map_err(|error| fail(error.to_string()))?;
        let revisions = written.revisions;
        let of = |phase: Phase, ids: Vec<RevisionId>| ids.into_iter().map(move |id| (phase, id));
        let all = of(Phase::Expand, revisions.expand)
            .chain(of(Phase::Migrate, revisions.migrate))
            .chain(of(Phase::Contract, revisions.contract));
        Ok(Change {
            id,
            table: written.table,
            kind,
            key: written.key,
            view_schema: written.view_schema,
            conditions: written.gate,
            written: all.collect(),
            edits: written.edits,
            start,
        })
    }

    /// The file's text.
    pub fn write(&self) -> String {
        let ids = |phase| self.revisions(phase).cloned().collect();
        let mut start = self.start.to_json();
        let objects = match start.get_mut("objects").map(serde_json::Value::take) {
            Some(serde_json::Value::Array(objects)) => objects,
            _ => Vec::new(),
        };
        let written = Written {
            format: FORMAT,
            table: self.table.clone(),
            key: self.key.clone(),
            view_schema: self.view_schema.clone(),
            gate: self.conditions.clone(),
            revisions: Revisions {
                expand: ids(Phase::Expand),
                migrate: ids(Phase::Migrate),
                contract: ids(Phase::Contract),
            },
            edits: self.edits.clone(),
            start: Start {
                postgres: self.start.major,
                objects,
            },
        };
        let kind = toml::to_string(&self.kind).unwrap_or_default();
        let common = toml::to_string(&written).unwrap_or_default();
        // What is no table comes first, and the kind first of all.
        format!("# {}\n{kind}{common}", self.title())
    }
}
