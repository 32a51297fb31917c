//! What is known of a run: its events, folded. Each step has a signal of its own, so that an event
//! changes one row only.

mod said;

use cofferdam_engine::api::RunEvent;
use cofferdam_engine::plan::{Plan, StepAt};
use cofferdam_engine::run::{DbError, Notice, Outcome, Report};
use leptos::prelude::*;
use said::{batch_words, ended};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    Waiting,
    /// Since this time of the server (RFC 3339).
    Running {
        since: String,
        /// Of a statement in batches: how far it is, in words.
        batches: Option<String>,
    },
    Done {
        affected: Option<u64>,
        elapsed_ms: f64,
        notices: Vec<Notice>,
    },
    Skipped {
        reason: String,
    },
    /// It was done, and its transaction was rolled back.
    RolledBack,
    /// It could not have a lock in time, and is tried again.
    Retrying {
        next: u32,
        of: u32,
        wait_ms: u64,
    },
    Failed(Box<DbError>),
    /// Somebody stopped the run here.
    Stopped,
    /// The connection broke here.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionState {
    Waiting,
    Running,
    Done,
    /// The run ended in it.
    Stopped,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub seq: u64,
    pub at: String,
    pub tone: &'static str,
    pub words: String,
}

/// The tone of a batch's line.
const BATCH: &str = "dim batch";

#[derive(Clone, Copy)]
pub struct Progress {
    steps: StoredValue<Arc<BTreeMap<StepAt, RwSignal<StepState>>>>,
    revisions: StoredValue<Arc<Vec<RwSignal<RevisionState>>>>,
    names: StoredValue<Arc<Vec<String>>>,
    pub log: RwSignal<Vec<Entry>>,
    pub outcome: RwSignal<Option<Outcome>>,
    /// Who else holds the lock, while the run waits for it.
    pub waiting: RwSignal<Option<Option<String>>>,
    /// It waits for a person to go on.
    pub paused: RwSignal<bool>,
    /// What ran when the last event came.
    pub now: RwSignal<Option<StepAt>>,
    /// Steps that need no more.
    pub settled: RwSignal<usize>,
    /// Segments that are committed: revision, segment.
    committed: StoredValue<BTreeSet<(usize, usize)>>,
    last: StoredValue<Option<u64>>,
}

impl Progress {
    pub fn new(plan: &Plan) -> Self {
        let steps = plan
            .steps()
            .filter(|(_, step)| !step.is_of_cursor())
            .map(|(at, _)| (at, RwSignal::new(StepState::Waiting)))
            .collect();
        let revisions = plan
            .revisions
            .iter()
            .map(|_| RwSignal::new(RevisionState::Waiting))
            .collect();
        let names = plan
            .revisions
            .iter()
            .map(|planned| match &planned.revision {
                Some(id) => format!("{} {}", id.short(), planned.message),
                None => planned.message.clone(),
            })
            .collect();
        Progress {
            steps: StoredValue::new(Arc::new(steps)),
            revisions: StoredValue::new(Arc::new(revisions)),
            names: StoredValue::new(Arc::new(names)),
            log: RwSignal::new(Vec::new()),
            outcome: RwSignal::new(None),
            waiting: RwSignal::new(None),
            paused: RwSignal::new(false),
            now: RwSignal::new(None),
            settled: RwSignal::new(0),
            committed: StoredValue::new(BTreeSet::new()),
            last: StoredValue::new(None),
        }
    }

    pub fn step(self, at: StepAt) -> Option<RwSignal<StepState>> {
        self.steps.with_value(|steps| steps.get(&at).copied())
    }

    pub fn revision(self, index: usize) -> Option<RwSignal<RevisionState>> {
        self.revisions
            .with_value(|revisions| revisions.get(index).copied())
    }

    pub fn total(self) -> usize {
        self.steps.with_value(|steps| steps.len())
    }

    /// How many revisions are done.
    pub fn revisions_done(self) -> usize {
        self.revisions.with_value(|revisions| {
            revisions
                .iter()
                .filter(|state| state.get() == RevisionState::Done)
                .count()
        })
    }

    /// Takes an event; one that came before (a new line tells everything again) changes nothing.
    /// True: it was the last one.
    pub fn take(self, event: RunEvent) -> bool {
        if self.last.get_value().is_some_and(|last| event.seq <= last) {
            return false;
        }
        self.last.set_value(Some(event.seq));
        let (seq, at) = (event.seq, event.at);
        if let Some(report) = event.report {
            let (tone, words) = self.said(&report);
            let is_batch = matches!(report, Report::Batch { .. });
            self.log.update(|log| {
                // Of many batches the last one is told.
                if is_batch && log.last().is_some_and(|last| last.tone == BATCH) {
                    log.pop();
                }
                log.push(Entry {
                    seq,
                    at: at.clone(),
                    tone,
                    words,
                })
            });
            self.report(report, at.clone());
        }
        if let Some(outcome) = event.outcome {
            let (tone, words) = ended(&outcome);
            self.log.update(|log| {
                log.push(Entry {
                    seq,
                    at,
                    tone,
                    words,
                })
            });
            self.end(outcome);
            return true;
        }
        false
    }

    fn report(self, report: Report, time: String) {
        if !matches!(report, Report::Waiting { .. }) {
            self.waiting.set(None);
        }
        match report {
            Report::Waiting { holder } => self.waiting.set(Some(holder)),
            Report::Started { .. }
            | Report::Repaired { .. }
            | Report::Yielding { .. }
            | Report::ReplicaLagUnknown => {}
            Report::Paused => self.paused.set(true),
            Report::Resumed => self.paused.set(false),
            Report::Committed { revision, segment } => self.committed.update_value(|committed| {
                committed.insert((revision, segment));
            }),
            Report::Resuming { revision, done } => {
                let before = self.steps.with_value(|steps| {
                    steps
                        .iter()
                        .filter(|(at, _)| at.revision == revision && at.segment < done)
                        .map(|(_, state)| *state)
                        .collect::<Vec<_>>()
                });
                for state in before {
                    let reason = "done by an earlier run".to_owned();
                    self.settle(state, StepState::Skipped { reason });
                }
            }
            Report::RevisionStarted { revision } => {
                self.set_revision(revision, RevisionState::Running)
            }
            Report::RevisionDone { revision } => self.set_revision(revision, RevisionState::Done),
            Report::StepStarted { at } => {
                self.now.set(Some(at));
                if let Some(state) = self.step(at) {
                    state.set(StepState::Running {
                        since: time,
                        batches: None,
                    });
                }
            }
            Report::Batch { at, .. } => {
                let words = batch_words(&report);
                if let Some(state) = self.step(at) {
                    state.update(|state| match state {
                        StepState::Running { batches, .. } => *batches = words,
                        // It was tried again, and is under way.
                        StepState::Retrying { .. } => {
                            *state = StepState::Running {
                                since: time,
                                batches: words,
                            }
                        }
                        _ => {}
                    });
                }
            }
            Report::Retrying {
                at,
                attempt,
                of,
                wait_ms,
                ..
            } => {
                self.roll_back(at);
                if let Some(state) = self.step(at) {
                    state.set(StepState::Retrying {
                        next: attempt + 1,
                        of,
                        wait_ms,
                    });
                }
            }
            Report::StepDone {
                at,
                affected,
                elapsed_ms,
                notices,
            } => {
                if let Some(state) = self.step(at) {
                    self.settle(
                        state,
                        StepState::Done {
                            affected,
                            elapsed_ms,
                            notices,
                        },
                    );
                }
            }
            Report::StepSkipped { at, reason } => {
                if let Some(state) = self.step(at) {
                    self.settle(state, StepState::Skipped { reason });
                }
            }
        }
    }

    fn settle(self, state: RwSignal<StepState>, to: StepState) {
        let was = state.with_untracked(|state| {
            matches!(state, StepState::Done { .. } | StepState::Skipped { .. })
        });
        state.set(to);
        if !was {
            self.settled.update(|settled| *settled += 1);
        }
    }

    fn set_revision(self, index: usize, to: RevisionState) {
        if let Some(state) = self.revision(index) {
            state.set(to);
        }
    }

    fn end(self, outcome: Outcome) {
        self.waiting.set(None);
        self.paused.set(false);
        // Who finds a run dead does not know where it was: then it is the step that was begun last.
        let begun = self.now.get_untracked();
        self.now.set(None);
        let state = match &outcome {
            Outcome::Failed { at, error, .. } => {
                at.map(|at| (at, StepState::Failed(Box::new(error.clone()))))
            }
            Outcome::Cancelled { at, .. } => at.map(|at| (at, StepState::Stopped)),
            Outcome::Lost { at, .. } => at.or(begun).map(|at| (at, StepState::Lost)),
            Outcome::Done | Outcome::Refused { .. } => None,
        };
        if let Some((at, _)) = &state {
            // A line that breaks between two statements may have broken at the commit.
            let in_doubt = matches!(outcome, Outcome::Lost { .. })
                && !self.step(*at).is_some_and(|step| {
                    step.with_untracked(|step| matches!(step, StepState::Running { .. }))
                });
            if !in_doubt {
                self.roll_back(*at);
            }
        }
        if let Some((at, state)) = state
            && let Some(signal) = self.step(at)
        {
            // A run that stops between two statements names the one it did last.
            let settled = signal.with_untracked(|state| {
                matches!(
                    state,
                    StepState::Done { .. } | StepState::Skipped { .. } | StepState::RolledBack
                )
            });
            if !settled {
                signal.set(state);
            }
        }
        self.revisions.with_value(|revisions| {
            for revision in revisions.iter() {
                if revision.get_untracked() == RevisionState::Running {
                    revision.set(RevisionState::Stopped);
                }
            }
        });
        self.outcome.set(Some(outcome));
    }

    /// What was done in the transaction that ended at `at` without a commit is undone.
    fn roll_back(self, at: StepAt) {
        let segment = (at.revision, at.segment);
        if self
            .committed
            .with_value(|committed| committed.contains(&segment))
        {
            return;
        }
        let undone = self.steps.with_value(|steps| {
            steps
                .iter()
                .filter(|(other, _)| (other.revision, other.segment) == segment)
                .map(|(_, state)| *state)
                .filter(|state| {
                    state.with_untracked(|state| matches!(state, StepState::Done { .. }))
                })
                .collect::<Vec<_>>()
        });
        for state in undone {
            state.set(StepState::RolledBack);
            self.settled
                .update(|settled| *settled = settled.saturating_sub(1));
        }
    }

    fn name(self, revision: usize) -> String {
        self.names
            .with_value(|names| names.get(revision).cloned().unwrap_or_default())
    }
}
