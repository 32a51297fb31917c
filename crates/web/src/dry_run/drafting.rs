//! A downgrade for a revision, drafted from what it does to a PostgreSQL in the tab.

use super::driver::{Driver, Progress};
use super::stop::{Stop, Stopped};
use super::{extension, warm};
use crate::js::pglite::Pglite;
use cofferdam_engine::catalog::{self, Catalog};
use cofferdam_engine::config::Config;
use cofferdam_engine::draft::{Draft, Trace, look_inside};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Plan, Request, Sealed, StepAt, StepKind};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::{Answer, Failure, Options, Outcome, Report, Run};
use cofferdam_engine::verify::measure::is_measurable;

/// Why there is no draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraft {
    Stopped,
    /// One sentence.
    Failed(String),
}

impl From<Stopped> for NoDraft {
    fn from(Stopped: Stopped) -> Self {
        NoDraft::Stopped
    }
}

fn failed(why: impl ToString) -> NoDraft {
    NoDraft::Failed(why.to_string())
}

/// Applies what `id` stands on in a database of its own, then it, and drafts what takes it back.
pub async fn draft(
    history: &History,
    config: &Config,
    id: &RevisionId,
    stop: &Stop,
) -> Result<Draft, NoDraft> {
    let request = Request {
        history,
        config,
        environment: None,
        current: &[],
    };
    let plan = plan::upgrade(request, id.as_str()).map_err(failed)?;
    let extensions = extension::wanted([&plan], []);
    let database = stop.unless(warm::take(&extensions)).await?;
    let bench = Bench {
        database: database.map_err(failed)?,
        stop,
        config,
    };
    let drafted = bench.work(plan).await;
    bench.database.terminate();
    drafted
}

struct Bench<'a> {
    database: Pglite,
    stop: &'a Stop,
    config: &'a Config,
}

impl Bench<'_> {
    /// Runs the plan, whose last revision is the one to be undone.
    async fn work(&self, plan: Plan) -> Result<Draft, NoDraft> {
        let last = plan.revisions.len().saturating_sub(1);
        let sealed = Sealed::new(plan);
        self.ask(&catalog::prepare(self.major(), &self.config.project))
            .await?;
        let role = self.ask("SELECT current_user::text").await?;
        let role = role.rows.into_iter().flatten().next().flatten();
        let options = Options {
            run: "draft".into(),
            actor: "draft".into(),
            approval: None,
            wait_ms: 0,
            in_flight: None,
        };
        let mut driver = Driver::new(&self.database, self.stop, Run::new(&sealed, options));
        let mut trace: Option<Trace> = None;
        loop {
            let report = match driver.next().await {
                Progress::Report(report) => report,
                Progress::Finished(outcome) => {
                    ended(outcome)?;
                    break;
                }
            };
            match report {
                Report::StepStarted { at }
                    if at.revision == last && trace.is_none() && is_own(sealed.plan(), at) =>
                {
                    trace = Some(Trace::new(self.look(sealed.plan(), at).await?));
                }
                Report::StepDone { at, .. } if at.revision == last && is_own(sealed.plan(), at) => {
                    let after = self.look(sealed.plan(), at).await?;
                    if let Some(trace) = &mut trace {
                        trace.note(at, after);
                    }
                }
                _ => {}
            }
        }
        match trace {
            Some(trace) => trace
                .draft(sealed.plan(), &role.unwrap_or_default())
                .map_err(failed),
            None => Ok(Draft::default()),
        }
    }

    /// The schema now, in the transaction of the statement where it has one.
    async fn look(&self, plan: &Plan, at: StepAt) -> Result<Catalog, NoDraft> {
        let question = match is_measurable(plan, at) {
            true => look_inside(),
            false => catalog::look(),
        };
        let answer = self.ask(&question).await?;
        catalog::read(self.major(), &answer).map_err(failed)
    }

    /// The database's major version.
    fn major(&self) -> u32 {
        let major = self.database.version().split('.').next();
        major
            .and_then(|major| major.parse().ok())
            .unwrap_or(*catalog::VERSIONS.end())
    }

    async fn ask(&self, sql: &str) -> Result<Answer, NoDraft> {
        match self.stop.unless(self.database.sql(sql)).await? {
            Ok(answer) => Ok(answer),
            Err(Failure::Database(error)) => Err(failed(error)),
            Err(Failure::Lost(message)) => Err(failed(message)),
        }
    }
}

/// Whether the step is a statement of a revision's own.
fn is_own(plan: &Plan, at: StepAt) -> bool {
    plan.step(at)
        .is_some_and(|step| step.kind == StepKind::Statement)
}

fn ended(outcome: Outcome) -> Result<(), NoDraft> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Cancelled { .. } => Err(NoDraft::Stopped),
        Outcome::Refused { refusal } => Err(failed(refusal)),
        Outcome::Lost { message, .. } => Err(failed(message)),
        Outcome::Failed { error, .. } => Err(failed(format!(
            "PostgreSQL refuses the upgrade, so nothing is known of what it does: {error}"
        ))),
    }
}
