//! What the database answered: to each action its consequence.

use super::{Action, Answer, DbError, POLL_MS, Refusal, Report, Run, session};
use crate::plan::{Step, StepAt, StepKind};

/// Why the version table is out of reach at the end of a revision that reached it at its start.
const CHANGED_SESSION: &str = "statements of the revision changed the search path, the role or the version table itself; put them back at its end, with RESET search_path or RESET ROLE for one";

impl Run {
    /// Takes a good answer.
    pub(super) fn answered(&mut self, action: &Action, answer: &Answer) {
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
                if self
                    .deadline_ms
                    .is_some_and(|deadline| self.now_ms >= deadline)
                {
                    self.refuse(Refusal::Locked { holder });
                } else {
                    self.reports.push(Report::Waiting { holder });
                    self.push_wait(POLL_MS + self.seed % (POLL_MS / 2));
                    self.push(Action::TryLock, session::try_lock(&self.plan));
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
            Action::Look => self.looked(answer),
            Action::Progress(_) => self.progressed(cell(0, 0)),
            Action::Check(at) => self.checked(*at, cell(0, 0).unwrap_or("todo")),
            Action::Repair(at) => self.repaired(*at),
            Action::Journal { .. } if answer.affected == Some(0) => {
                self.refuse(Refusal::SessionChanged {
                    reason: "a later run has taken over".into(),
                });
            }
            Action::Commit => {
                self.in_transaction = false;
                self.refusals = 0;
                if !self.batch_committed() {
                    self.committed();
                }
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
    }

    /// Takes an error of the database.
    pub(super) fn refused(&mut self, action: &Action, error: DbError) {
        if matches!(action, Action::Commit | Action::Rollback) {
            self.in_transaction = false;
        }
        match action {
            Action::CheckClient | Action::Look => {}
            // Winding down goes on: what is to be reported is known already.
            _ if self.ending.is_some() => {}
            Action::Progress(_) => self.progressed(None),
            _ if self.is_tried_again(action, &error) => self.try_again(action, &error),
            Action::Step(at) => self.step_refused(*at, error),
            _ => {
                // What is broken is still there.
                self.uncertain |= matches!(action, Action::Repair(_));
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

    fn step_done(&mut self, at: StepAt, answer: &Answer) {
        if self.batch_step_done(at, answer) {
            return;
        }
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

    fn step_refused(&mut self, at: StepAt, mut error: DbError) {
        let at = self.shown(at);
        let step: Option<&Step> = self.plan.step(at);
        if step.is_some_and(|step| step.kind == StepKind::Version)
            && ["42P01", "42501"].contains(&error.code.as_str())
        {
            error.hint.get_or_insert_with(|| CHANGED_SESSION.into());
        }
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

#[cfg(test)]
mod tests {
    use super::super::{Command, Connection, Event, Failure, Options};
    use super::*;
    use crate::config::Config;
    use crate::history::History;
    use crate::plan::{self, Request, Sealed};
    use crate::run::Outcome;

    /// Runs `SET search_path = ''` on a database that then does not find the version table.
    fn lost_version_table() -> Option<Outcome> {
        let text = "-- a\n--\n-- Revision ID: a1\n-- Revises:\n\n-- +upgrade\nSET search_path = '';\n-- +downgrade\n";
        let script = crate::script::read("versions/a.sql", text.as_bytes()).script;
        let history = History::new(script.into_iter().collect()).expect("a history");
        let request = Request {
            history: &history,
            config: &Config::default(),
            environment: None,
            current: &[],
        };
        let sealed = Sealed::new(plan::upgrade(request, "head").expect("a plan"));
        let options = Options {
            run: "r".into(),
            actor: "somebody".into(),
            approval: None,
            wait_ms: 0,
            in_flight: None,
        };
        let mut run = Run::new(&sealed, options);
        let mut event = Event::Start;
        loop {
            let (id, action, sql) = match run.handle(0, 0, event).pop()? {
                Command::Finish(outcome) => return Some(outcome),
                Command::Sql {
                    id,
                    connection: Connection::Main,
                    action,
                    sql,
                } => (id, action, sql),
                _ => return None,
            };
            let row: &[&str] = match action {
                Action::TryLock => &["true", "1"],
                Action::Guard => &["1", "true"],
                Action::PrepareCheck(_) => &["true"],
                _ => &[],
            };
            let cells: Vec<_> = row.iter().map(|cell| Some((*cell).to_owned())).collect();
            let rows = if cells.is_empty() {
                vec![]
            } else {
                vec![cells]
            };
            let result = if sql.starts_with("INSERT INTO alembic_version") {
                Err(Failure::Database(DbError {
                    code: "42P01".into(),
                    ..DbError::default()
                }))
            } else {
                Ok(Answer {
                    rows,
                    ..Answer::default()
                })
            };
            event = Event::Answered { id, result };
        }
    }

    #[test]
    fn a_revision_that_hides_the_version_table_is_told_how_to_show_it() {
        let Some(Outcome::Failed { error, .. }) = lost_version_table() else {
            panic!("it should fail")
        };
        assert_eq!(error.hint.as_deref(), Some(CHANGED_SESSION));
    }
}
