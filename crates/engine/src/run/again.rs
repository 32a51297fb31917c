//! Trying again what could not have a lock in time: it is rolled back, and begun anew after a pause. What is committed
//! stays.

use super::outside::Moment;
use super::{Action, DbError, Report, Run, session};
use crate::plan::StepAt;

/// lock_not_available and deadlock_detected (PostgreSQL manual, Appendix A): the same may well succeed a moment later.
const TRANSIENT: [&str; 2] = ["55P03", "40P01"];

/// The first pause, at least, and the longest, at most, in milliseconds.
const FIRST_MS: u64 = 100;
const LONGEST_MS: u64 = 10_000;

impl Run {
    /// Whether what `action` is a part of is rolled back and begun again. A statement outside a transaction is so only when
    /// it is known what it left.
    pub(super) fn is_tried_again(&self, action: &Action, error: &DbError) -> bool {
        let is_whole = match action {
            Action::Commit
            | Action::Repair(_)
            | Action::InFlight { .. }
            | Action::WholeAgain { .. } => true,
            _ => self.in_transaction,
        };
        is_whole && self.opened && self.has_tries_left(error)
    }

    pub(super) fn has_tries_left(&self, error: &DbError) -> bool {
        is_transient(error)
            && !self.cancelling
            && self.refusals.saturating_add(1) < self.plan.limits.lock_tries
    }

    /// Rolls back what is under way and waits; then it is queued anew.
    pub(super) fn try_again(&mut self, action: &Action, error: &DbError) {
        let at = match action {
            Action::Step(at) => *at,
            _ => StepAt {
                revision: self.at.revision,
                segment: self.at.segment,
                step: 0,
            },
        };
        self.queue.clear();
        if self.in_transaction {
            self.push(Action::Rollback, session::ROLLBACK);
        }
        self.pause_before_next_try(at, error);
        self.batches.roll_back();
        if self.moment == Moment::Recording {
            self.queue_outside_record();
        }
    }

    /// Reports the try, and queues the pause after it: jittered, and about twice as long as the one before.
    pub(super) fn pause_before_next_try(&mut self, at: StepAt, error: &DbError) {
        self.refusals += 1;
        let doubled = FIRST_MS << (self.refusals - 1).min(32);
        let least = doubled.min(LONGEST_MS / 2);
        let wait_ms = least + self.seed % (least + 1);
        self.reports.push(Report::Retrying {
            at: self.shown(at),
            attempt: self.refusals,
            of: self.plan.limits.lock_tries,
            wait_ms,
            reason: error.message.clone(),
        });
        self.push_wait(wait_ms);
    }

    /// Says with the last try's error how many there were.
    pub(super) fn tell_tries(&self, error: &mut DbError) {
        if self.refusals > 0 && is_transient(error) {
            let tries = self.refusals + 1;
            error.hint.get_or_insert_with(|| {
                format!("it was tried {tries} times; run it again when less goes on, or let it try more often with lock_tries in cofferdam.toml")
            });
        }
    }
}

pub(super) fn is_transient(error: &DbError) -> bool {
    TRANSIENT.contains(&error.code.as_str())
}
