//! A database as small as a run needs: objects, version rows, the journal's half-applied row, one
//! transaction, one lock. It understands commands by their action, and statements by their words.

use cofferdam_engine::plan::{Sealed, StepKind};
use cofferdam_engine::run::{
    Action, Answer, Command, DbError, Event, Failure, InFlight, Options, Outcome, Report, Run,
};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    /// Name → valid.
    objects: BTreeMap<String, bool>,
    versions: Vec<String>,
    half: Option<Half>,
    runs: BTreeMap<String, &'static str>,
    prepared: Vec<usize>,
    /// The last range that was taken, of [`RANGES`].
    cursor: Option<u64>,
    /// Ranges whose rows are written.
    filled: Vec<u64>,
}

/// How many ranges a statement in batches has.
pub const RANGES: u64 = 3;

#[derive(Clone, Debug, PartialEq)]
struct Half {
    revision: String,
    direction: String,
    done: usize,
    segments: usize,
    in_flight: bool,
    digest: String,
}

#[derive(Clone, Debug, Default)]
pub struct Database {
    committed: State,
    transaction: Option<State>,
    /// An error has ended the transaction, but for its ROLLBACK.
    broken: bool,
    locked: bool,
    elsewhere: Option<String>,
    failing: Option<String>,
    /// Statements that cannot have a lock, how often yet, and the SQLSTATE that says so.
    busy: Vec<(String, u32, &'static str)>,
    /// What looks at who waits find in turn: sessions, and a replica's lag.
    pub crowd: Vec<(u64, Option<u64>)>,
    /// What the last run reported.
    pub reports: Vec<Report>,
}

/// Where the client dies, counted in SQL commands, or asks to stop.
#[derive(Clone, Copy, Debug)]
pub enum Crash {
    /// The command never arrives.
    Before(usize),
    /// Outside a transaction the command is left half done; otherwise it takes effect.
    Midway(usize),
    /// The command takes effect, its answer never arrives.
    After(usize),
    /// A person asks to stop while the command is under way.
    Cancel(usize),
    /// A person asks to wait while the command is under way; and to go on when the run waits.
    Pause(usize),
    /// The same, and asks to stop instead.
    PauseAndCancel(usize),
    /// The same, and the client dies instead.
    PauseAndDie(usize),
}

impl Database {
    pub fn objects(&self) -> Vec<String> {
        self.committed.objects.keys().cloned().collect()
    }

    /// The ranges whose rows are written, in their order.
    pub fn filled(&self) -> Vec<u64> {
        self.committed.filled.clone()
    }

    pub fn has_cursor(&self) -> bool {
        self.committed.cursor.is_some()
    }

    pub fn versions(&self) -> Vec<String> {
        self.committed.versions.clone()
    }

    /// Revision, segments done, and whether the next is in flight.
    pub fn half_applied(&self) -> Option<(String, usize, bool)> {
        let half = self.committed.half.as_ref()?;
        Some((half.revision.clone(), half.done, half.in_flight))
    }

    pub fn is_locked(&self) -> bool {
        self.locked
    }

    pub fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    pub fn fail_on(&mut self, sql: &str) {
        self.failing = Some(sql.to_owned());
    }

    /// Refuses what begins with `sql` so often, with `code`.
    pub fn be_busy(&mut self, sql: &str, times: u32, code: &'static str) {
        self.busy.push((sql.to_owned(), times, code));
    }

    /// Whether what begins with `sql` is refused, once more.
    fn refusal(&mut self, sql: &str) -> Option<Failure> {
        let mut busy = self.busy.iter_mut();
        let (_, times, code) =
            busy.find(|(begin, times, _)| *times > 0 && sql.starts_with(begin.as_str()))?;
        *times -= 1;
        Some(Failure::Database(DbError {
            code: (*code).into(),
            message: "somebody else holds the lock".into(),
            ..DbError::default()
        }))
    }

    pub fn lock_elsewhere(&mut self, holder: &str) {
        self.elsewhere = Some(holder.to_owned());
    }

    /// The client is gone, and the server has noticed.
    pub fn disconnect(&mut self) {
        self.transaction = None;
        self.broken = false;
        self.locked = false;
    }

    fn state(&mut self) -> &mut State {
        self.transaction.as_mut().unwrap_or(&mut self.committed)
    }

    fn carry_out(
        &mut self,
        sealed: &Sealed,
        run: &str,
        action: &Action,
        sql: &str,
        midway: bool,
    ) -> Result<Answer, Failure> {
        let plan = sealed.plan();
        let one = |cells: &[&str]| Answer {
            rows: vec![cells.iter().map(|cell| Some((*cell).to_owned())).collect()],
            ..Answer::default()
        };
        let affected = |count: u64| Answer {
            affected: Some(count),
            ..Answer::default()
        };
        if let Some(refusal) = self.refusal(sql) {
            if matches!(action, Action::Commit) {
                self.transaction = None;
            } else if self.in_transaction() {
                self.broken = true;
            } else if sql.starts_with("CREATE INDEX CONCURRENTLY") {
                let name = word_after(sql, "CONCURRENTLY");
                self.state().objects.insert(name, false);
            }
            return Err(refusal);
        }
        assert!(!self.broken || matches!(action, Action::Rollback), "{sql}");
        self.broken = false;
        match action {
            Action::Setting | Action::CheckClient | Action::LockVersions => {}
            Action::Savepoint | Action::Release | Action::RollbackTo => {
                assert!(self.in_transaction());
            }
            Action::Progress(at) => {
                assert!(!self.in_transaction());
                assert_eq!(plan.step(*at).expect("a step").sql, sql);
                return Ok(one(&["0.5"]));
            }
            Action::Look => {
                if self.crowd.is_empty() {
                    return Ok(one(&["0", "12", "0"]));
                }
                let (sessions, lag) = self.crowd.remove(0);
                let mut answer = one(&[&sessions.to_string(), "", "1"]);
                answer.rows[0][1] = lag.map(|lag| lag.to_string());
                return Ok(answer);
            }
            Action::TryLock => {
                let free = self.elsewhere.is_none();
                self.locked = free;
                return Ok(one(&[if free { "true" } else { "false" }, "7"]));
            }
            Action::Holder => {
                return Ok(self
                    .elsewhere
                    .as_deref()
                    .map_or_else(Answer::default, |who| one(&[who])));
            }
            Action::PrepareCheck(index) => {
                let there = self.state().prepared.contains(index);
                return Ok(one(&[if there { "true" } else { "false" }]));
            }
            Action::Prepare(index) => self.state().prepared.push(*index),
            Action::ReadVersions | Action::CheckVersions => {
                let mut rows = self.state().versions.clone();
                rows.sort();
                return Ok(Answer {
                    rows: rows.into_iter().map(|id| vec![Some(id)]).collect(),
                    ..Answer::default()
                });
            }
            Action::ReadHalfApplied => {
                return Ok(self
                    .state()
                    .half
                    .clone()
                    .map_or_else(Answer::default, |half| {
                        one(&[
                            &half.revision,
                            &half.direction,
                            &half.done.to_string(),
                            &half.segments.to_string(),
                            if half.in_flight { "true" } else { "false" },
                            &half.digest,
                        ])
                    }));
            }
            Action::LoseOthers => {
                for state in self
                    .state()
                    .runs
                    .values_mut()
                    .filter(|state| **state == "running")
                {
                    *state = "lost";
                }
            }
            Action::OpenRun => {
                self.state().runs.insert(run.to_owned(), "running");
            }
            Action::CloseRun => {
                self.state().runs.insert(run.to_owned(), "closed");
            }
            Action::Begin => {
                assert!(!self.in_transaction());
                self.transaction = Some(self.committed.clone());
            }
            Action::Commit => {
                self.committed = self.transaction.take().expect("a transaction to commit");
            }
            Action::Rollback => self.transaction = None,
            Action::Guard => return Ok(one(&["7", if self.locked { "true" } else { "false" }])),
            Action::Unlock => self.locked = false,
            Action::InFlight {
                revision,
                done,
                in_flight,
            } => {
                let planned = &plan.revisions[*revision];
                self.state().half = Some(Half {
                    revision: planned
                        .revision
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    direction: planned.direction.to_string(),
                    done: *done,
                    segments: planned.segments.len(),
                    in_flight: *in_flight,
                    digest: planned.digest(),
                });
            }
            Action::WholeAgain { .. } => self.state().half = None,
            Action::Journal { .. } => {
                assert!(self.in_transaction());
                let open = self.state().runs.get(run) == Some(&"running");
                return Ok(affected(u64::from(open)));
            }
            Action::Check(at) => {
                let step = plan.step(*at).expect("a step");
                let name = word_after(&step.sql, "CONCURRENTLY");
                let wanted = step.sql.starts_with("CREATE");
                let word = match (self.state().objects.get(&name), wanted) {
                    (Some(false), true) => "broken",
                    (Some(true), true) | (None, false) => "done",
                    _ => "todo",
                };
                return Ok(one(&[word]));
            }
            Action::Repair(_) => {
                assert!(sql.starts_with("DROP INDEX CONCURRENTLY IF EXISTS "));
                let name = word_after(sql, "EXISTS");
                self.state().objects.remove(&name);
            }
            Action::Step(at) => {
                let step = plan.step(*at).expect("a step");
                assert_eq!(step.sql, sql);
                if step.kind == StepKind::Version {
                    assert!(self.in_transaction());
                    return Ok(affected(self.write_version(sql)));
                }
                if sql.contains("cofferdam.backfill") {
                    return Ok(affected(self.batch(step.kind, sql)));
                }
                self.statement(sql, midway)?;
            }
        }
        Ok(Answer::default())
    }

    fn batch(&mut self, kind: StepKind, sql: &str) -> u64 {
        assert!(self.in_transaction());
        let state = self.state();
        match kind {
            StepKind::Cursor if sql.starts_with("CREATE TABLE IF NOT EXISTS") => {
                state.cursor.get_or_insert(0);
            }
            StepKind::Cursor if sql.starts_with("DROP TABLE") => state.cursor = None,
            StepKind::Range => {
                let cursor = state.cursor.as_mut().expect("a cursor");
                let more = *cursor < RANGES;
                *cursor += u64::from(more);
                return u64::from(more);
            }
            StepKind::Statement => {
                let range = state.cursor.expect("a cursor");
                state.filled.push(range);
                return 10;
            }
            _ => {}
        }
        0
    }

    fn write_version(&mut self, sql: &str) -> u64 {
        let ids: Vec<String> = sql
            .split('\'')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        let rows = &mut self.state().versions;
        if sql.starts_with("INSERT") {
            rows.push(ids[0].clone());
            return 1;
        }
        let old = ids.last().expect("an id").clone();
        let Some(at) = rows.iter().position(|row| *row == old) else {
            return 0;
        };
        if sql.starts_with("UPDATE") {
            rows[at] = ids[0].clone();
        } else {
            rows.remove(at);
        }
        1
    }

    fn statement(&mut self, sql: &str, midway: bool) -> Result<(), Failure> {
        let error = |code: &str| {
            Err(Failure::Database(DbError {
                code: code.into(),
                message: format!("refused: {sql}"),
                ..DbError::default()
            }))
        };
        let concurrent = sql.contains("CONCURRENTLY");
        assert_ne!(
            self.in_transaction(),
            concurrent || sql.starts_with("VACUUM") || sql.starts_with("CALL")
        );
        let failing = self.failing.as_deref() == Some(sql);
        let kind = if concurrent { "CONCURRENTLY" } else { "TABLE" };
        if sql.starts_with("VACUUM") || sql.starts_with("CALL") {
            return Ok(());
        }
        let name = word_after(sql, kind);
        let objects = &mut self.state().objects;
        if sql.starts_with("CREATE") {
            if objects.contains_key(&name) {
                return error("42P07");
            }
            if failing && !concurrent {
                return error("53200");
            }
            objects.insert(name, !(concurrent && (midway || failing)));
            if failing { error("55P03") } else { Ok(()) }
        } else if (concurrent && midway) || objects.remove(&name).is_some() {
            Ok(())
        } else {
            error(if concurrent { "42704" } else { "42P01" })
        }
    }
}

fn word_after(sql: &str, word: &str) -> String {
    sql.split(word)
        .nth(1)
        .and_then(|rest| {
            rest.trim_start_matches(" IF EXISTS")
                .split_whitespace()
                .next()
        })
        .unwrap_or_default()
        .trim_end_matches(';')
        .to_owned()
}

/// What each command takes, and a person who lets a run wait, in milliseconds.
const COMMAND_MS: u64 = 10;
const PERSON_MS: u64 = 3_600_000;

/// Runs `sealed` to its end, or to the crash: then there is no outcome.
pub fn drive(
    database: &mut Database,
    sealed: &Sealed,
    id: &str,
    crash: Option<Crash>,
    in_flight: Option<InFlight>,
) -> Option<Outcome> {
    let mut run = Run::new(
        sealed,
        Options {
            run: id.into(),
            actor: "test".into(),
            approval: None,
            wait_ms: 1000,
            in_flight,
        },
    );
    database.reports.clear();
    let mut now = 0;
    let mut count = 0;
    let mut commands = run.handle(now, 1, Event::Start);
    loop {
        let mut next = None;
        for command in commands.drain(..) {
            match command {
                Command::Report(report) => database.reports.push(report),
                Command::Interrupt => {}
                Command::Finish(outcome) => return Some(outcome),
                Command::WaitUntil { id, at_ms } => {
                    now = at_ms;
                    next = Some(Event::Woke { id });
                }
                Command::Sql {
                    id: asked,
                    action,
                    sql,
                    ..
                } => {
                    let mut result = None;
                    match crash {
                        Some(Crash::Before(at)) if at == count => return None,
                        Some(Crash::Midway(at)) if at == count => {
                            let _ = database.carry_out(sealed, id, &action, &sql, true);
                            return None;
                        }
                        Some(Crash::After(at)) if at == count => {
                            let _ = database.carry_out(sealed, id, &action, &sql, false);
                            return None;
                        }
                        Some(
                            Crash::Pause(at) | Crash::PauseAndCancel(at) | Crash::PauseAndDie(at),
                        ) if at == count => {
                            assert_eq!(run.handle(now, 1, Event::Pause), []);
                        }
                        Some(Crash::Cancel(at))
                            if at == count
                                && run
                                    .handle(now, 1, Event::Cancel)
                                    .contains(&Command::Interrupt) =>
                        {
                            result = Some(Err(Failure::Database(DbError {
                                code: "57014".into(),
                                ..DbError::default()
                            })));
                        }
                        _ => {}
                    }
                    count += 1;
                    now += COMMAND_MS;
                    let result = result
                        .unwrap_or_else(|| database.carry_out(sealed, id, &action, &sql, false));
                    next = Some(Event::Answered { id: asked, result });
                }
            }
        }
        if next.is_none() {
            assert!(run.is_paused() && !database.in_transaction() && database.is_locked());
            now += PERSON_MS;
            next = match crash {
                Some(Crash::Pause(_)) => Some(Event::Resume),
                Some(Crash::PauseAndCancel(_)) => Some(Event::Cancel),
                Some(Crash::PauseAndDie(_)) => return None,
                _ => None,
            };
        }
        commands = run.handle(now, 1, next.expect("a command to answer"));
    }
}
