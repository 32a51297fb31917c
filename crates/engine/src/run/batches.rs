//! Segments that run in batches. The cursor, a table, knows every range that was taken: each commits together with the
//! rows that were written for it, so that a crash loses the batch under way and nothing else.

use super::estimate::Estimate;
use super::{Action, Answer, Cursor, Report, Run, session};
use crate::plan::{Mode, StepAt, StepKind};

/// Where the batches of the segment under way stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Batches {
    /// The segment is another one, or has not begun.
    #[default]
    None,
    /// The cursor is being opened.
    Opening,
    /// Range after range is taken.
    Running(Count),
    /// There is no further range.
    Closing(Count),
}

impl Batches {
    /// The transaction under way is rolled back.
    pub(super) fn roll_back(&mut self) {
        match self {
            Batches::Running(count) | Batches::Closing(count) => {
                count.now = Amount::default();
                *self = Batches::Running(*count);
            }
            Batches::None | Batches::Opening => {}
        }
    }

    /// So much time passed in which nothing was done: no pace counts it.
    pub(super) fn pass_over(&mut self, ms: u64) {
        if let Batches::Running(count) = self {
            count.first_ms = count.first_ms.map(|first| first.saturating_add(ms));
            count.estimate.begin_anew();
        }
    }
}

/// What this run has done of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Count {
    /// When this run's first one began, later by what it was paused since; and the one under way.
    first_ms: Option<u64>,
    began_ms: u64,
    estimate: Estimate,
    batches: u64,
    committed: Amount,
    /// The batch under way.
    now: Amount,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Amount {
    rows: u64,
    elapsed_ms: f64,
}

impl Run {
    /// Queues the transaction that opens the cursor, or the one that takes the next range.
    pub(super) fn queue_batches(&mut self) {
        self.queue_begin();
        match &mut self.batches {
            Batches::Running(count) => {
                count.began_ms = self.now_ms;
                count.first_ms.get_or_insert(self.now_ms);
                self.queue_steps(|at, kinds| {
                    let each = [StepKind::Range, StepKind::Statement, StepKind::Measure];
                    each.contains(&kinds[at])
                });
                self.queue_look();
            }
            _ => {
                self.batches = Batches::Opening;
                self.queue_steps(|at, kinds| !kinds[..=at].contains(&StepKind::Range));
                self.queue_begun();
            }
        }
        self.push(Action::Commit, session::COMMIT);
    }

    /// Queues the steps of the segment for which `is_meant` says so of their place and all kinds.
    fn queue_steps(&mut self, is_meant: impl Fn(usize, &[StepKind]) -> bool) {
        let Cursor { revision, segment } = self.at;
        let steps = self.segment().map_or(&[][..], |segment| &segment.steps);
        let kinds: Vec<StepKind> = steps.iter().map(|step| step.kind).collect();
        let meant: Vec<(usize, String)> = steps
            .iter()
            .enumerate()
            .filter(|(at, _)| is_meant(*at, &kinds))
            .map(|(at, step)| (at, step.sql.clone()))
            .collect();
        for (step, sql) in meant {
            let at = StepAt {
                revision,
                segment,
                step,
            };
            self.push(Action::Step(at), sql);
        }
    }

    /// Queues the note that the segment has begun: from here on the revision is half applied.
    fn queue_begun(&mut self) {
        let Cursor { revision, segment } = self.at;
        let planned = self.planned();
        if let Some(id) = &planned.revision {
            let sql = self.entry().half_applied(id, planned, segment, false);
            let action = Action::InFlight {
                revision,
                done: segment,
                in_flight: false,
            };
            self.push(action, sql);
        }
    }

    fn kind(&self, at: StepAt) -> Option<StepKind> {
        let segment = self
            .plan
            .revisions
            .get(at.revision)?
            .segments
            .get(at.segment)?;
        let step = segment.steps.get(at.step)?;
        (segment.mode == Mode::Batches).then_some(step.kind)
    }

    /// The step that a person is told of: of those of a statement in batches, the statement.
    pub(super) fn shown(&self, at: StepAt) -> StepAt {
        if self.kind(at).is_none() {
            return at;
        }
        let steps = &self.plan.revisions[at.revision].segments[at.segment].steps;
        let statement = steps.iter().position(|step| !step.is_of_cursor());
        StepAt {
            step: statement.unwrap_or(at.step),
            ..at
        }
    }

    /// Whether somebody is told that this step starts: a statement in batches starts once, with its first one.
    pub(super) fn is_told(&self, at: StepAt) -> bool {
        match (self.kind(at), self.batches) {
            (None | Some(StepKind::Version), _) => true,
            (Some(StepKind::Statement), Batches::Running(count)) => count.batches == 0,
            (Some(_), _) => false,
        }
    }

    /// Takes the answer of a step of such a segment; false where the step is of another one.
    pub(super) fn batch_step_done(&mut self, at: StepAt, answer: &Answer) -> bool {
        let (Some(kind), batches) = (self.kind(at), self.batches) else {
            return false;
        };
        match (kind, batches) {
            (StepKind::Range, Batches::Running(count)) if answer.affected == Some(0) => {
                self.queue.clear();
                self.batches = Batches::Closing(count);
                self.queue_steps(|at, kinds| {
                    kinds[at] == StepKind::Cursor && kinds[..at].contains(&StepKind::Range)
                });
                self.queue_record();
                self.push(Action::Commit, session::COMMIT);
            }
            (StepKind::Range, Batches::Running(mut count)) => {
                count.now.elapsed_ms += answer.elapsed_ms;
                self.batches = Batches::Running(count);
            }
            (StepKind::Statement, Batches::Running(mut count)) => {
                count.now.rows += answer.affected.unwrap_or(0);
                count.now.elapsed_ms += answer.elapsed_ms;
                self.batches = Batches::Running(count);
            }
            _ => {}
        }
        true
    }

    fn ask_progress(&mut self) {
        let steps = self.segment().map_or(&[][..], |segment| &segment.steps);
        let mut steps = steps.iter().enumerate();
        let asks = steps.find(|(_, step)| step.kind == StepKind::Progress);
        if let Some((step, sql)) = asks.map(|(step, found)| (step, found.sql.clone())) {
            let Cursor { revision, segment } = self.at;
            let at = StepAt {
                revision,
                segment,
                step,
            };
            self.push(Action::Progress(at), sql);
        }
    }

    /// Takes how far the batches are; not to know it is no reason to stop.
    pub(super) fn progressed(&mut self, done: Option<&str>) {
        if let Batches::Running(mut count) = self.batches {
            let done = done.and_then(|text| text.parse().ok());
            count.estimate.hear(self.now_ms, done);
            self.batches = Batches::Running(count);
            self.report_batch(count);
        }
    }

    fn report_batch(&mut self, count: Count) {
        let Some(at) = self.last_step else { return };
        let since = count.first_ms.unwrap_or(self.now_ms);
        let taken = self.now_ms.saturating_sub(since);
        self.reports.push(Report::Batch {
            at,
            batches: count.batches,
            rows: count.committed.rows,
            elapsed_ms: count.committed.elapsed_ms,
            rows_per_second: (taken > 0)
                .then(|| count.committed.rows as f64 * 1000.0 / taken as f64),
            done: count.estimate.done(),
            left_ms: count.estimate.left_ms(self.now_ms),
        });
    }

    /// Waits after a batch of so many rows as long as its rate asks for.
    fn keep_to_rate(&mut self, began_ms: u64, rows: u64) {
        let rate = self.segment().and_then(|segment| segment.rate);
        if let Some(rate) = rate.map(u64::from) {
            let until = began_ms.saturating_add(rows.saturating_mul(1000) / rate);
            if until > self.now_ms {
                self.push_wait(until - self.now_ms);
            }
        }
    }

    /// Takes a commit between batches; false where the segment, or another one, is done.
    pub(super) fn batch_committed(&mut self) -> bool {
        match self.batches {
            Batches::Opening => self.batches = Batches::Running(Count::default()),
            Batches::Running(mut count) => {
                let now = std::mem::take(&mut count.now);
                count.batches += 1;
                count.committed.rows += now.rows;
                count.committed.elapsed_ms += now.elapsed_ms;
                let is_asked = count.estimate.is_due(self.now_ms);
                self.batches = Batches::Running(count);
                match is_asked {
                    true => self.ask_progress(),
                    false => self.report_batch(count),
                }
                self.keep_to_rate(count.began_ms, now.rows);
                self.give_way();
            }
            Batches::Closing(count) => {
                self.batches = Batches::None;
                if let Some(at) = self.last_step {
                    if count.batches == 0 {
                        self.reports.push(Report::StepStarted { at });
                    }
                    self.reports.push(Report::StepDone {
                        at,
                        affected: Some(count.committed.rows),
                        elapsed_ms: count.committed.elapsed_ms,
                        notices: Vec::new(),
                    });
                }
                return false;
            }
            Batches::None => return false,
        }
        true
    }

    /// Batches of the segment under way may have committed.
    pub(super) fn is_in_batches(&self) -> bool {
        matches!(self.batches, Batches::Running(_) | Batches::Closing(_))
    }
}
