//! Proving revisions on a throwaway PostgreSQL: the bench and its work. What is asked and how it is judged is the engine's.

mod bench;
mod draft;
mod identify;
mod merging;
mod prove;
mod queries;
mod report;

pub use bench::Setting;
pub use draft::{catalog_after, draft, prove_with};
pub use identify::{Unknown, identify};
pub use merging::{Merged, merging};
pub use prove::{Order, Seed, prove};
pub use queries::queries;
pub use report::{Checked, Report, Seeded, Step};

use crate::database::ConnectError;
use crate::embedded::EmbeddedError;
use cofferdam_engine::catalog::CatalogError;
use cofferdam_engine::plan::PlanError;
use cofferdam_engine::run::{DbError, Failure};

/// Why proving ended without a result. What the database says of revisions is a result.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("cannot {what} on the throwaway PostgreSQL: {error}")]
    Refused { what: &'static str, error: DbError },
    #[error("the throwaway PostgreSQL is gone: {0}")]
    Lost(String),
    #[error("{path}, line {line}: {error}")]
    Seed {
        path: String,
        line: u32,
        error: DbError,
    },
    #[error(
        "following the schema step by step gave another one than looking at it whole; please report this with the revisions at hand: {0}"
    )]
    Followed(String),
    #[error("stopped")]
    Cancelled,
}

impl VerifyError {
    fn of(what: &'static str) -> impl FnOnce(Failure) -> Self {
        move |failure| match failure {
            Failure::Database(error) => VerifyError::Refused { what, error },
            Failure::Lost(message) => VerifyError::Lost(message),
        }
    }
}
