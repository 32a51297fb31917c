//! A run: the state machine that executes a plan. It does nothing itself: a driver (sqlx on the
//! server, PGlite in the browser) tells it events and carries out its commands, one SQL command at
//! a time.
//!
//! Invariants: every statement sent is in the plan or among [`bookkeeping`]; a version row changes
//! only in the transaction of its revision's last segment; after a crash between any two commands
//! the next run ends in the same catalog, or stops and says what a person must decide.

mod event;
pub mod journal;
mod outside;
mod session;

pub use event::{
    Action, Answer, Command, Connection, DbError, Event, Failure, Notice, Outcome, Refusal, Report,
};

use crate::plan::{Kind, Mode, Plan, PlannedRevision, Sealed, Segment, Step, StepAt, StepKind};
use crate::revision::Direction;
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
struct Task {
    action: Action,
    sql: String,
}

#[derive(Debug)]
enum Pending {
    Sql { id: u64, action: Action },
    Wait { id: u64 },
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
            deadline_ms: None,
            backend: None,
            locked: false,
            opened: false,
            in_transaction: false,
            at: Cursor::default(),
            begun: false,
            uncertain: false,
            moment: Moment::Before,
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
                    Some(Pending::Wait { .. }) => self.pending = None,
                    Some(Pending::Sql { .. }) => return Vec::new(),
                    None => {}
                }
            }
            Event::Woke { id } => {
                if !matches!(self.pending, Some(Pending::Wait { id: waited }) if waited == id) {
                    return Vec::new();
                }
                self.pending = None;
                self.push(Action::TryLock, session::try_lock(&self.plan));
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
                    Ok(answer) => {
                        if let Some(at_ms) = self.answered(&action, &answer, now_ms, seed) {
                            commands.extend(self.reports.drain(..).map(Command::Report));
                            let id = self.id();
                            self.pending = Some(Pending::Wait { id });
                            commands.push(Command::WaitUntil { id, at_ms });
                            return commands;
                        }
                    }
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

    fn pump(&mut self, commands: &mut Vec<Command>) {
        if self.cancelling && self.ending.is_none() && self.at.revision < self.plan.revisions.len()
        {
            self.stop_where_it_is_safe();
        }
        if self.queue.is_empty() && self.ending.is_none() && self.opened {
            self.advance();
        }
        commands.extend(self.reports.drain(..).map(Command::Report));
        match self.queue.pop_front() {
            Some(task) => {
                if let Action::Step(at) = task.action {
                    self.last_step = Some(at);
                    commands.push(Command::Report(Report::StepStarted { at }));
                }
                let id = self.id();
                commands.push(Command::Sql {
                    id,
                    connection: match task.action {
                        Action::Holder => Connection::Watcher,
                        _ => Connection::Main,
                    },
                    action: task.action.clone(),
                    sql: task.sql,
                });
                self.pending = Some(Pending::Sql {
                    id,
                    action: task.action,
                });
            }
            None => {
                self.over = true;
                commands.push(Command::Finish(self.ending.take().unwrap_or(Outcome::Done)));
            }
        }
    }

    /// Follows a person's wish to stop: at once, but never between a step outside a transaction
    /// and its check and record.
    fn stop_where_it_is_safe(&mut self) {
        let outside = self.opened
            && self.begun
            && self
                .segment()
                .is_some_and(|segment| segment.mode == Mode::Outside);
        match self.queue.front().map(|task| &task.action) {
            Some(Action::Step(_)) if outside => self.outside_cancelled(),
            Some(Action::InFlight {
                in_flight: true, ..
            })
            | None => self.cancel(),
            Some(_) if !outside => self.cancel(),
            Some(_) => {}
        }
    }

    fn cancel(&mut self) {
        self.wind_down(Outcome::Cancelled {
            at: self.last_step,
            half_applied: self.opened && self.at.segment > 0,
        });
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn push(&mut self, action: Action, sql: impl Into<String>) {
        self.queue.push_back(Task {
            action,
            sql: sql.into(),
        });
    }

    fn push_front(&mut self, action: Action, sql: impl Into<String>) {
        self.queue.push_front(Task {
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

    fn send_settings(&mut self) {
        for sql in self.plan.settings.clone() {
            self.push(Action::Setting, sql);
        }
        self.push(Action::CheckClient, session::CHECK_CLIENT);
    }

    /// Takes a good answer. Gives a time to wait for, where the lock is somebody else's.
    fn answered(
        &mut self,
        action: &Action,
        answer: &Answer,
        now_ms: u64,
        seed: u64,
    ) -> Option<u64> {
        let cell = |row: usize, column: usize| -> Option<&str> {
            answer.rows.get(row)?.get(column)?.as_deref()
        };
        match action {
            Action::TryLock if cell(0, 0) == Some("true") => {
                self.locked = true;
                self.backend = cell(0, 1).map(str::to_owned);
                if !self.plan.prepare.is_empty() {
                    let check = self.plan.prepare[0].check.clone();
                    self.push(Action::PrepareCheck(0), check);
                }
            }
            Action::TryLock => self.push(Action::Holder, session::holder(&self.plan)),
            Action::Holder => {
                let holder = cell(0, 0).map(str::to_owned);
                if self.deadline_ms.is_some_and(|deadline| now_ms >= deadline) {
                    self.refuse(Refusal::Locked { holder });
                } else {
                    self.reports.push(Report::Waiting { holder });
                    return Some(now_ms + POLL_MS + seed % (POLL_MS / 2));
                }
            }
            Action::PrepareCheck(index) => {
                if cell(0, 0) != Some("true") {
                    let sql = self.plan.prepare[*index].sql.clone();
                    self.push(Action::Prepare(*index), sql);
                } else {
                    self.prepared(*index);
                }
            }
            Action::Prepare(index) => self.prepared(*index),
            Action::ReadVersions | Action::CheckVersions => {
                let found: Vec<String> = answer
                    .rows
                    .iter()
                    .filter_map(|row| row.first()?.clone())
                    .collect();
                self.compare_versions(action, &found);
            }
            Action::ReadHalfApplied => self.take_up(answer),
            Action::OpenRun => {
                self.opened = true;
                self.reports.push(Report::Started {
                    run: self.options.run.clone(),
                });
            }
            Action::Begin => self.in_transaction = true,
            Action::Guard => {
                let same = cell(0, 0) == self.backend.as_deref();
                if !same || cell(0, 1) != Some("true") {
                    let reason = if same {
                        "the lock was taken away"
                    } else {
                        "another server process answers"
                    };
                    self.refuse(Refusal::SessionChanged {
                        reason: reason.into(),
                    });
                }
            }
            Action::Step(at) => self.step_done(*at, answer),
            Action::Check(at) => self.checked(*at, cell(0, 0).unwrap_or("todo")),
            Action::Repair(at) => self.repaired(*at),
            Action::Journal { .. } if answer.affected == Some(0) => {
                self.refuse(Refusal::SessionChanged {
                    reason: "a later run has taken over".into(),
                });
            }
            Action::Commit => {
                self.in_transaction = false;
                self.committed();
            }
            Action::Rollback => self.in_transaction = false,
            Action::Setting
            | Action::CheckClient
            | Action::LoseOthers
            | Action::LockVersions
            | Action::Savepoint
            | Action::Release
            | Action::RollbackTo
            | Action::InFlight { .. }
            | Action::Journal { .. }
            | Action::WholeAgain { .. }
            | Action::CloseRun
            | Action::Unlock => {}
        }
        None
    }

    /// Takes an error of the database.
    fn refused(&mut self, action: &Action, error: DbError) {
        match action {
            Action::CheckClient => {}
            // Winding down goes on: what is to be reported is known already.
            _ if self.ending.is_some() => {
                if matches!(action, Action::Rollback) {
                    self.in_transaction = false;
                }
            }
            Action::Step(at) => self.step_refused(*at, error),
            _ => {
                if matches!(action, Action::Commit) {
                    self.in_transaction = false;
                }
                self.fail(
                    matches!(action, Action::Commit)
                        .then_some(self.last_step)
                        .flatten(),
                    describe(action),
                    error,
                );
            }
        }
    }

    fn prepared(&mut self, index: usize) {
        match self.plan.prepare.get(index + 1) {
            Some(next) => {
                let check = next.check.clone();
                self.push(Action::PrepareCheck(index + 1), check);
            }
            None => {
                let table = self.plan.version_table.clone();
                self.push(Action::ReadVersions, journal::read_versions(&table));
                self.push(Action::ReadHalfApplied, journal::read_half_applied(&table));
            }
        }
    }

    fn compare_versions(&mut self, action: &Action, found: &[String]) {
        let expected = match action {
            Action::CheckVersions => &self.plan.revisions[self.at.revision].heads_before,
            _ => &self.plan.from,
        };
        let same = expected.len() == found.len()
            && expected
                .iter()
                .zip(found)
                .all(|(id, row)| id.as_str() == row);
        if !same {
            let expected = expected.clone();
            let found = found
                .iter()
                .filter_map(|row| crate::revision::RevisionId::new(row.as_str()).ok())
                .collect();
            self.refuse(Refusal::Moved { expected, found });
        }
    }

    /// Compares the journal's half-applied revisions with the plan, and opens the run.
    fn take_up(&mut self, answer: &Answer) {
        let text = |row: &[Option<String>], column: usize| {
            row.get(column).cloned().flatten().unwrap_or_default()
        };
        let first = self.plan.revisions.first();
        let mut found = false;
        for row in &answer.rows {
            let revision = text(row, 0);
            let direction = if text(row, 1) == "downgrade" {
                Direction::Downgrade
            } else {
                Direction::Upgrade
            };
            let done = text(row, 2).parse().unwrap_or(0);
            let segments = text(row, 3).parse().unwrap_or(0);
            let mine = first.is_some_and(|planned| {
                planned
                    .revision
                    .as_ref()
                    .is_some_and(|id| id.as_str() == revision)
                    && (planned.direction == direction) != (self.plan.kind == Kind::Undo)
            });
            if !mine {
                return self.refuse(Refusal::HalfApplied {
                    revision,
                    direction,
                    done,
                    segments,
                });
            }
            found = true;
            if self.plan.kind == Kind::Undo {
                continue;
            }
            if first.is_some_and(|planned| planned.digest() != text(row, 5)) {
                return self.refuse(Refusal::FileChanged { revision });
            }
            self.at.segment = done;
            self.uncertain = text(row, 4) == "true";
            self.reports.push(Report::Resuming { revision: 0, done });
        }
        if self.plan.kind == Kind::Undo && !found {
            return self.refuse(Refusal::NotHalfApplied {
                revision: self.plan.target.clone(),
            });
        }
        self.push(Action::LoseOthers, self.entry().lose_others());
        let open = self
            .entry()
            .open(&self.options.actor, self.options.approval.as_deref());
        self.push(Action::OpenRun, open);
    }

    /// Queues the next segment, or the end.
    fn advance(&mut self) {
        let Some(planned) = self.plan.revisions.get(self.at.revision) else {
            self.wind_down(Outcome::Done);
            return;
        };
        if !self.begun {
            self.begun = true;
            self.reports.push(Report::RevisionStarted {
                revision: self.at.revision,
            });
            self.send_settings();
            return;
        }
        match planned
            .segments
            .get(self.at.segment)
            .map(|segment| segment.mode)
        {
            Some(Mode::Transaction) => self.queue_transaction(),
            Some(Mode::Outside) => self.queue_outside(),
            None => {
                // Only an undo of a revision with no statements gets here.
                self.queue_outside_record();
            }
        }
    }

    fn planned(&self) -> &PlannedRevision {
        &self.plan.revisions[self.at.revision]
    }

    fn segment(&self) -> Option<&Segment> {
        self.planned().segments.get(self.at.segment)
    }

    fn queue_transaction(&mut self) {
        self.push(Action::Begin, session::BEGIN);
        self.push(Action::Guard, session::guard(&self.plan));
        self.push(Action::LockVersions, session::lock_versions(&self.plan));
        self.push(
            Action::CheckVersions,
            journal::read_versions(&self.plan.version_table),
        );
        let Cursor { revision, segment } = self.at;
        let steps: Vec<(usize, String, bool)> = self.segment().map_or_else(Vec::new, |segment| {
            segment
                .steps
                .iter()
                .enumerate()
                .map(|(index, step)| (index, step.sql.clone(), !step.tolerate.is_empty()))
                .collect()
        });
        for (step, sql, tolerant) in steps {
            if tolerant {
                self.push(Action::Savepoint, session::SAVEPOINT);
            }
            self.push(
                Action::Step(StepAt {
                    revision,
                    segment,
                    step,
                }),
                sql,
            );
            if tolerant {
                self.push(Action::Release, session::RELEASE);
            }
        }
        self.queue_record();
        self.push(Action::Commit, session::COMMIT);
    }

    /// Queues what the journal says of the cursor's segment, for its transaction.
    fn queue_record(&mut self) {
        let Cursor { revision, segment } = self.at;
        let planned = &self.plan.revisions[revision];
        let last = segment + 1 >= planned.segments.len();
        let several = planned.segments.len() > 1;
        let undo = self.plan.kind == Kind::Undo;
        let mark = planned.revision.as_ref().and_then(|id| match (last, undo) {
            (true, _) if several || undo => Some((
                Action::WholeAgain { revision },
                self.entry().whole_again(id),
            )),
            (false, false) => Some((
                Action::InFlight {
                    revision,
                    done: segment + 1,
                    in_flight: false,
                },
                self.entry().half_applied(id, planned, segment + 1, false),
            )),
            _ => None,
        });
        let row = self.entry().segment(planned, segment);
        if let Some((action, sql)) = mark {
            self.push(action, sql);
        }
        self.push(Action::Journal { revision, segment }, row);
    }

    fn committed(&mut self) {
        let Cursor { revision, segment } = self.at;
        self.reports.push(Report::Committed { revision, segment });
        self.uncertain = false;
        self.at.segment += 1;
        if self.at.segment >= self.planned().segments.len() {
            self.reports.push(Report::RevisionDone { revision });
            self.at = Cursor {
                revision: revision + 1,
                segment: 0,
            };
            self.begun = false;
            self.last_step = None;
        }
    }

    fn step_done(&mut self, at: StepAt, answer: &Answer) {
        self.reports.push(Report::StepDone {
            at,
            affected: answer.affected,
            elapsed_ms: answer.elapsed_ms,
            notices: answer.notices.clone(),
        });
        let version = self
            .plan
            .step(at)
            .is_some_and(|step| step.kind == StepKind::Version);
        if version && answer.affected != Some(1) {
            self.fail(
                Some(at),
                "write the version row",
                DbError {
                    message: format!(
                        "the version table {} does not hold the row that this step changes",
                        self.plan.version_table
                    ),
                    ..DbError::default()
                },
            );
        }
    }

    fn step_refused(&mut self, at: StepAt, error: DbError) {
        let step: Option<&Step> = self.plan.step(at);
        if step.is_some_and(|step| step.tolerate.contains(&error.code)) && !self.cancelling {
            self.reports.push(Report::StepSkipped {
                at,
                reason: error.message,
            });
            if self.in_transaction {
                self.push_front(Action::RollbackTo, session::ROLLBACK_TO);
            } else {
                self.queue.clear();
                self.queue_outside_record();
            }
            return;
        }
        if self.in_transaction {
            self.fail(Some(at), "run the statement", error);
        } else {
            self.outside_refused(at, error);
        }
    }

    fn fail(&mut self, at: Option<StepAt>, what: impl Into<String>, error: DbError) {
        let half_applied = self.opened && (self.at.segment > 0 || self.uncertain);
        let outcome = if self.cancelling && error.code == "57014" {
            Outcome::Cancelled { at, half_applied }
        } else {
            Outcome::Failed {
                at,
                what: what.into(),
                error,
                half_applied,
            }
        };
        self.wind_down(outcome);
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.wind_down(Outcome::Refused { refusal });
    }

    /// Drops what is queued, leaves the database tidy, and ends with `outcome`.
    fn wind_down(&mut self, outcome: Outcome) {
        self.queue.clear();
        if self.in_transaction {
            self.push(Action::Rollback, session::ROLLBACK);
        }
        if self.opened {
            let (state, error) = match &outcome {
                Outcome::Done => ("done", None),
                Outcome::Cancelled { .. } => ("cancelled", None),
                Outcome::Failed { error, .. } => ("failed", Some(error.to_string())),
                Outcome::Lost { message, .. } => ("lost", Some(message.clone())),
                Outcome::Refused { refusal } => ("failed", Some(refusal.to_string())),
            };
            let close = self.entry().close(state, error.as_deref());
            self.push(Action::CloseRun, close);
        }
        if self.locked {
            self.push(Action::Unlock, session::unlock(&self.plan));
        }
        self.ending = Some(outcome);
    }
}

fn describe(action: &Action) -> &'static str {
    match action {
        Action::Setting => "set the session's settings",
        Action::TryLock | Action::Holder | Action::Guard | Action::Unlock => "take the lock",
        Action::PrepareCheck(_) | Action::Prepare(_) => "create the version table and the journal",
        Action::ReadVersions | Action::CheckVersions | Action::LockVersions => {
            "read the version table"
        }
        Action::Commit => "commit",
        Action::Check(_) => "check the statement's effect",
        Action::Repair(_) => "remove what a broken statement left",
        _ => "keep the journal",
    }
}

/// Every statement that a run of `plan` may send besides the plan's own, with words for each. `…`
/// stands for the run's id, who runs it, who approved it, and an error's text. What is shown is
/// what runs.
pub fn bookkeeping(plan: &Plan) -> Vec<(&'static str, String)> {
    let entry = journal::Entry {
        run: "…",
        plan_digest: "…",
        plan,
    };
    let mut all = vec![
        (
            "Notice when the client is gone",
            session::CHECK_CLIENT.to_owned(),
        ),
        ("Take the lock", session::try_lock(plan)),
        ("See who holds it", session::holder(plan)),
        (
            "Read the version rows",
            journal::read_versions(&plan.version_table),
        ),
        (
            "Read what is half applied",
            journal::read_half_applied(&plan.version_table),
        ),
        ("Shut out runs that died", entry.lose_others()),
        ("Open the run", entry.open("…", Some("…"))),
        ("Begin", session::BEGIN.to_owned()),
        ("Check lock and session", session::guard(plan)),
        ("Keep other tools out", session::lock_versions(plan)),
    ];
    if plan.kind == Kind::Undo {
        all.push(("Try a statement", session::SAVEPOINT.to_owned()));
        all.push(("Keep it", session::RELEASE.to_owned()));
        all.push(("Skip it", session::ROLLBACK_TO.to_owned()));
    }
    for planned in &plan.revisions {
        for (index, segment) in planned.segments.iter().enumerate() {
            if let Some(id) = planned
                .revision
                .as_ref()
                .filter(|_| plan.kind != Kind::Undo)
            {
                if segment.mode == Mode::Outside {
                    let under_way = entry.half_applied(id, planned, index, true);
                    all.push(("Note that the next step is under way", under_way));
                    let failed = entry.half_applied(id, planned, index, false);
                    all.push(("Note that it failed", failed));
                }
                if index + 1 < planned.segments.len() {
                    let half = entry.half_applied(id, planned, index + 1, false);
                    all.push(("Note what is half applied", half));
                }
            }
            all.push(("Journal a segment", entry.segment(planned, index)));
        }
        if let Some(id) = &planned.revision
            && (planned.segments.len() > 1 || plan.kind == Kind::Undo)
        {
            all.push(("Forget that it was half applied", entry.whole_again(id)));
        }
    }
    all.push(("Commit", session::COMMIT.to_owned()));
    all.push(("Roll back", session::ROLLBACK.to_owned()));
    all.push(("Close the run", entry.close("…", Some("…"))));
    all.push(("Let the lock go", session::unlock(plan)));
    all
}
