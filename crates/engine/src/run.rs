//! A run: the state machine that executes a plan. It does nothing itself: a driver (sqlx on the
//! server, PGlite in the browser) tells it events and carries out its commands, one SQL command at
//! a time.
//!
//! Invariants: every statement sent is in the plan or among [`bookkeeping`]; a version row changes
//! only in the transaction of its revision's last segment; after a crash between any two commands
//! the next run ends in the same catalog, or stops and says what a person must decide.

mod again;
mod answer;
mod batches;
mod bookkeeping;
mod crowd;
mod ending;
mod estimate;
mod event;
pub mod journal;
mod opening;
mod outside;
mod session;
mod transaction;

pub use bookkeeping::bookkeeping;
pub use event::{
    Action, Answer, Command, Connection, DbError, Event, Failure, Notice, Outcome, Refusal, Report,
    Yield,
};

use crate::plan::{Plan, Sealed, StepAt};
use batches::Batches;
use crowd::Crowd;
use outside::Moment;
use std::collections::VecDeque;

/// What a run is told besides its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The run's id: any text that no other run has.
    pub run: String,
    /// Who runs it, for the journal.
    pub actor: String,
    /// Who approved the plan, where somebody did.
    pub approval: Option<String>,
    /// How long to wait for somebody else's run, in milliseconds.
    pub wait_ms: u64,
    /// A person's answer where a crash left a step outside a transaction open.
    pub in_flight: Option<InFlight>,
}

/// What a person decided about a step of which nobody knows whether it took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFlight {
    /// It took effect: go on after it.
    Done,
    /// It did not: run it again.
    Again,
}

/// One execution of a plan.
#[derive(Debug)]
pub struct Run {
    plan: Plan,
    digest: String,
    options: Options,
    queue: VecDeque<Task>,
    reports: Vec<Report>,
    pending: Option<Pending>,
    next_id: u64,
    /// When the event that is being taken came, and its random bits.
    now_ms: u64,
    seed: u64,
    deadline_ms: Option<u64>,
    backend: Option<String>,
    locked: bool,
    opened: bool,
    in_transaction: bool,
    /// The revision and segment that run next, or are running.
    at: Cursor,
    /// The revision under way has been announced and its settings sent.
    begun: bool,
    /// A crash left the cursor's step outside a transaction open.
    uncertain: bool,
    moment: Moment,
    batches: Batches,
    /// How often what is under way could not have a lock.
    refusals: u32,
    crowd: Crowd,
    /// A person asks to wait.
    paused: bool,
    last_step: Option<StepAt>,
    cancelling: bool,
    ending: Option<Outcome>,
    over: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    revision: usize,
    segment: usize,
}

#[derive(Debug)]
enum Task {
    Sql { action: Action, sql: String },
    Wait { ms: u64 },
}

impl Task {
    fn action(&self) -> Option<&Action> {
        match self {
            Task::Sql { action, .. } => Some(action),
            Task::Wait { .. } => None,
        }
    }
}

#[derive(Debug)]
enum Pending {
    Sql {
        id: u64,
        action: Action,
    },
    Wait {
        id: u64,
    },
    /// For a person to go on, or to stop.
    Resume {
        since_ms: u64,
    },
}

/// How often the lock is asked for, in milliseconds, plus up to half as much again.
const POLL_MS: u64 = 200;

impl Run {
    /// Makes a run of `sealed`; nothing happens before [`Event::Start`].
    pub fn new(sealed: &Sealed, options: Options) -> Self {
        Run {
            plan: sealed.plan().clone(),
            digest: sealed.digest().to_owned(),
            options,
            queue: VecDeque::new(),
            reports: Vec::new(),
            pending: None,
            next_id: 0,
            now_ms: 0,
            seed: 0,
            deadline_ms: None,
            backend: None,
            locked: false,
            opened: false,
            in_transaction: false,
            at: Cursor::default(),
            begun: false,
            uncertain: false,
            moment: Moment::Before,
            batches: Batches::default(),
            refusals: 0,
            crowd: Crowd::default(),
            paused: false,
            last_step: None,
            cancelling: false,
            ending: None,
            over: false,
        }
    }

    /// Takes an event at `now_ms` (milliseconds of any steady clock) and gives the commands to
    /// carry out, in order. `seed` is random bits for the jitter of waiting.
    pub fn handle(&mut self, now_ms: u64, seed: u64, event: Event) -> Vec<Command> {
        if self.over {
            return Vec::new();
        }
        (self.now_ms, self.seed) = (now_ms, seed);
        let mut commands = Vec::new();
        match event {
            Event::Start => {
                self.deadline_ms = Some(now_ms.saturating_add(self.options.wait_ms));
                self.send_settings();
                self.push(Action::TryLock, session::try_lock(&self.plan));
            }
            Event::Cancel => {
                self.cancelling = true;
                match &self.pending {
                    Some(Pending::Sql {
                        action: Action::Step(_),
                        ..
                    }) => {
                        return vec![Command::Interrupt];
                    }
                    Some(Pending::Wait { .. } | Pending::Resume { .. }) => self.pending = None,
                    Some(Pending::Sql { .. }) => return Vec::new(),
                    None => {}
                }
            }
            Event::Pause => {
                self.paused = true;
                return commands;
            }
            Event::Resume => {
                self.paused = false;
                let Some(Pending::Resume { since_ms }) = self.pending else {
                    return commands;
                };
                self.pending = None;
                self.batches.pass_over(now_ms.saturating_sub(since_ms));
                self.reports.push(Report::Resumed);
            }
            Event::Woke { id } => {
                if !matches!(self.pending, Some(Pending::Wait { id: waited }) if waited == id) {
                    return Vec::new();
                }
                self.pending = None;
            }
            Event::Answered { id, result } => {
                let Some(Pending::Sql { id: asked, action }) = self.pending.take() else {
                    return Vec::new();
                };
                if asked != id {
                    self.pending = Some(Pending::Sql { id: asked, action });
                    return Vec::new();
                }
                match result {
                    Ok(answer) => self.answered(&action, &answer),
                    Err(Failure::Database(error)) => self.refused(&action, error),
                    Err(Failure::Lost(message)) => {
                        self.queue.clear();
                        let lost = Outcome::Lost {
                            at: self.last_step,
                            message,
                        };
                        self.ending = Some(self.ending.take().unwrap_or(lost));
                    }
                }
            }
        }
        self.pump(&mut commands);
        commands
    }

    /// It waits for a person: there is no command to carry out before [`Event::Resume`] or [`Event::Cancel`].
    pub fn is_paused(&self) -> bool {
        matches!(self.pending, Some(Pending::Resume { .. }))
    }

    fn pump(&mut self, commands: &mut Vec<Command>) {
        if self.cancelling && self.ending.is_none() && self.at.revision < self.plan.revisions.len()
        {
            self.stop_where_it_is_safe();
        }
        if self.queue.is_empty() && self.ending.is_none() && self.opened {
            if self.paused && self.at.revision < self.plan.revisions.len() {
                self.pending = Some(Pending::Resume {
                    since_ms: self.now_ms,
                });
                self.reports.push(Report::Paused);
                commands.extend(self.reports.drain(..).map(Command::Report));
                return;
            }
            self.advance();
        }
        commands.extend(self.reports.drain(..).map(Command::Report));
        match self.queue.pop_front() {
            Some(Task::Wait { ms }) => {
                let id = self.id();
                self.pending = Some(Pending::Wait { id });
                let at_ms = self.now_ms.saturating_add(ms);
                commands.push(Command::WaitUntil { id, at_ms });
            }
            Some(Task::Sql { action, sql }) => {
                if let Action::Step(at) = action {
                    self.last_step = Some(self.shown(at));
                    if self.is_told(at) {
                        commands.push(Command::Report(Report::StepStarted { at }));
                    }
                }
                let id = self.id();
                commands.push(Command::Sql {
                    id,
                    connection: match action {
                        Action::Holder | Action::Look => Connection::Watcher,
                        _ => Connection::Main,
                    },
                    action: action.clone(),
                    sql,
                });
                self.pending = Some(Pending::Sql { id, action });
            }
            None => {
                self.over = true;
                commands.push(Command::Finish(self.ending.take().unwrap_or(Outcome::Done)));
            }
        }
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn push(&mut self, action: Action, sql: impl Into<String>) {
        self.queue.push_back(Task::Sql {
            action,
            sql: sql.into(),
        });
    }

    fn push_wait(&mut self, ms: u64) {
        self.queue.push_back(Task::Wait { ms });
    }

    fn push_front(&mut self, action: Action, sql: impl Into<String>) {
        self.queue.push_front(Task::Sql {
            action,
            sql: sql.into(),
        });
    }

    fn entry(&self) -> journal::Entry<'_> {
        journal::Entry {
            run: &self.options.run,
            plan_digest: &self.digest,
            plan: &self.plan,
        }
    }
}
