//! An application's queries, prepared in the tab before a change and after each of its revisions.

use super::database::{Database, NoResult};
use super::extension;
use super::stop::Stop;
use cofferdam_engine::change::queries::{Matrix, Prepared, Query};
use cofferdam_engine::change::{Change, Proposed};
use cofferdam_engine::config::Config;
use cofferdam_engine::plan::{self, Plan, Request, Sealed};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::Failure;

const UNKNOWN: &str =
    "PostgreSQL refuses a revision on the way, so nothing is known of the queries";

/// Prepares `queries` at every point of `proposed`, which has the revisions of `change`, and tells each point that is reached. With the matrix comes PostgreSQL's
/// version.
pub async fn matrix(
    proposed: &Proposed,
    change: &Change,
    config: &Config,
    queries: &[Query],
    stop: &Stop,
    tell: impl Fn(&str),
) -> Result<(Matrix, String), NoResult> {
    let plans = plans(proposed, config)?;
    let extensions = extension::wanted(plans.iter().flatten(), []);
    tell("PostgreSQL is starting in this tab");
    let database = Database::start(&extensions, stop).await?;
    let settings = config.settings(None);
    let points = proposed.points();
    let mut prepared = Vec::new();
    for (at, plan) in plans.into_iter().enumerate() {
        match at.checked_sub(1).and_then(|at| points.get(at)) {
            Some((_, point)) => tell(point),
            None => tell("Replaying the history"),
        }
        if let Some(plan) = plan {
            let sealed = Sealed::new(plan);
            let name = format!("queries-{at}");
            database
                .run(&sealed, &name, UNKNOWN, async |_| Ok(()))
                .await?;
        }
        for sql in &settings {
            database.ask(sql).await?;
        }
        let mut answers = Vec::new();
        for query in queries {
            answers.push(prepare(&database, change, query).await?);
        }
        prepared.push(answers);
    }
    let version = database.pglite.version().to_owned();
    Ok((Matrix::new(&points, queries, &prepared), version))
}

/// What is applied before each point: to today, and then revision by revision; none where nothing is.
fn plans(proposed: &Proposed, config: &Config) -> Result<Vec<Option<Plan>>, NoResult> {
    let mut current: Vec<RevisionId> = Vec::new();
    let mut up = |target: &RevisionId| -> Result<Option<Plan>, NoResult> {
        let request = Request {
            history: &proposed.history,
            config,
            environment: None,
            current: &current,
        };
        let plan = plan::upgrade(request, target.as_str()).map_err(NoResult::failed)?;
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

async fn prepare(
    database: &Database<'_>,
    change: &Change,
    query: &Query,
) -> Result<Prepared, NoResult> {
    let own = query.setting(change);
    if let Some(own) = &own {
        database.ask("BEGIN").await?;
        database.ask(own).await?;
    }
    let described = database.pglite.describe(&query.sql);
    let described = database.stop.unless(described).await?;
    if own.is_some() {
        database.ask("ROLLBACK").await?;
    }
    match described {
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
        Err(Failure::Lost(message)) => Err(NoResult::Failed(message)),
    }
}
