//! What comes next: segments that commit as one transaction, with the journal's words of them.

use super::outside::Moment;
use super::{Action, Cursor, Outcome, Report, Run, journal, session};
use crate::plan::{Kind, Mode, PlannedRevision, Segment, StepAt};

impl Run {
    /// Queues the next segment, or the end.
    pub(super) fn advance(&mut self) {
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
            Some(Mode::Batches) => self.queue_batches(),
            None => {
                // Only an undo of a revision with no statements gets here.
                self.queue_outside_record();
            }
        }
    }

    pub(super) fn planned(&self) -> &PlannedRevision {
        &self.plan.revisions[self.at.revision]
    }

    pub(super) fn segment(&self) -> Option<&Segment> {
        self.planned().segments.get(self.at.segment)
    }

    fn queue_transaction(&mut self) {
        self.queue_begin();
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

    /// Queues the begin of a transaction, with the checks that it may go on.
    pub(super) fn queue_begin(&mut self) {
        self.push(Action::Begin, session::BEGIN);
        self.push(Action::Guard, session::guard(&self.plan));
        self.push(Action::LockVersions, session::lock_versions(&self.plan));
        self.push(
            Action::CheckVersions,
            journal::read_versions(&self.plan.version_table),
        );
    }

    /// Queues what the journal says of the cursor's segment, for its transaction.
    pub(super) fn queue_record(&mut self) {
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

    pub(super) fn committed(&mut self) {
        let Cursor { revision, segment } = self.at;
        self.reports.push(Report::Committed { revision, segment });
        self.uncertain = false;
        self.moment = Moment::Before;
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
}
