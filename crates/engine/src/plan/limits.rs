//! How far a run of a plan gives way to other sessions.

use crate::config::Environment;
use serde::{Deserialize, Serialize};

/// How far a run gives way; as its environment says, or as nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// How often a transaction is tried that cannot have a lock in time, or is the victim of a deadlock; 1: once.
    pub lock_tries: u32,
    /// How far behind a streaming replica may be, in milliseconds, before batches wait for it.
    pub max_replica_lag_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            lock_tries: 10,
            max_replica_lag_ms: 10_000,
        }
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
            max_replica_lag_ms: environment
                .max_replica_lag
                .map_or(default.max_replica_lag_ms, |lag| lag.0),
        }
    }

    pub(super) fn are_default(&self) -> bool {
        *self == Limits::default()
    }
}
