//! A plan: the exact, ordered statements that a run sends, sealed by a digest. The wire format
//! between engine, pages and server.

mod batches;
mod build;
mod limits;
pub mod outline;
mod recovery;
mod seal;
mod step;

pub use build::{
    PlanError, Request, create_version_table, downgrade, prepare_versions, purge, stamp, take_back,
    undo, upgrade, version_table,
};
pub use limits::Limits;
pub use seal::{SealError, Sealed};

use crate::revision::{Direction, RevisionId};
use serde::{Deserialize, Serialize};

/// The plan format that this version reads and writes.
pub const FORMAT: u32 = 1;

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Upgrade,
    Downgrade,
    /// Changes version rows only.
    Stamp,
    /// Takes back what a half-applied revision did.
    Undo,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Upgrade => "upgrade",
            Kind::Downgrade => "downgrade",
            Kind::Stamp => "stamp",
            Kind::Undo => "undo",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An ordered list of statements with its transaction boundaries, made for one state of one
/// environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub format: u32,
    /// The project's slug.
    pub project: String,
    /// The environment's name; none for a dry run or a plain URL.
    pub environment: Option<String>,
    pub kind: Kind,
    /// The target as it was asked for.
    pub target: String,
    /// The version rows that the plan starts from, sorted: its precondition.
    pub from: Vec<RevisionId>,
    /// The version rows when it is done, sorted.
    pub to: Vec<RevisionId>,
    /// The version table as SQL text.
    pub version_table: String,
    /// What has to be there before anything runs: version table and journal.
    pub prepare: Vec<Preparation>,
    /// Statements sent before each revision, outside a transaction, in order.
    pub settings: Vec<String>,
    /// How far it gives way to other sessions; not stored where nothing else is said.
    #[serde(default, skip_serializing_if = "Limits::are_default")]
    pub limits: Limits,
    pub revisions: Vec<PlannedRevision>,
}

/// A statement that runs only where its check answers `false`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// A query answering `true` where `sql` is not needed.
    pub check: String,
    pub sql: String,
}

/// One revision's part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedRevision {
    /// None in a stamp.
    pub revision: Option<RevisionId>,
    pub direction: Direction,
    /// The revisions that this one comes after, in the file's order.
    pub down: Vec<RevisionId>,
    pub message: String,
    pub path: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    pub heads_before: Vec<RevisionId>,
    pub heads_after: Vec<RevisionId>,
    pub segments: Vec<Segment>,
}

impl PlannedRevision {
    /// A digest of what runs: two revisions with the same digest run the same segments.
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push_str(match segment.mode {
                Mode::Transaction => "transaction\n",
                Mode::Outside => "outside\n",
                Mode::Batches => "batches\n",
            });
            for step in segment
                .steps
                .iter()
                .filter(|step| step.kind == StepKind::Statement)
            {
                text.push_str(&step.sha256());
                text.push('\n');
            }
        }
        crate::digest::sha256(text.as_bytes())
    }
}

/// Statements that commit together, or one that runs outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    pub mode: Mode,
    pub steps: Vec<Step>,
    /// Rows a second that its batches write at most; none: as many as they can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Between BEGIN and COMMIT.
    Transaction,
    /// By itself, outside a transaction block: exactly one step.
    Outside,
    /// One statement in batches, each between BEGIN and COMMIT: steps that open its cursor, the one that takes the next
    /// range, the statement for that range, what measures it and asks how far it is, and steps that close the cursor when there is no further range.
    Batches,
}

/// One statement of a plan. Stored, it has the digest of its bytes, `sha256`, beside them, which must be theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "step::Stored", try_from = "step::Stored")]
pub struct Step {
    pub kind: StepKind,
    /// The exact bytes that are sent.
    pub sql: String,
    /// Where a statement stands in its file.
    pub place: Option<Place>,
    /// SQLSTATEs that skip the step instead of failing the run (undo only).
    pub tolerate: Vec<String>,
    /// How to find out what became of a step outside a transaction.
    pub recovery: Option<Recovery>,
}

impl Step {
    /// It only keeps where a statement in batches stands; what becomes of it is told of that statement.
    pub fn is_of_cursor(&self) -> bool {
        !matches!(self.kind, StepKind::Statement | StepKind::Version)
    }

    /// SHA-256 of `sql`.
    pub fn sha256(&self) -> String {
        crate::digest::sha256(self.sql.as_bytes())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// A statement of the revision's file.
    Statement,
    /// A write to the version table.
    Version,
    /// What opens or closes the cursor of a statement that runs in batches.
    Cursor,
    /// What takes the next range of keys; it writes one row, or none where there is no further range.
    Range,
    /// What keeps how long the range's rows took, by which the next batch's size is chosen.
    Measure,
    /// What asks how far the batches are: a number from 0 to 1, or NULL where that is not known. It changes nothing.
    Progress,
}

/// Where a statement stands in its revision's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// 0-based position among the statements of its section.
    pub ordinal: usize,
    /// 1-based line in the file.
    pub line: u32,
    /// Byte offsets in the file's text.
    pub start: usize,
    pub end: usize,
}

/// How a run finds out whether a step outside a transaction took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Recovery {
    /// Running it again is right.
    Repeat,
    /// `check` answers `done`, `todo` or `broken`; `repair` mends what is broken, and is followed
    /// by another check.
    Check {
        check: String,
        repair: Option<String>,
    },
    /// Only a person can know.
    Ask,
}

impl Plan {
    /// Every step with its position, in the order in which they run.
    pub fn steps(&self) -> impl Iterator<Item = (StepAt, &Step)> {
        self.revisions
            .iter()
            .enumerate()
            .flat_map(|(revision, planned)| {
                planned
                    .segments
                    .iter()
                    .enumerate()
                    .flat_map(move |(segment, part)| {
                        part.steps.iter().enumerate().map(move |(step, found)| {
                            (
                                StepAt {
                                    revision,
                                    segment,
                                    step,
                                },
                                found,
                            )
                        })
                    })
            })
    }

    pub fn step(&self, at: StepAt) -> Option<&Step> {
        self.revisions
            .get(at.revision)?
            .segments
            .get(at.segment)?
            .steps
            .get(at.step)
    }

    /// How many statements of revision files it sends.
    pub fn statement_count(&self) -> usize {
        self.steps()
            .filter(|(_, step)| step.kind == StepKind::Statement)
            .count()
    }

    /// Nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }
}

/// A step's position in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepAt {
    pub revision: usize,
    pub segment: usize,
    pub step: usize,
}
