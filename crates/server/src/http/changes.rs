//! Breaking changes on an environment's database: the gate before the contract, and the comparison of both sides.

use super::App;
use super::json::Body;
use super::plans::check_text;
use super::problem::{Code, Error};
use crate::auth::{Caller, Scope};
use crate::changes;
use crate::database::Database;
use crate::gate::Site;
use crate::project::Project;
use axum::Json;
use axum::extract::{Path, Query, State};
use cofferdam_engine::api::{Confirmation, Force, NewComparison, Problem, Role};
use cofferdam_engine::change::Change;
use cofferdam_engine::change::gate::Gate;
use cofferdam_engine::change::parity::Compared;
use serde::Deserialize;

/// Where a gate is measured.
#[derive(Debug, Deserialize)]
pub struct Where {
    environment: String,
}

/// A change, and the database on which it is asked for.
struct Place {
    project: Project,
    change: Change,
    environment: String,
    database: Database,
}

impl Place {
    async fn find(app: &App, slug: &str, id: &str, environment: String) -> Result<Self, Error> {
        app.check_slug(slug)?;
        let project = app.workbench.project().await?;
        let change = changes::find(&project.folder, id)?;
        let database = app.workbench.database(&project, &environment).await?;
        Ok(Place {
            project,
            change,
            environment,
            database,
        })
    }

    fn site(&self) -> Site<'_> {
        Site {
            project: &self.project,
            change: &self.change,
            database: &self.database,
            environment: Some(&self.environment),
        }
    }

    async fn gate(&self) -> Result<Json<Gate>, Error> {
        Ok(Json(self.site().measure().await?))
    }
}

/// The gate before a change's contract, measured now.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/changes/{id}/gate", tag = "changes",
    params(("slug" = String, Path), ("id" = String, Path), ("environment" = String, Query)), responses(
    (status = 200, body = Gate),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such change or environment"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The change's file cannot be read"),
    (status = 502, body = Problem, content_type = "application/problem+json"),
))]
pub async fn gate(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    Query(Where { environment }): Query<Where>,
) -> Result<Json<Gate>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    let place = Place::find(&app, &slug, &id, environment).await?;
    place.gate().await
}

/// Confirms a condition that only a person can know; the answer is the gate, measured again.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/changes/{id}/confirm", tag = "changes",
    params(("slug" = String, Path), ("id" = String, Path)), request_body = Confirmation, responses(
    (status = 200, body = Gate),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The change does not ask for these words"),
))]
pub async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    Body(Confirmation { environment, words }): Body<Confirmation>,
) -> Result<Json<Gate>, Error> {
    caller.may(Scope::Write, Role::Reviewer)?;
    let place = Place::find(&app, &slug, &id, environment).await?;
    let (environment, actor) = (place.environment.as_str(), caller.user.name.as_str());
    place.site().confirm(&words, actor).await?;
    tracing::info!(
        change = id,
        environment,
        actor,
        words,
        "a condition is confirmed"
    );
    place.gate().await
}

/// Opens the gate by force, with a reason that stays; the answer is the gate, measured again.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/changes/{id}/force", tag = "changes",
    params(("slug" = String, Path), ("id" = String, Path)), request_body = Force, responses(
    (status = 200, body = Gate),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "There is no reason"),
))]
pub async fn force(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    Body(Force {
        environment,
        reason,
    }): Body<Force>,
) -> Result<Json<Gate>, Error> {
    caller.may(Scope::Apply, Role::Admin)?;
    check_text(&reason)?;
    let place = Place::find(&app, &slug, &id, environment).await?;
    let (environment, actor) = (place.environment.as_str(), caller.user.name.as_str());
    place.site().force(&reason, actor).await?;
    tracing::info!(
        change = id,
        environment,
        actor,
        reason,
        "a gate is opened by force"
    );
    place.gate().await
}

/// Compares both sides of every row, and records what was found for the gate. It takes as long as the table is large, and ends
/// when the request does.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/changes/{id}/parity", tag = "changes",
    params(("slug" = String, Path), ("id" = String, Path)), request_body = NewComparison, responses(
    (status = 200, body = Compared),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "The change has no two sides"),
    (status = 502, body = Problem, content_type = "application/problem+json"),
))]
pub async fn parity(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    Body(NewComparison { environment }): Body<NewComparison>,
) -> Result<Json<Compared>, Error> {
    caller.may(Scope::Write, Role::Author)?;
    let place = Place::find(&app, &slug, &id, environment).await?;
    let (environment, actor) = (place.environment.as_str(), caller.user.name.as_str());
    tracing::info!(change = id, environment, actor, "a comparison begins");
    let underway = Underway::new(&id, environment);
    let site = place.site();
    let compared = tokio::select! {
        compared = site.compare(actor) => compared,
        () = app.stopping.cancelled() => {
            return Err(Error::new(
                Code::ShuttingDown,
                "The server is shutting down: compare both sides again when it is back.",
            ));
        }
    };
    underway.end(&compared);
    Ok(Json(compared?))
}

/// A comparison that tells the log how it ended, also when nobody waits for it any more.
struct Underway<'a> {
    change: &'a str,
    environment: &'a str,
    is_over: bool,
}

impl<'a> Underway<'a> {
    fn new(change: &'a str, environment: &'a str) -> Self {
        Underway {
            change,
            environment,
            is_over: false,
        }
    }

    fn end(mut self, compared: &Result<Compared, changes::ChangesError>) {
        self.is_over = true;
        let (change, environment) = (self.change, self.environment);
        match compared {
            Ok(compared) => {
                let found = compared.words();
                tracing::info!(change, environment, found, "a comparison ends");
            }
            Err(error) => tracing::warn!(change, environment, %error, "a comparison failed"),
        }
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let (change, environment) = (self.change, self.environment);
            tracing::info!(change, environment, "a comparison is given up");
        }
    }
}
