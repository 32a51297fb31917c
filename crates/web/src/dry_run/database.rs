//! A PostgreSQL in the tab for what is not shown statement by statement: drafted downgrades, prepared queries.

use super::driver::{Driver, Progress};
use super::stop::{Stop, Stopped};
use super::warm;
use crate::js::pglite::Pglite;
use cofferdam_engine::catalog;
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run::{Answer, Failure, Outcome, Report};

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoResult {
    Stopped,
    /// One sentence.
    Failed(String),
}

impl NoResult {
    pub fn failed(why: impl ToString) -> Self {
        NoResult::Failed(why.to_string())
    }
}

impl From<Stopped> for NoResult {
    fn from(Stopped: Stopped) -> Self {
        NoResult::Stopped
    }
}

/// The major version of PostgreSQL.
pub fn major(database: &Pglite) -> u32 {
    let major = database.version().split('.').next();
    major
        .and_then(|major| major.parse().ok())
        .unwrap_or(*catalog::VERSIONS.end())
}

/// A database of one's own; it ends with this.
pub struct Database<'a> {
    pub pglite: Pglite,
    pub stop: &'a Stop,
}

impl<'a> Database<'a> {
    pub async fn start(extensions: &[String], stop: &'a Stop) -> Result<Self, NoResult> {
        let started = stop.unless(warm::take(extensions)).await?;
        let pglite = started.map_err(NoResult::failed)?;
        Ok(Database { pglite, stop })
    }

    pub async fn ask(&self, sql: &str) -> Result<Answer, NoResult> {
        match self.stop.unless(self.pglite.sql(sql)).await? {
            Ok(answer) => Ok(answer),
            Err(Failure::Database(error)) => Err(NoResult::failed(error)),
            Err(Failure::Lost(message)) => Err(NoResult::Failed(message)),
        }
    }

    /// Runs a plan, and lets `note` hear every report before the run goes on. `unknown` says what is not known where
    /// PostgreSQL refuses it.
    pub async fn run(
        &self,
        sealed: &Sealed,
        name: &str,
        unknown: &str,
        mut note: impl AsyncFnMut(Report) -> Result<(), NoResult>,
    ) -> Result<(), NoResult> {
        let mut driver = Driver::new(&self.pglite, self.stop, sealed, name.to_owned(), name);
        loop {
            match driver.next().await {
                Progress::Report(report) => note(report).await?,
                Progress::Finished(Outcome::Done) => return Ok(()),
                Progress::Finished(Outcome::Cancelled { .. }) => return Err(NoResult::Stopped),
                Progress::Finished(Outcome::Refused { refusal }) => {
                    return Err(NoResult::failed(refusal));
                }
                Progress::Finished(Outcome::Lost { message, .. }) => {
                    return Err(NoResult::Failed(message));
                }
                Progress::Finished(Outcome::Failed { error, .. }) => {
                    return Err(NoResult::Failed(format!("{unknown}: {error}")));
                }
            }
        }
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        self.pglite.terminate();
    }
}
