//! The environments' databases: what is applied, what is half applied, how the last run ended.

use super::App;
use super::problem::Error;
use crate::auth::{Caller, Scope};
use crate::environment::State as DatabaseState;
use crate::project::Project;
use axum::Json;
use axum::extract::{Path, State};
use cofferdam_engine::api::{EnvironmentState, Role};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::RevisionId;
use serde_json::Value;

/// Every environment of `cofferdam.toml` with its database's state, in order of name.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/environments", tag = "environments", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<EnvironmentState>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Vec<EnvironmentState>>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    let project = app.workbench.project().await?;
    let history = project.history().ok();
    let states = app.workbench.states(&project).await;
    let states = states.into_iter().map(|(name, state)| match state {
        Ok(state) => known(&project, history.as_ref(), name, state),
        Err(error) => EnvironmentState {
            error: Some(super::problem::sentence(&error)),
            ..unknown(&project, name)
        },
    });
    Ok(Json(states.collect()))
}

/// The schema of an environment's database as it is now: what `cofferdam catalog --format json` prints.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/environments/{name}/catalog", tag = "environments", params(("slug" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Object, description = "`format`, `postgres` (the major version), `fingerprint` and `objects`"), (status = 404, description = "There is no such environment"), (status = 502, description = "The database does not answer")))]
pub async fn catalog(
    State(app): State<App>,
    caller: Caller,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Json<Value>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    let project = app.workbench.project().await?;
    let catalog = app.workbench.catalog(&project, &name).await?;
    Ok(Json(catalog.to_json()))
}

fn unknown(project: &Project, name: String) -> EnvironmentState {
    let rules = project
        .config
        .environments
        .get(&name)
        .cloned()
        .unwrap_or_default();
    EnvironmentState {
        name,
        approval: rules.approval,
        protected: rules.protected,
        embedded: rules.url_env.is_none(),
        error: None,
        server_version: None,
        heads: Vec::new(),
        applied: Vec::new(),
        journal: Vec::new(),
        half_applied: None,
        last_run: None,
    }
}

fn known(
    project: &Project,
    history: Option<&History>,
    name: String,
    state: DatabaseState,
) -> EnvironmentState {
    // Files that make no history leave the version rows themselves.
    let applied = history.map_or_else(|| state.heads.clone(), |history| state.applied(history));
    let texts = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect();
    EnvironmentState {
        server_version: Some(state.server_version),
        heads: texts(&state.heads),
        applied: texts(&applied),
        journal: state.journal,
        half_applied: state.half_applied,
        last_run: state.last_run,
        ..unknown(project, name)
    }
}
