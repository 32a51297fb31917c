//! What an API token may be used for.

use serde::{Deserialize, Serialize};

/// One permission of a token. Its owner's role is the limit in any case.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look at files, environments, plans and runs.
    Read,
    /// Save files, make plans, comment, review; confirm a gate's conditions, compare both sides of a change.
    Write,
    /// Start and cancel runs; open gates by force.
    Apply,
}

impl Scope {
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Apply => "apply",
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "read" => Ok(Scope::Read),
            "write" => Ok(Scope::Write),
            "apply" => Ok(Scope::Apply),
            other => Err(format!("{other:?} is not a scope: read, write or apply")),
        }
    }
}
