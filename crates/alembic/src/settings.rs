//! What a project's `env.py` and configuration decide about the SQL of its operations.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the SQL of operations depends on, outside their file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The naming convention of `target_metadata` (SQLAlchemy's `MetaData(naming_convention=…)`): kind of
    /// constraint (`ix`, `uq`, `ck`, `fk`, `pk`) to template.
    pub naming_convention: BTreeMap<String, String>,
    /// Where a naming convention is used that could not be read, what hides it; names that it would give are
    /// then unknown.
    pub unknown_convention: Option<String>,
}
