//! The words between a run and its driver: events in, commands out.

use crate::plan::StepAt;
use crate::revision::{Direction, RevisionId};
use serde::{Deserialize, Serialize};

/// What the driver tells the run.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The connection stands.
    Start,
    /// What the database said to command `id`.
    Answered {
        id: u64,
        result: Result<Answer, Failure>,
    },
    /// The time of a [`Command::WaitUntil`] has come.
    Woke { id: u64 },
    /// A person asks to stop.
    Cancel,
    /// A person asks to wait, from the end of the batch or segment that is under way.
    Pause,
    /// A person asks to go on.
    Resume,
}

/// What the run asks of its driver, to be carried out in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Send `sql`, exactly, by the simple query protocol, and answer with [`Event::Answered`].
    Sql {
        id: u64,
        connection: Connection,
        action: Action,
        sql: String,
    },
    /// Answer with [`Event::Woke`] at this time.
    WaitUntil { id: u64, at_ms: u64 },
    /// Interrupt what the main connection is doing; the interrupted command still answers.
    Interrupt,
    /// Tell whoever watches.
    Report(Report),
    /// The run is over; drop the connection.
    Finish(Outcome),
}

/// Which connection a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Connection {
    /// Holds the lock and runs the statements.
    Main,
    /// Only looks; never inside a transaction.
    Watcher,
}

/// What a command is for. A driver needs none of it; progress and tests do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Setting,
    CheckClient,
    TryLock,
    Holder,
    PrepareCheck(usize),
    Prepare(usize),
    ReadVersions,
    ReadHalfApplied,
    LoseOthers,
    OpenRun,
    Begin,
    Guard,
    LockVersions,
    CheckVersions,
    Savepoint,
    Release,
    RollbackTo,
    Step(StepAt),
    /// Asks how far batches are.
    Progress(StepAt),
    /// Asks whom the run keeps waiting.
    Look,
    /// Asks whether a step outside a transaction took effect.
    Check(StepAt),
    Repair(StepAt),
    /// A step outside a transaction is about to run.
    InFlight {
        revision: usize,
        done: usize,
        in_flight: bool,
    },
    Journal {
        revision: usize,
        segment: usize,
    },
    WholeAgain {
        revision: usize,
    },
    Commit,
    Rollback,
    CloseRun,
    Unlock,
}

/// A result of the simple query protocol, every value as PostgreSQL's text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows that the command tag counts; none where it counts none.
    pub affected: Option<u64>,
    pub notices: Vec<Notice>,
    /// Time between sending and the end of the answer, in milliseconds.
    pub elapsed_ms: f64,
}

/// A notice or warning of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    pub severity: String,
    pub code: String,
    pub message: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The database refused the statement.
    Database(DbError),
    /// The connection broke, or the engine behind it failed: nobody knows what became of the
    /// statement.
    Lost(String),
}

/// An error as PostgreSQL reports it (manual, Error and Notice Message Fields).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DbError {
    /// SQLSTATE.
    pub code: String,
    pub message: String,
    pub severity: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// 1-based, in code points of the statement.
    pub position: Option<u32>,
    /// The context (call stack) of the error.
    pub context: Option<String>,
    pub schema: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub constraint: Option<String>,
}

impl std::fmt::Display for DbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (SQLSTATE {})", self.message, self.code)?;
        if let Some(detail) = &self.detail {
            write!(f, " Detail: {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " Hint: {hint}")?;
        }
        Ok(())
    }
}

/// Progress of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Report {
    /// Somebody else holds the lock.
    Waiting {
        holder: Option<String>,
    },
    /// The lock is held and the state agrees; statements follow.
    Started {
        run: String,
    },
    /// A half-applied revision is taken up again; its first `done` segments are skipped.
    Resuming {
        revision: usize,
        done: usize,
    },
    RevisionStarted {
        revision: usize,
    },
    StepStarted {
        at: StepAt,
    },
    StepDone {
        at: StepAt,
        affected: Option<u64>,
        elapsed_ms: f64,
        notices: Vec<Notice>,
    },
    /// A batch of a statement that runs in batches is committed: how many batches this run has done, and the rows that
    /// they wrote.
    Batch {
        at: StepAt,
        batches: u64,
        rows: u64,
        /// What the statements took, pauses left out.
        elapsed_ms: f64,
        /// Pauses counted.
        rows_per_second: Option<f64>,
        /// About how much of all is done, earlier runs' part too, from 0 to 1; none: it is not known.
        done: Option<f64>,
        /// About how long the rest takes, at the pace until now.
        left_ms: Option<u64>,
    },
    /// A lock could not be had in time, or a deadlock was broken here: what was under way is rolled back, and tried again
    /// after a pause. It was attempt `attempt` of `of`.
    Retrying {
        at: StepAt,
        attempt: u32,
        of: u32,
        wait_ms: u64,
        reason: String,
    },
    /// Before the next batch the run waits for others.
    Yielding {
        at: StepAt,
        reason: Yield,
        wait_ms: u64,
    },
    /// How far replicas are behind is not shown to this user, so that nothing waits for them. Told once.
    ReplicaLagUnknown,
    /// A person's wish is followed: no transaction is open, the lock is kept, and nothing runs until [`Report::Resumed`].
    Paused,
    Resumed,
    /// The step was not needed.
    StepSkipped {
        at: StepAt,
        reason: String,
    },
    /// What a broken step left behind was removed with this statement.
    Repaired {
        at: StepAt,
        sql: String,
    },
    /// A segment is committed.
    Committed {
        revision: usize,
        segment: usize,
    },
    RevisionDone {
        revision: usize,
    },
}

/// For whom a run waits between batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Yield {
    /// So many sessions waited for a lock that the batch held.
    Waiting { sessions: u64 },
    /// A replica is further behind than it may be.
    ReplicaLag { lag_ms: u64, limit_ms: u64 },
}

impl std::fmt::Display for Yield {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Yield::Waiting { sessions: 1 } => write!(f, "1 session waited for a lock of the batch"),
            Yield::Waiting { sessions } => {
                write!(f, "{sessions} sessions waited for a lock of the batch")
            }
            Yield::ReplicaLag { lag_ms, limit_ms } => write!(
                f,
                "a replica is {:.1} s behind, and may be {:.1} s",
                *lag_ms as f64 / 1000.0,
                *limit_ms as f64 / 1000.0
            ),
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    Done,
    /// A statement failed; its transaction was rolled back.
    Failed {
        at: Option<StepAt>,
        what: String,
        error: DbError,
        half_applied: bool,
    },
    /// A person stopped it; the transaction under way was rolled back.
    Cancelled {
        at: Option<StepAt>,
        half_applied: bool,
    },
    /// The connection broke. Running again finds out what happened.
    Lost {
        at: Option<StepAt>,
        message: String,
    },
    /// Nothing was run.
    Refused {
        refusal: Refusal,
    },
}

/// Why a run did not begin, or did not go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Refusal {
    #[error("another run is under way on this database ({}); wait for it, or use --wait", .holder.as_deref().unwrap_or("its session cannot be seen"))]
    Locked { holder: Option<String> },
    #[error("the database is at {}, and the plan starts from {}: make the plan again", heads(.found), heads(.expected))]
    Moved {
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
        expected: Vec<RevisionId>,
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
        found: Vec<RevisionId>,
    },
    #[error(
        "{revision} is half applied ({direction}: {done} of {segments} parts): resume it, or undo it, before anything else"
    )]
    HalfApplied {
        revision: String,
        direction: Direction,
        done: usize,
        segments: usize,
    },
    #[error("{revision} is not half applied, so there is nothing to undo")]
    NotHalfApplied { revision: String },
    #[error(
        "{revision} is half applied, and its file has changed since: put the file back as it was, or undo the revision"
    )]
    FileChanged { revision: String },
    #[error(
        "a crash left it open whether this statement of {revision} took effect: {sql} Look at the database, then run again and say `--in-flight done` or `--in-flight again`"
    )]
    MustDecide { revision: String, sql: String },
    #[error(
        "the session changed under the run ({reason}): connect to PostgreSQL directly, or through a pooler in session mode"
    )]
    SessionChanged { reason: String },
}

fn heads(ids: &[RevisionId]) -> String {
    if ids.is_empty() {
        return "base (no revision)".into();
    }
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
