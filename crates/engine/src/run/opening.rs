//! How a run opens: the session's settings, the tables it needs, what the database says of its
//! versions and of what is half applied.

use super::{Action, Answer, Refusal, Report, Run, journal, session};
use crate::plan::Kind;
use crate::revision::{Direction, RevisionId};

impl Run {
    pub(super) fn send_settings(&mut self) {
        for sql in self.plan.settings.clone() {
            self.push(Action::Setting, sql);
        }
        self.push(Action::CheckClient, session::CHECK_CLIENT);
    }

    pub(super) fn prepared(&mut self, index: usize) {
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

    pub(super) fn compare_versions(&mut self, action: &Action, found: &[String]) {
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
                .filter_map(|row| RevisionId::new(row.as_str()).ok())
                .collect();
            self.refuse(Refusal::Moved { expected, found });
        }
    }

    /// Compares the journal's half-applied revisions with the plan, and opens the run.
    pub(super) fn take_up(&mut self, answer: &Answer) {
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
}
