//! What proving gives, as data: the shape of `cofferdam verify --format json` (docs/verify.md).

use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::verify::measure::Figures;
use cofferdam_engine::verify::{FORMAT, Leg, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub format: u32,
    /// The version that proved it, such as `15.18`.
    pub postgres: String,
    /// The file whose rows were loaded, and after which revision.
    pub seed: Option<Seeded>,
    /// In the order in which they ran.
    pub revisions: Vec<Checked>,
    pub totals: Totals,
    pub elapsed_ms: f64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Seeded {
    pub file: String,
    pub after: RevisionId,
}

/// One revision.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    pub revision: RevisionId,
    pub message: String,
    pub path: String,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The ways that it came through, in order.
    pub legs: Vec<LegReport>,
}

/// One way of a revision.
#[derive(Clone, Debug, Serialize)]
pub struct LegReport {
    pub leg: Leg,
    #[serde(flatten)]
    pub work: Work,
}

/// What a plan did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Work {
    /// With its bookkeeping, without what measuring took.
    pub elapsed_ms: f64,
    /// The statements of its file, in order.
    pub steps: Vec<Step>,
}

/// One statement.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// In short.
    pub statement: String,
    /// 1-based line in the file.
    pub line: Option<u32>,
    pub elapsed_ms: f64,
    /// Rows that its command tag counts.
    pub rows: Option<u64>,
    /// None where it cannot be measured: it runs outside a transaction block.
    pub measured: Option<Figures>,
}

/// How many revisions have each verdict.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Totals {
    pub revisions: usize,
    pub fine: usize,
    /// By the verdict's words, in their order.
    pub verdicts: BTreeMap<&'static str, usize>,
}

impl Report {
    pub fn new(
        postgres: String,
        seed: Option<Seeded>,
        revisions: Vec<Checked>,
        elapsed_ms: f64,
    ) -> Self {
        let mut totals = Totals {
            revisions: revisions.len(),
            ..Totals::default()
        };
        for checked in &revisions {
            totals.fine += usize::from(checked.verdict.is_fine());
            *totals.verdicts.entry(checked.verdict.words()).or_default() += 1;
        }
        Report {
            format: FORMAT,
            postgres,
            seed,
            revisions,
            totals,
            elapsed_ms,
        }
    }

    /// Whether nothing has to be put right.
    pub fn is_fine(&self) -> bool {
        self.totals.fine == self.totals.revisions
    }
}
