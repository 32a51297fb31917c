//! A database's schema as data, with a fingerprint and a difference in words.
//!
//! Two catalogs are comparable only where they were read from the same major version of PostgreSQL: versions differ in what
//! they record (18 names its not-null constraints) and in how they print expressions. To compare what is wanted with what is
//! there, both have to stand in the same server's words.

mod diff;
mod incremental;
mod introspect;
mod object;
pub mod tree;
mod words;

pub use diff::{Difference, Layer, Part, diff, residues};
pub use incremental::{Follower, Touched};
pub use introspect::{NOT_PREPARED, SETTINGS, VERSIONS, look, prepare, read};
pub use object::{
    Column, Composite, Constraint, Defined, Domain, Enum, EventTrigger, Extension, Index, Kind,
    Object, Other, Policy, Relation, Rule, Schema, Sequence, Statistics, Trigger,
};

use crate::digest::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The format of catalogs as JSON, and of what their fingerprints are made of.
pub const FORMAT: u32 = 1;

/// What names an object: kinds in their own order, then schemas and names by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub kind: Kind,
    /// Empty for what is in none.
    pub schema: String,
    pub name: String,
}

impl Key {
    pub fn of(object: &Object) -> Self {
        let (schema, name) = object.name();
        Key {
            kind: object.kind(),
            schema: schema.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// A database's schema at one moment: every object once, in order of [`Key`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// The server's major version.
    pub major: u32,
    objects: BTreeMap<Key, Arc<Object>>,
}

/// Why there is no catalog, or no comparison.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    #[error("the database's answer about its schema cannot be read: {0}")]
    Answer(String),
    #[error(
        "a catalog of PostgreSQL {0} cannot be compared with one of PostgreSQL {1}: they record and print schemas in different ways; read both from servers of one major version"
    )]
    OtherMajor(u32, u32),
}

/// Two digests of a catalog, to compare with those of the same server version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// Without owners, privileges and comments.
    pub structure: String,
    pub whole: String,
}

impl Catalog {
    /// A catalog of these objects.
    pub fn new(major: u32, objects: impl IntoIterator<Item = Object>) -> Self {
        let objects = objects.into_iter().map(Arc::new);
        Catalog {
            major,
            objects: objects.map(|object| (Key::of(&object), object)).collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.objects.len()
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Every object, in order.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.values().map(AsRef::as_ref)
    }

    pub fn get(&self, key: &Key) -> Option<&Object> {
        self.objects.get(key).map(AsRef::as_ref)
    }

    /// The table, view or materialized view of that name.
    pub fn relation(&self, schema: &str, name: &str) -> Option<&Relation> {
        let kinds = [Kind::Table, Kind::View, Kind::MaterializedView];
        kinds.into_iter().find_map(|kind| {
            let key = Key {
                kind,
                schema: schema.to_owned(),
                name: name.to_owned(),
            };
            self.get(&key)?.relation()
        })
    }

    /// SHA-256 over format, major version and objects.
    pub fn fingerprint(&self) -> Fingerprint {
        let whole: Vec<Value> = self.objects().map(value).collect();
        let mut structure = whole.clone();
        structure.iter_mut().for_each(Layer::keep_structure);
        let digest = |layer: &str, objects: Vec<Value>| {
            let text = Value::from(objects).to_string();
            let tagged = format!(
                "cofferdam catalog {FORMAT}\npostgres {}\n{layer}\n{text}",
                self.major
            );
            sha256(tagged.as_bytes())
        };
        Fingerprint {
            structure: digest("structure", structure),
            whole: digest("whole", whole),
        }
    }

    /// Reads what [`Catalog::to_json`] writes.
    ///
    /// # Errors
    /// Where it is none, or of another format.
    pub fn from_json(json: Value) -> Result<Self, CatalogError> {
        let unreadable = |error: &dyn std::fmt::Display| CatalogError::Answer(error.to_string());
        let written: Written = serde_json::from_value(json).map_err(|error| unreadable(&error))?;
        match written.format {
            FORMAT => Ok(Catalog::new(written.postgres, written.objects)),
            format => Err(unreadable(&format!(
                "format {format}, and {FORMAT} is known"
            ))),
        }
    }

    /// As JSON: `{"format":1,"postgres":15,"fingerprint":{…},"objects":[…]}`.
    pub fn to_json(&self) -> Value {
        serde_json::json!({
            "format": FORMAT,
            "postgres": self.major,
            "fingerprint": self.fingerprint(),
            "objects": self.objects().map(value).collect::<Vec<_>>(),
        })
    }
}

/// A catalog as it stands in JSON.
#[derive(Deserialize)]
struct Written {
    format: u32,
    postgres: u32,
    objects: Vec<Object>,
}

/// An object as JSON. Its fields are strings, numbers, booleans and lists, which JSON can always hold.
fn value(object: &Object) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

#[cfg(test)]
mod tests;
