//! Rows for dry runs: `[dry_run.seed]` of the project's configuration.

use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::sql;
use std::ops::Range;

/// The seed file, and the revision right after which it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    pub path: String,
    pub revision: RevisionId,
    pub text: String,
}

impl Seed {
    /// Where each statement stands in the text.
    pub fn statements(&self) -> Vec<Range<usize>> {
        let split = sql::split(&self.text);
        split
            .statements
            .into_iter()
            .map(|statement| statement.body)
            .collect()
    }
}
