//! The sqlx driver of a run: carries out the commands of [`Run`] on a real PostgreSQL.
//!
//! Invariant: it sends the statements that the run asks for, byte for byte, by the simple query
//! protocol, and nothing else on the run's own connection; a second connection watches, and
//! interrupts the first one when a person cancels.

mod answer;
pub mod notice;

use crate::database::{ConnectError, Database};
pub use answer::query;
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run::{
    Action, Answer, Command, Connection, Event, Failure, Options, Outcome, Report, Run,
};
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What a person wishes of a run while it lasts.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    cancel: CancellationToken,
    paused: watch::Sender<bool>,
}

impl Wishes {
    /// None but to stop, when `cancel` says so.
    pub fn until(cancel: CancellationToken) -> Self {
        Wishes {
            cancel,
            paused: watch::Sender::default(),
        }
    }

    /// It is to stop where it is safe.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// It is to wait, or to go on, after what is under way.
    pub fn pause(&self, paused: bool) {
        self.paused
            .send_if_modified(|now| std::mem::replace(now, paused) != paused);
    }

    /// Whether it is to wait.
    pub fn is_paused(&self) -> bool {
        *self.paused.borrow()
    }

    /// Resolves with the next thing that the run has not been told.
    async fn next(&self, told: Told) -> Event {
        let mut paused = self.paused.subscribe();
        let another = async {
            let now = paused.wait_for(|now| *now != told.paused).await;
            now.map(|now| *now)
        };
        tokio::select! {
            () = self.cancel.cancelled(), if !told.cancelled => Event::Cancel,
            // Its other end is this one.
            Ok(now) = another => match now {
                true => Event::Pause,
                false => Event::Resume,
            },
            else => std::future::pending().await,
        }
    }
}

/// What a run knows of a person's wishes.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    cancelled: bool,
    paused: bool,
}

/// Runs `sealed` on `database`, as `wishes` say. An error means that there was no connection, so that nothing was done.
pub async fn execute(
    database: &Database,
    sealed: &Sealed,
    options: Options,
    mut on_report: impl FnMut(&Report) + Send,
    wishes: &Wishes,
) -> Result<Outcome, ConnectError> {
    let mut main = database.connect().await?;
    let mut driver = Driver::new(database, Run::new(sealed, options));
    let outcome = loop {
        match driver.next(&mut main, wishes).await {
            Progress::Report(report) => on_report(&report),
            Progress::Finished(outcome) => break outcome,
        }
    };
    // The server ends the session by itself where this fails.
    let _ = main.close().await;
    driver.watcher.close().await;
    Ok(outcome)
}

/// What a driven run tells next.
#[derive(Clone, Debug)]
pub enum Progress {
    Report(Report),
    Finished(Outcome),
}

/// A run on its way. Between two calls of [`Driver::next`] nothing is under way in the database, so that a caller may look
/// at it.
pub struct Driver<'a> {
    run: Run,
    commands: VecDeque<Command>,
    watcher: Watcher<'a>,
    start: Instant,
    told: Told,
}

impl<'a> Driver<'a> {
    pub fn new(database: &'a Database, run: Run) -> Self {
        let mut driver = Driver {
            run,
            commands: VecDeque::new(),
            watcher: Watcher {
                database,
                connection: None,
                backend: None,
            },
            start: Instant::now(),
            told: Told::default(),
        };
        driver.commands = driver.handle(Event::Start).into();
        driver
    }

    /// Goes on, on the run's own connection, until there is something to tell.
    pub async fn next(&mut self, main: &mut PgConnection, wishes: &Wishes) -> Progress {
        loop {
            let event = match self.commands.pop_front() {
                Some(Command::Report(report)) => return Progress::Report(report),
                Some(Command::Interrupt) => {
                    self.watcher.interrupt().await;
                    continue;
                }
                Some(Command::Finish(outcome)) => return Progress::Finished(outcome),
                Some(Command::WaitUntil { id, at_ms }) => {
                    let until = self.start + Duration::from_millis(at_ms);
                    loop {
                        let event = tokio::select! {
                            () = tokio::time::sleep_until(until) => break Event::Woke { id },
                            event = wishes.next(self.told) => event,
                        };
                        match self.hear(event) {
                            Event::Cancel => break Event::Cancel,
                            // It takes effect after the wait.
                            event => drop(self.handle(event)),
                        }
                    }
                }
                Some(Command::Sql {
                    id,
                    connection,
                    action,
                    sql,
                }) => {
                    let result = match connection {
                        Connection::Main => self.ask(main, &action, sql, wishes).await,
                        Connection::Watcher => Ok(self.watcher.ask(&action, sql).await),
                    };
                    Event::Answered { id, result }
                }
                None if self.run.is_paused() => {
                    let event = wishes.next(self.told).await;
                    self.hear(event)
                }
                None => {
                    // A run always ends with Finish; a driver must not hang if it ever does not.
                    return Progress::Finished(Outcome::Lost {
                        at: None,
                        message: "the run stopped without an end".into(),
                    });
                }
            };
            let commands = self.handle(event);
            self.commands.extend(commands);
        }
    }

    fn handle(&mut self, event: Event) -> Vec<Command> {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.run.handle(now, random(), event)
    }

    /// Notes that the run is told of a wish.
    fn hear(&mut self, event: Event) -> Event {
        match event {
            Event::Cancel => self.told.cancelled = true,
            Event::Pause => self.told.paused = true,
            Event::Resume => self.told.paused = false,
            _ => {}
        }
        event
    }

    /// Sends `sql` on the main connection and waits for its answer, passing wishes on.
    async fn ask(
        &mut self,
        main: &mut PgConnection,
        action: &Action,
        sql: String,
        wishes: &Wishes,
    ) -> Result<Answer, Failure> {
        let answer = query(main, sql, !matches!(action, Action::Step(_)));
        tokio::pin!(answer);
        let result = loop {
            tokio::select! {
                result = &mut answer => break result,
                event = wishes.next(self.told) => {
                    let event = self.hear(event);
                    if self.handle(event).contains(&Command::Interrupt) {
                        self.watcher.interrupt().await;
                    }
                }
            }
        };
        if let (Action::TryLock, Ok(answer)) = (action, &result) {
            let pid = answer
                .rows
                .first()
                .and_then(|row| row.get(1).cloned().flatten());
            self.watcher.backend = pid.and_then(|pid| pid.parse().ok());
        }
        result
    }
}

/// The second connection, opened when it is first needed.
struct Watcher<'a> {
    database: &'a Database,
    connection: Option<PgConnection>,
    /// The main connection's server process.
    backend: Option<i32>,
}

impl Watcher<'_> {
    /// Asks on the second connection. Watching is no reason to fail: no answer is an empty one.
    async fn ask(&mut self, action: &Action, sql: String) -> Answer {
        match self.try_ask(sql).await {
            Ok(answer) => answer,
            Err(message) => {
                tracing::warn!(?action, message, "the watching connection has no answer");
                self.connection = None;
                Answer::default()
            }
        }
    }

    async fn try_ask(&mut self, sql: String) -> Result<Answer, String> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => {
                let opened = self
                    .database
                    .connect()
                    .await
                    .map_err(|error| error.to_string())?;
                empty.insert(opened)
            }
        };
        query(connection, sql, true)
            .await
            .map_err(|failure| match failure {
                Failure::Database(error) => error.to_string(),
                Failure::Lost(message) => message,
            })
    }

    /// Interrupts what the main connection is doing.
    async fn interrupt(&mut self) {
        let Some(pid) = self.backend else { return };
        let sql = format!("SELECT pg_cancel_backend({pid})::text;");
        if let Err(message) = self.try_ask(sql).await {
            tracing::warn!(
                message,
                "the statement under way cannot be interrupted; it runs to its end"
            );
        }
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }
}

/// Random bits from the standard library's source of hash keys.
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
