//! Segments of one statement outside a transaction: marked before, checked after, mended where a
//! crash or an error left them broken.

use super::{Action, Cursor, DbError, InFlight, Refusal, Report, Run, journal, session};
use crate::plan::{Kind, Recovery, StepAt};

/// Why a check is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Moment {
    /// Nothing of this segment has run.
    Before,
    /// A crash left the step open.
    Resumed,
    /// The step reported success.
    After,
    /// The step reported this error.
    Refused(DbError),
    /// The step reported an error, and what it left was mended.
    Mended(DbError),
    /// It took effect, or need not: only its record is to be written.
    Recording,
}

impl Run {
    pub(super) fn queue_outside(&mut self) {
        let table = self.plan.version_table.clone();
        self.push(Action::Guard, session::guard(&self.plan));
        self.push(Action::CheckVersions, journal::read_versions(&table));
        self.moment = Moment::Before;
        let uncertain = std::mem::take(&mut self.uncertain);
        match (self.recovery().cloned(), uncertain) {
            (Some(Recovery::Check { check, .. }), _) => {
                if uncertain {
                    self.moment = Moment::Resumed;
                }
                let at = self.outside_step();
                self.push(Action::Check(at), check);
            }
            (Some(Recovery::Ask) | None, true) => match self.options.in_flight {
                Some(InFlight::Again) => self.queue_outside_step(),
                Some(InFlight::Done) => {
                    self.skip("a person said that it took effect");
                    self.queue_outside_record();
                }
                None => {
                    let planned = self.planned();
                    let revision = planned
                        .revision
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    let sql = self
                        .segment()
                        .and_then(|segment| segment.steps.first())
                        .map(|step| step.sql.clone());
                    self.refuse(Refusal::MustDecide {
                        revision,
                        sql: sql.unwrap_or_default(),
                    });
                }
            },
            _ => self.queue_outside_step(),
        }
    }

    fn recovery(&self) -> Option<&Recovery> {
        self.segment()?.steps.first()?.recovery.as_ref()
    }

    fn outside_step(&self) -> StepAt {
        let Cursor { revision, segment } = self.at;
        StepAt {
            revision,
            segment,
            step: 0,
        }
    }

    fn skip(&mut self, reason: &str) {
        let at = self.outside_step();
        self.last_step = Some(at);
        self.reports.push(Report::StepSkipped {
            at,
            reason: reason.into(),
        });
    }

    fn queue_outside_step(&mut self) {
        let at = self.outside_step();
        self.queue_mark(true);
        let sql = self
            .plan
            .step(at)
            .map(|step| step.sql.clone())
            .unwrap_or_default();
        self.push(Action::Step(at), sql);
        match self.recovery().cloned() {
            Some(Recovery::Check { check, .. }) => {
                self.moment = Moment::After;
                self.push(Action::Check(at), check);
            }
            _ => self.queue_outside_record(),
        }
    }

    /// Queues the note that the step is, or is no longer, under way. An undo keeps the note of
    /// what it takes back, and starts over when it is run again.
    fn queue_mark(&mut self, in_flight: bool) {
        if self.plan.kind == Kind::Undo {
            return;
        }
        let Cursor {
            revision,
            segment: done,
        } = self.at;
        let planned = self.planned();
        let Some(id) = planned.revision.clone() else {
            return;
        };
        let (action, sql) = if done == 0 && !in_flight {
            (
                Action::WholeAgain { revision },
                self.entry().whole_again(&id),
            )
        } else {
            (
                Action::InFlight {
                    revision,
                    done,
                    in_flight,
                },
                self.entry().half_applied(&id, planned, done, in_flight),
            )
        };
        self.push(action, sql);
    }

    pub(super) fn queue_outside_record(&mut self) {
        self.moment = Moment::Recording;
        self.push(Action::Begin, session::BEGIN);
        self.queue_record();
        self.push(Action::Commit, session::COMMIT);
    }

    pub(super) fn checked(&mut self, at: StepAt, state: &str) {
        if state == "broken"
            && let Some(Recovery::Check {
                repair: Some(repair),
                ..
            }) = self.recovery().cloned()
        {
            self.queue.clear();
            self.push(Action::Repair(at), repair);
            if self.moment == Moment::After {
                self.moment = Moment::Refused(not_there());
            }
            return;
        }
        match (self.moment.clone(), state) {
            (Moment::Before, "done") if self.plan.kind == Kind::Undo => {
                self.skip("it is not there");
                self.queue_outside_record();
            }
            (Moment::Resumed, "done") => {
                self.skip("it took effect before the crash");
                self.queue_outside_record();
            }
            (Moment::Before | Moment::Resumed, _) => self.queue_outside_step(),
            (Moment::After | Moment::Mended(_), "done") => self.queue_outside_record(),
            (Moment::After, _) => self.outside_failed(at, not_there()),
            (Moment::Refused(error) | Moment::Mended(error), _) => self.outside_failed(at, error),
            (Moment::Recording, _) => {}
        }
    }

    pub(super) fn repaired(&mut self, at: StepAt) {
        if let Some(Recovery::Check { check, repair }) = self.recovery().cloned() {
            if let Moment::Refused(error) = &self.moment {
                self.moment = Moment::Mended(error.clone());
            }
            self.reports.push(Report::Repaired {
                at,
                sql: repair.unwrap_or_default(),
            });
            self.push(Action::Check(at), check);
        }
    }

    pub(super) fn outside_refused(&mut self, at: StepAt, error: DbError) {
        self.queue.clear();
        match self.recovery().cloned() {
            Some(Recovery::Check { check, .. }) => {
                self.moment = Moment::Refused(error);
                self.push(Action::Check(at), check);
            }
            Some(Recovery::Repeat) => self.outside_failed(at, error),
            Some(Recovery::Ask) | None => {
                // Part of it may have committed: the mark stays.
                self.uncertain = true;
                self.fail(Some(at), "run the statement", error);
            }
        }
    }

    /// Ends the run after a step outside a transaction that left nothing behind, or tries it again.
    fn outside_failed(&mut self, at: StepAt, error: DbError) {
        if self.has_tries_left(&error) {
            self.queue_mark(false);
            self.pause_before_next_try(at, &error);
            return;
        }
        self.fail(Some(at), "run the statement", error);
        self.unmark_first();
    }

    /// Ends the run before a step outside a transaction that is marked but was not sent.
    pub(super) fn outside_cancelled(&mut self) {
        self.cancel();
        self.unmark_first();
    }

    fn unmark_first(&mut self) {
        let rest: Vec<_> = self.queue.drain(..).collect();
        self.queue_mark(false);
        self.queue.extend(rest);
    }
}

fn not_there() -> DbError {
    DbError {
        message: "the statement reported success, but what it makes is not there and valid".into(),
        hint: Some("another object may have the same name".into()),
        ..DbError::default()
    }
}
