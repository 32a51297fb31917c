//! Giving way between batches: to sessions that wait for a lock of the run, and to replicas that lag.

use super::batches::Batches;
use super::{Action, Answer, Report, Run, Yield, session};

/// How often it is looked, in milliseconds.
const BETWEEN_MS: u64 = 1000;

/// The first pause, at least, and the longest, at most, in milliseconds.
const FIRST_MS: u64 = 100;
const LONGEST_MS: u64 = 10_000;

/// What is known of those who wait.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Crowd {
    looked_ms: Option<u64>,
    /// For whom the run waits after the batch under way.
    found: Option<Yield>,
    /// How often in turn somebody was found.
    times: u32,
    told_unknown: bool,
}

impl Run {
    /// Queues a look, where the last one is long enough ago.
    pub(super) fn queue_look(&mut self) {
        let now_ms = self.now_ms;
        let is_due = |looked: u64| now_ms.saturating_sub(looked) >= BETWEEN_MS;
        if self.crowd.looked_ms.is_none_or(is_due) {
            self.push(Action::Look, session::look(&self.plan));
        }
    }

    pub(super) fn looked(&mut self, answer: &Answer) {
        self.crowd.looked_ms = Some(self.now_ms);
        let number = |column: usize| -> Option<u64> {
            let cell = answer.rows.first()?.get(column)?.as_deref()?;
            cell.parse::<i64>()
                .ok()
                .map(|found| found.max(0).unsigned_abs())
        };
        if number(2).is_some_and(|hidden| hidden > 0) && !self.crowd.told_unknown {
            self.crowd.told_unknown = true;
            self.reports.push(Report::ReplicaLagUnknown);
        }
        let limit_ms = self.plan.limits.max_replica_lag_ms;
        let lag = number(1).filter(|lag_ms| *lag_ms > limit_ms);
        let waiting = number(0).filter(|sessions| *sessions > 0);
        self.crowd.found = match (lag, waiting) {
            (Some(lag_ms), _) => Some(Yield::ReplicaLag { lag_ms, limit_ms }),
            (None, Some(sessions)) => Some(Yield::Waiting { sessions }),
            (None, None) => None,
        };
        if self.crowd.found.is_none() {
            self.crowd.times = 0;
        }
        // Looked at between two batches: nothing is held, and the next one may have to wait longer.
        if !self.in_transaction {
            self.give_way();
        }
    }

    /// Queues a pause after a batch, longer each time in turn; a replica is looked at again after it.
    pub(super) fn give_way(&mut self) {
        let (Some(reason), Batches::Running(_)) = (self.crowd.found.take(), self.batches) else {
            return;
        };
        let Some(at) = self.last_step else { return };
        let least = (FIRST_MS << self.crowd.times.min(16)).min(LONGEST_MS / 2);
        self.crowd.times += 1;
        let wait_ms = least + self.seed % (least + 1);
        self.reports.push(Report::Yielding {
            at,
            reason,
            wait_ms,
        });
        self.push_wait(wait_ms);
        if let Yield::ReplicaLag { .. } = reason {
            self.push(Action::Look, session::look(&self.plan));
        }
    }
}
