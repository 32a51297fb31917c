//! The PGlite driver: carries out the commands of the same `Run` as the server.
//!
//! PGlite has one connection, so the watcher is that one too; it has no cancel request and no `statement_timeout`, so
//! the only way to interrupt a statement is to end the worker.

use super::stop::{Stop, Stopped};
use super::time;
use crate::js::pglite::Pglite;
use cofferdam_engine::plan::{Sealed, StepAt};
use cofferdam_engine::run::{Command, Event, Options, Outcome, Report, Run};
use std::collections::VecDeque;

/// What a driven run tells next.
#[derive(Clone, Debug)]
pub enum Progress {
    Report(Report),
    Finished(Outcome),
}

/// A run on its way. Between two calls of [`Driver::next`] nothing is under way in the database, so that a caller
/// may look at it.
pub struct Driver<'a> {
    database: &'a Pglite,
    stop: &'a Stop,
    run: Run,
    commands: VecDeque<Command>,
    at: Option<StepAt>,
}

impl<'a> Driver<'a> {
    /// Begins `sealed` in a database that nobody else has. `run` names it, `actor` says what for.
    pub fn new(
        database: &'a Pglite,
        stop: &'a Stop,
        sealed: &Sealed,
        run: String,
        actor: &str,
    ) -> Self {
        let options = Options {
            run,
            actor: actor.to_owned(),
            approval: None,
            wait_ms: 0,
            in_flight: None,
        };
        let run = Run::new(sealed, options);
        let mut driver = Driver {
            database,
            stop,
            run,
            commands: VecDeque::new(),
            at: None,
        };
        driver.tell(Event::Start);
        driver
    }

    /// Goes on until there is something to tell.
    pub async fn next(&mut self) -> Progress {
        while let Some(command) = self.commands.pop_front() {
            let told = match command {
                Command::Report(report) => {
                    if let Report::StepStarted { at } = &report {
                        self.at = Some(*at);
                    }
                    return Progress::Report(report);
                }
                Command::Finish(outcome) => return Progress::Finished(outcome),
                Command::Sql { id, sql, .. } => {
                    let asked = self.stop.unless(self.database.sql(&sql)).await;
                    asked.map(|result| Event::Answered { id, result })
                }
                Command::WaitUntil { id, at_ms } => {
                    let waited = self.stop.unless(time::until(at_ms as f64)).await;
                    waited.map(|()| Event::Woke { id })
                }
                Command::Interrupt => Err(Stopped),
            };
            match told {
                Ok(event) => self.tell(event),
                Err(Stopped) => return self.interrupted(),
            }
        }
        self.interrupted()
    }

    /// The worker goes, and with it everything that the run did: nothing is half applied.
    fn interrupted(&mut self) -> Progress {
        self.database.terminate();
        self.commands.clear();
        Progress::Finished(Outcome::Cancelled {
            at: self.at,
            half_applied: false,
        })
    }

    fn tell(&mut self, event: Event) {
        let commands = self.run.handle(time::now() as u64, time::seed(), event);
        self.commands.extend(commands);
    }
}
