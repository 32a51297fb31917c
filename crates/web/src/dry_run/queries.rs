//! An application's queries, prepared in the tab before a change and after each of its revisions.

use super::driver::{Driver, Progress};
use super::stop::{Stop, Stopped};
use super::{extension, warm};
use crate::js::pglite::Pglite;
use cofferdam_engine::change::Proposed;
use cofferdam_engine::change::queries::{Matrix, Prepared, Query};
use cofferdam_engine::config::Config;
use cofferdam_engine::plan::{self, Plan, Request, Sealed};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::{Answer, Failure, Options, Outcome, Run};

/// Why there is no matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMatrix {
    Stopped,
    /// One sentence.
    Failed(String),
}

impl From<Stopped> for NoMatrix {
    fn from(Stopped: Stopped) -> Self {
        NoMatrix::Stopped
    }
}

fn failed(why: impl ToString) -> NoMatrix {
    NoMatrix::Failed(why.to_string())
}

/// Prepares `queries` at every point of `proposed`, and tells each point that is reached. With the matrix comes PostgreSQL's
/// version.
pub async fn matrix(
    proposed: &Proposed,
    config: &Config,
    queries: &[Query],
    stop: &Stop,
    tell: impl Fn(&str),
) -> Result<(Matrix, String), NoMatrix> {
    let plans = plans(proposed, config)?;
    let extensions = extension::wanted(plans.iter().flatten(), []);
    tell("PostgreSQL is starting in this tab");
    let database = stop.unless(warm::take(&extensions)).await?;
    let bench = Bench {
        database: database.map_err(failed)?,
        stop,
    };
    let settings = config.settings(None);
    let prepared = bench.work(plans, proposed, settings, queries, tell).await;
    let version = bench.database.version().to_owned();
    bench.database.terminate();
    let matrix = Matrix::new(&proposed.points(), queries, &prepared?);
    Ok((matrix, version))
}

/// What is applied before each point: to today, and then revision by revision; none where nothing is.
fn plans(proposed: &Proposed, config: &Config) -> Result<Vec<Option<Plan>>, NoMatrix> {
    let mut current: Vec<RevisionId> = Vec::new();
    let mut up = |target: &RevisionId| -> Result<Option<Plan>, NoMatrix> {
        let request = Request {
            history: &proposed.history,
            config,
            environment: None,
            current: &current,
        };
        let plan = plan::upgrade(request, target.as_str()).map_err(failed)?;
        current.clone_from(&plan.to);
        Ok((!plan.is_empty()).then_some(plan))
    };
    let mut plans = Vec::new();
    // A change that is proposed begins after one revision, or none.
    match proposed.today().first() {
        Some(today) => plans.push(up(today)?),
        None => plans.push(None),
    }
    for (_, id) in &proposed.revisions {
        plans.push(up(id)?);
    }
    Ok(plans)
}

struct Bench<'a> {
    database: Pglite,
    stop: &'a Stop,
}

impl Bench<'_> {
    async fn work(
        &self,
        plans: Vec<Option<Plan>>,
        proposed: &Proposed,
        settings: Vec<String>,
        queries: &[Query],
        tell: impl Fn(&str),
    ) -> Result<Vec<Vec<Prepared>>, NoMatrix> {
        let points = proposed.points();
        let mut found = Vec::new();
        for (at, plan) in plans.into_iter().enumerate() {
            match at.checked_sub(1).and_then(|at| points.get(at)) {
                Some((_, point)) => tell(point),
                None => tell("Replaying the history"),
            }
            if let Some(plan) = plan {
                self.run(at, plan).await?;
            }
            for sql in &settings {
                self.asked(self.database.sql(sql).await)?;
            }
            let mut answers = Vec::new();
            for query in queries {
                answers.push(self.prepare(&query.sql).await?);
            }
            found.push(answers);
        }
        Ok(found)
    }

    async fn prepare(&self, sql: &str) -> Result<Prepared, NoMatrix> {
        match self.stop.unless(self.database.describe(sql)).await? {
            Ok(answer) => {
                let columns = answer.rows.into_iter().map(|row| {
                    let mut cells = row.into_iter().map(Option::unwrap_or_default);
                    (
                        cells.next().unwrap_or_default(),
                        cells.next().unwrap_or_default(),
                    )
                });
                Ok(Prepared::Works(columns.collect()))
            }
            Err(Failure::Database(error)) => Ok(Prepared::Fails(error.message)),
            Err(Failure::Lost(message)) => Err(failed(message)),
        }
    }

    async fn run(&self, at: usize, plan: Plan) -> Result<(), NoMatrix> {
        let options = Options {
            run: format!("queries-{at}"),
            actor: "queries".into(),
            approval: None,
            wait_ms: 0,
            in_flight: None,
        };
        let sealed = Sealed::new(plan);
        let mut driver = Driver::new(&self.database, self.stop, Run::new(&sealed, options));
        loop {
            match driver.next().await {
                Progress::Report(_) => {}
                Progress::Finished(Outcome::Done) => return Ok(()),
                Progress::Finished(Outcome::Cancelled { .. }) => return Err(NoMatrix::Stopped),
                Progress::Finished(Outcome::Refused { refusal }) => return Err(failed(refusal)),
                Progress::Finished(Outcome::Lost { message, .. }) => return Err(failed(message)),
                Progress::Finished(Outcome::Failed { error, .. }) => {
                    return Err(failed(format!(
                        "PostgreSQL refuses a revision on the way, so nothing is known of the queries: {error}"
                    )));
                }
            }
        }
    }

    fn asked(&self, answer: Result<Answer, Failure>) -> Result<Answer, NoMatrix> {
        answer.map_err(|failure| match failure {
            Failure::Database(error) => failed(error),
            Failure::Lost(message) => failed(message),
        })
    }
}
