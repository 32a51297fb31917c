//! A step as it is stored: with the digest of its statement.

use super::{Place, Recovery, Step, StepKind};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    kind: StepKind,
    sql: String,
    sha256: String,
    place: Option<Place>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tolerate: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recovery: Option<Recovery>,
}

/// The digest beside a statement is not its own.
#[derive(Debug, thiserror::Error)]
#[error("the digest {sha256} is not that of the statement beside it: {sql}")]
pub(super) struct DigestError {
    sha256: String,
    sql: String,
}

impl From<Step> for Stored {
    fn from(step: Step) -> Self {
        Stored {
            sha256: step.sha256(),
            kind: step.kind,
            sql: step.sql,
            place: step.place,
            tolerate: step.tolerate,
            recovery: step.recovery,
        }
    }
}

impl TryFrom<Stored> for Step {
    type Error = DigestError;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let step = Step {
            kind: stored.kind,
            sql: stored.sql,
            place: stored.place,
            tolerate: stored.tolerate,
            recovery: stored.recovery,
        };
        match step.sha256() == stored.sha256 {
            true => Ok(step),
            false => Err(DigestError {
                sha256: stored.sha256,
                sql: step.sql,
            }),
        }
    }
}
