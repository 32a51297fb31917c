//! Progress of a run on stderr, in Alembic's words.

use super::{duration, output, words};
use cofferdam_engine::plan::{Kind, Plan, PlannedRevision, StepAt};
use cofferdam_engine::revision::{Direction, RevisionId};
use cofferdam_engine::run::Report;
use cofferdam_engine::sql;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::time::Instant;

/// How often batches are told of.
const BETWEEN_BATCHES: Duration = Duration::from_secs(5);

/// What was committed last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Revisions that are done, whole.
    pub revisions: usize,
    /// Segments of the next revision that are committed.
    pub segments: usize,
}

/// Tells the person what a run does.
#[derive(Debug)]
pub struct Progress<'p> {
    plan: &'p Plan,
    /// Times are shown to a person, not written to logs.
    terminal: bool,
    /// A line waits for its time.
    open: bool,
    started: Instant,
    waiting_for: Option<Option<String>>,
    /// When batches were told of last.
    told: Instant,
    committed: Committed,
}

impl<'p> Progress<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        Progress {
            plan,
            terminal: std::io::stderr().is_terminal(),
            open: false,
            started: Instant::now(),
            waiting_for: None,
            told: Instant::now(),
            committed: Committed::default(),
        }
    }

    pub fn committed(&self) -> Committed {
        self.committed
    }

    pub fn hear(&mut self, report: &Report) {
        match report {
            Report::Waiting { holder } => self.waiting(holder),
            Report::Started { .. } | Report::StepStarted { .. } => {}
            Report::Resuming { revision, done } => {
                self.committed.segments = *done;
                if let Some(planned) = self.plan.revisions.get(*revision) {
                    let all = planned.segments.len();
                    self.line(&format!(
                        "Resuming {}: {done} of {all} parts are done",
                        id(planned)
                    ));
                }
            }
            Report::RevisionStarted { revision } => {
                self.started = Instant::now();
                if let Some(planned) = self.plan.revisions.get(*revision) {
                    self.open(&headline(self.plan.kind, planned));
                }
            }
            Report::Batch {
                at,
                batches,
                rows,
                rows_per_second,
                done,
                left_ms,
                ..
            } => {
                if self.told.elapsed() >= BETWEEN_BATCHES {
                    self.told = Instant::now();
                    let mut text = format!("  {}: ", self.label(*at));
                    if let Some(done) = done {
                        text.push_str(&format!("about {:.0} %, ", (done * 100.0).floor()));
                    }
                    text.push_str(&format!("{batches} batches, {rows} rows written"));
                    if let Some(pace) = rows_per_second {
                        text.push_str(&format!(", {pace:.0} rows/s"));
                    }
                    if let Some(left) = left_ms {
                        let left = duration::show(Duration::from_millis(*left));
                        text.push_str(&format!(", about {left} left"));
                    }
                    self.line(&text);
                }
            }
            Report::StepDone { notices, .. } => {
                for notice in notices {
                    self.line(&format!("  {}: {}", notice.severity, notice.message));
                }
            }
            Report::Retrying {
                at,
                attempt,
                of,
                wait_ms,
                reason,
            } => {
                let wait = duration::show(Duration::from_millis(*wait_ms));
                self.line(&format!(
                    "  {}: {reason}; rolled back, try {} of {of} in {wait}",
                    self.label(*at),
                    attempt + 1
                ));
            }
            Report::Yielding {
                reason, wait_ms, ..
            } => {
                let wait = duration::show(Duration::from_millis(*wait_ms));
                self.line(&format!("  Giving way for {wait}: {reason}"));
            }
            Report::ReplicaLagUnknown => {
                self.line("  How far replicas are behind is not shown to this user, so that batches do not wait for them; pg_read_all_stats shows it");
            }
            Report::Paused => self.line("Paused: no transaction is open, and the lock is kept"),
            Report::Resumed => self.line("Going on"),
            Report::StepSkipped { at, reason } => {
                self.line(&format!("  Skipped {}: {reason}", self.label(*at)));
            }
            Report::Repaired { sql, .. } => {
                self.line(&format!("  Removed what a broken statement left: {sql}"));
            }
            Report::Committed { segment, .. } => self.committed.segments = segment + 1,
            Report::RevisionDone { revision } => {
                self.committed = Committed {
                    revisions: revision + 1,
                    segments: 0,
                };
                let taken = duration::show(self.started.elapsed());
                if std::mem::take(&mut self.open) {
                    write(&format!("  {taken}\n"));
                } else if self.terminal {
                    self.line(&format!("  done in {taken}"));
                }
            }
        }
    }

    /// Ends a line that still waits.
    pub fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            write("\n");
        }
    }

    fn waiting(&mut self, holder: &Option<String>) {
        if self.waiting_for.as_ref() == Some(holder) {
            return;
        }
        self.waiting_for = Some(holder.clone());
        let who = holder
            .as_deref()
            .map(|holder| format!(" ({holder})"))
            .unwrap_or_default();
        self.line(&format!("Waiting for another run on this database{who}"));
    }

    fn open(&mut self, text: &str) {
        self.end();
        self.open = self.terminal;
        write(text);
        if !self.open {
            write("\n");
        }
    }

    fn line(&mut self, text: &str) {
        self.end();
        write(text);
        write("\n");
    }

    fn label(&self, at: StepAt) -> String {
        self.plan
            .step(at)
            .map(|step| sql::label(&step.sql))
            .unwrap_or_default()
    }
}

fn write(text: &str) {
    if output::is_quiet() {
        return;
    }
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

fn id(planned: &PlannedRevision) -> String {
    planned
        .revision
        .as_ref()
        .map(RevisionId::to_string)
        .unwrap_or_default()
}

/// `Running upgrade a -> b, message`.
fn headline(kind: Kind, planned: &PlannedRevision) -> String {
    let down = words::join(&planned.down);
    let message = match planned.message.as_str() {
        "" => String::new(),
        words => format!(", {words}"),
    };
    let (word, from, to) = match (kind, planned.direction) {
        (Kind::Stamp, _) => {
            let rows = (
                words::join(&planned.heads_before),
                words::join(&planned.heads_after),
            );
            return format!("Running stamp_revision {} -> {}", rows.0, rows.1);
        }
        (Kind::Undo, direction) => {
            let undone = direction.opposite();
            return format!("Undoing {undone} of {}{message}", id(planned));
        }
        (_, Direction::Upgrade) => ("upgrade", down, id(planned)),
        (_, Direction::Downgrade) => ("downgrade", id(planned), down),
    };
    format!("Running {word} {from} -> {to}{message}")
}
