//! How far a run of a plan gives way to other sessions.

use crate::config::Environment;
use serde::{Deserialize, Serialize};

/// How far a run gives way; as its environment says, or as nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// How often a transaction is tried that cannot have a lock in time, or is the victim of a deadlock; 1: once.
    pub lock_tries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { lock_tries: 10 }
    }
}

impl Limits {
    pub(super) fn of(environment: Option<&Environment>) -> Self {
        let default = Limits::default();
        let Some(environment) = environment else {
            return default;
        };
        Limits {
            lock_tries: environment.lock_tries.unwrap_or(default.lock_tries),
        }
    }

    pub(super) fn are_default(&self) -> bool {
        *self == Limits::default()
    }
}
