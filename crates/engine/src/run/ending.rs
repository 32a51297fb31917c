//! How a run ends: done, cancelled, refused or failed, and always tidy.

use super::outside::Moment;
use super::{Action, DbError, Outcome, Refusal, Run, Task, again, session};
use crate::plan::{Mode, StepAt};

impl Run {
    /// Follows a person's wish to stop: at once, but never between a step outside a transaction
    /// and its check and record.
    pub(super) fn stop_where_it_is_safe(&mut self) {
        let outside = self.opened
            && self.begun
            && self
                .segment()
                .is_some_and(|segment| segment.mode == Mode::Outside);
        // What took effect is recorded, and not waited for any longer.
        if outside
            && self.moment == Moment::Recording
            && matches!(self.queue.front(), Some(Task::Wait { .. }))
        {
            self.queue.pop_front();
        }
        match self.queue.front().and_then(Task::action) {
            Some(Action::Step(_)) if outside => self.outside_cancelled(),
            Some(Action::InFlight {
                in_flight: true, ..
            })
            | None => self.cancel(),
            Some(_) if !outside => self.cancel(),
            Some(_) => {}
        }
    }

    pub(super) fn cancel(&mut self) {
        self.wind_down(Outcome::Cancelled {
            at: self.last_step,
            half_applied: self.opened && (self.at.segment > 0 || self.is_in_batches()),
        });
    }

    pub(super) fn fail(&mut self, at: Option<StepAt>, what: impl Into<String>, mut error: DbError) {
        self.tell_tries(&mut error);
        let half_applied =
            self.opened && (self.at.segment > 0 || self.uncertain || self.is_in_batches());
        let is_stopped = error.code == "57014" || again::is_transient(&error);
        let outcome = if self.cancelling && is_stopped {
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

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.wind_down(Outcome::Refused { refusal });
    }

    /// Drops what is queued, leaves the database tidy, and ends with `outcome`.
    pub(super) fn wind_down(&mut self, outcome: Outcome) {
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
