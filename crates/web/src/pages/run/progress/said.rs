//! Reports in words.

use super::{BATCH, Progress};
use crate::pages::remote::words;
use cofferdam_engine::plan::StepAt;
use cofferdam_engine::run::{Outcome, Report};

impl Progress {
    /// A report in words, for the log.
    pub(super) fn said(self, report: &Report) -> (&'static str, String) {
        let place = |at: &StepAt| {
            format!(
                "statement {}.{}.{}",
                at.revision + 1,
                at.segment + 1,
                at.step + 1
            )
        };
        match report {
            Report::Waiting {
                holder: Some(holder),
            } => ("wa", format!("waits for the lock, held by {holder}")),
            Report::Waiting { holder: None } => ("wa", "waits for the lock".into()),
            Report::Started { .. } => (
                "",
                "holds the lock; the database is as the plan expects".into(),
            ),
            Report::Resuming { revision, done } => (
                "",
                format!(
                    "resumes {} after {}",
                    self.name(*revision),
                    words::count(*done, "part")
                ),
            ),
            Report::RevisionStarted { revision } => {
                ("", format!("begins {}", self.name(*revision)))
            }
            Report::StepStarted { at } => ("dim", format!("{} begins", place(at))),
            Report::StepDone {
                at,
                affected,
                elapsed_ms,
                notices,
            } => {
                let mut words = format!("{} done in {}", place(at), words::duration(*elapsed_ms));
                if let Some(rows) = affected {
                    words.push_str(&format!(
                        ", {}",
                        words::count(usize::try_from(*rows).unwrap_or(usize::MAX), "row")
                    ));
                }
                for notice in notices {
                    words.push_str(&format!("\n{}: {}", notice.severity, notice.message));
                }
                ("dim", words)
            }
            Report::Batch { at, .. } => {
                let words = batch_words(report).unwrap_or_default();
                (BATCH, format!("{}: {words}", place(at)))
            }
            Report::Retrying {
                at,
                attempt,
                of,
                wait_ms,
                reason,
            } => (
                "wa",
                format!(
                    "{}: {reason}; rolled back, try {} of {of} in {}",
                    place(at),
                    attempt + 1,
                    words::duration(*wait_ms as f64)
                ),
            ),
            Report::Yielding {
                at,
                reason,
                wait_ms,
            } => (
                "wa",
                format!(
                    "{}: gives way for {}: {reason}",
                    place(at),
                    words::duration(*wait_ms as f64)
                ),
            ),
            Report::ReplicaLagUnknown => (
                "",
                "how far replicas are behind is not shown to this user, so that batches do not wait for them; pg_read_all_stats shows it".into(),
            ),
            Report::Paused => (
                "wa",
                "paused: no transaction is open, and the lock is kept".into(),
            ),
            Report::Resumed => ("", "goes on".into()),
            Report::StepSkipped { at, reason } => ("", format!("{} skipped: {reason}", place(at))),
            Report::Repaired { at, sql } => (
                "wa",
                format!("{}: removed what was left broken by: {sql}", place(at)),
            ),
            Report::Committed { revision, segment } => (
                "",
                format!("commits part {} of {}", segment + 1, self.name(*revision)),
            ),
            Report::RevisionDone { revision } => {
                ("ok", format!("{} is done", self.name(*revision)))
            }
        }
    }
}

/// How far a statement in batches is.
pub(super) fn batch_words(report: &Report) -> Option<String> {
    let Report::Batch {
        batches,
        rows,
        rows_per_second,
        done,
        left_ms,
        ..
    } = report
    else {
        return None;
    };
    let count = |n: &u64, one| words::count(usize::try_from(*n).unwrap_or(usize::MAX), one);
    let mut words = format!("{}, {}", count(batches, "batch"), count(rows, "row"));
    if let Some(pace) = rows_per_second {
        words.push_str(&format!(", {pace:.0} rows/s"));
    }
    if let Some(done) = done {
        words.push_str(&format!(", about {:.0} %", (done * 100.0).floor()));
    }
    if let Some(left) = left_ms {
        words.push_str(&format!(", about {} left", words::duration(*left as f64)));
    }
    Some(words)
}

pub(super) fn ended(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Done => ("ok", "done".into()),
        Outcome::Failed { what, error, .. } => ("no", format!("{what}: {error}")),
        Outcome::Cancelled { .. } => ("wa", "cancelled".into()),
        Outcome::Lost { message, .. } => ("no", format!("the connection broke: {message}")),
        Outcome::Refused { refusal } => ("no", format!("refused: {refusal}")),
    }
}
