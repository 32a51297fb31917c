//! Runs: started from a plan, looked at, paused, cancelled.

use super::App;
use super::json::Perhaps;
use super::plans::{APPLICABLE, approval, check_gates, stored};
use super::problem::{Code, Error, sentence};
use crate::auth::{Caller, Scope, secret};
use crate::planning;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cofferdam_engine::api::{PlanState, Problem, Role, RunSummary};
use cofferdam_engine::run::{InFlight, Options};
use serde::Deserialize;

/// How long a run waits for somebody else's on the same database, in milliseconds.
const WAIT_MS: u64 = 10_000;

/// What may be said when a run is started; the body may be missing.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// Where a crash left it open whether a statement took effect: a person's answer.
    #[serde(default)]
    pub in_flight: Option<Decision>,
}

/// What became of a statement that was under way in a crash.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It took effect: go on after it.
    Done,
    /// It did not: run it again.
    Again,
}

/// Every run, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/runs", tag = "runs", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<RunSummary>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Vec<RunSummary>>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    Ok(Json(app.store.runs(None).await?))
}

/// One run.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/runs/{id}", tag = "runs",
    params(("slug" = String, Path), ("id" = String, Path)), responses(
    (status = 200, body = RunSummary),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Json<RunSummary>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    Ok(Json(found(&app, &id).await?))
}

/// Applies a plan, if it still holds: made again from the files and the version rows of now, it must
/// be the same.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/plans/{id}/runs", tag = "runs",
    params(("slug" = String, Path), ("id" = u64, Path)), request_body = Option<StartRun>, responses(
    (status = 201, body = RunSummary),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 502, body = Problem, content_type = "application/problem+json"),
))]
pub async fn start(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
    Perhaps(start): Perhaps<StartRun>,
) -> Result<(StatusCode, Json<RunSummary>), Error> {
    caller.may(Scope::Apply, Role::Admin)?;
    app.check_slug(&slug)?;
    if app.stopping.is_cancelled() {
        return Err(Error::new(
            Code::ShuttingDown,
            "The server is shutting down; apply the plan when it is back.",
        ));
    }
    let plan = stored(&app, id).await?;
    if !APPLICABLE.contains(&plan.summary.state) {
        return Err(wrong_state(plan.summary.state));
    }
    let sealed = plan
        .sealed()
        .map_err(|error| Error::new(Code::Stale, sentence(&error)))?;
    let project = app.workbench.project().await?;
    let environment = &plan.summary.environment;
    let database = app.workbench.database(&project, environment).await?;
    let state = app.workbench.state(&project, environment).await?;
    let stale = planning::stale(&sealed, &project, &state);
    if !stale.is_empty() {
        return Err(Error::new(
            Code::Stale,
            format!("Nothing was run. {}", stale.join(" ")),
        ));
    }
    check_gates(&app, &project, environment, &sealed).await?;
    let approval = approval(&plan.summary.digest, &app.store.reviews(id).await?);
    let rules = project.config.environments.get(environment);
    if approval.is_none() && rules.is_none_or(|rules| rules.approval) {
        return Err(Error::new(
            Code::NotApproved,
            format!("{environment} runs approved plans only, and nobody has approved this one."),
        ));
    }
    let run = secret::run_id()?;
    let actor = &caller.user.name;
    let Some(alive) = app
        .store
        .open_run(&run, id, APPLICABLE, actor, approval.as_deref())
        .await?
    else {
        return Err(Error::new(
            Code::RunUnderWay,
            format!(
                "Another run is under way on {environment}, or the plan was just applied or withdrawn: look at the runs."
            ),
        ));
    };
    let options = Options {
        run: run.clone(),
        actor: actor.clone(),
        approval: approval.map(|names| format!("plan {id}, approved by {names}")),
        wait_ms: WAIT_MS,
        in_flight: start.in_flight.map(|decision| match decision {
            Decision::Done => InFlight::Done,
            Decision::Again => InFlight::Again,
        }),
    };
    tracing::info!(run, plan = id, environment, actor, "a run begins");
    app.runner.start(database, sealed, options, alive);
    Ok((StatusCode::CREATED, Json(found(&app, &run).await?)))
}

/// Asks a run to stop where it is safe.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/runs/{id}/cancel", tag = "runs",
    params(("slug" = String, Path), ("id" = String, Path)), responses(
    (status = 202, body = RunSummary),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
) -> Result<(StatusCode, Json<RunSummary>), Error> {
    caller.may(Scope::Apply, Role::Admin)?;
    app.check_slug(&slug)?;
    let run = found(&app, &id).await?;
    if !app.store.request_cancel(&id).await? {
        return Err(Error::new(Code::WrongState, "The run is over already."));
    }
    tracing::info!(
        run = id,
        actor = caller.user.name,
        "a run is to be cancelled"
    );
    app.runner.cancel(&id);
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// Asks a run to wait: between two batches or segments, with no transaction open. Its lock is kept.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/runs/{id}/pause", tag = "runs",
    params(("slug" = String, Path), ("id" = String, Path)), responses(
    (status = 202, body = RunSummary),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn pause(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
) -> Result<(StatusCode, Json<RunSummary>), Error> {
    wait_or_go_on(&app, &caller, &slug, &id, true).await
}

/// Asks a run that waits to go on.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/runs/{id}/resume", tag = "runs",
    params(("slug" = String, Path), ("id" = String, Path)), responses(
    (status = 202, body = RunSummary),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn resume(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
) -> Result<(StatusCode, Json<RunSummary>), Error> {
    wait_or_go_on(&app, &caller, &slug, &id, false).await
}

async fn wait_or_go_on(
    app: &App,
    caller: &Caller,
    slug: &str,
    id: &str,
    paused: bool,
) -> Result<(StatusCode, Json<RunSummary>), Error> {
    caller.may(Scope::Apply, Role::Admin)?;
    app.check_slug(slug)?;
    let run = found(app, id).await?;
    if !app.store.request_pause(id, paused).await? {
        return Err(Error::new(Code::WrongState, "The run is over already."));
    }
    let actor = &caller.user.name;
    tracing::info!(run = id, actor, paused, "a run is to wait or to go on");
    app.runner.pause(id, paused);
    Ok((StatusCode::ACCEPTED, Json(run)))
}

pub async fn found(app: &App, id: &str) -> Result<RunSummary, Error> {
    let run = app.store.run(id).await?;
    run.ok_or_else(|| Error::new(Code::NotFound, "There is no such run."))
}

fn wrong_state(state: PlanState) -> Error {
    let words = match state {
        PlanState::Running => return Error::new(Code::RunUnderWay, "The plan is being applied."),
        PlanState::Applied => "The plan is applied already.",
        PlanState::Rejected => "A rejected plan is not applied.",
        PlanState::Withdrawn => "A withdrawn plan is not applied.",
        PlanState::Open | PlanState::Approved | PlanState::Failed => {
            "The plan cannot be applied now."
        }
    };
    Error::new(Code::WrongState, words)
}
