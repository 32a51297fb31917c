//! The HTTP server: JSON under `/api/v1`, everything else is the web app.
//!
//! Invariants: every error under `/api/v1` is a problem document; every request that changes
//! something passes [`Caller`] or is a way to sign in; no secret is in a log.

mod changes;
mod changesets;
mod environments;
mod git;
mod health;
mod json;
mod log;
mod openapi;
mod plans;
pub mod problem;
mod projects;
mod reviews;
mod runs;
mod sessions;
mod stream;
mod tokens;
mod users;

use crate::assets;
use crate::auth::throttle::Throttle;
use crate::runner::Runner;
use crate::store::Store;
use crate::workbench::Workbench;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{delete, get, post, put};
use problem::{Code, Error};
pub use projects::names;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
pub use users::invitation_link;

/// Longest body of an ordinary request, in bytes.
const BODY: usize = 1 << 20;
/// Longest changeset, in bytes.
const CHANGESET: usize = 32 << 20;
/// How long an answer may take; events, and what looks at every row, take as long as they like.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What every request can reach.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    pub store: Store,
    pub workbench: Arc<Workbench>,
    pub runner: Runner,
    pub throttle: Throttle,
    /// The address at which people reach the server, where it is known: `https://db.example.org`.
    pub public_url: Option<String>,
    /// Where the server listens, for links.
    pub address: String,
    /// Ends when the server shuts down.
    pub stopping: CancellationToken,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        App(Arc::new(parts))
    }

    /// Cookies are for encrypted connections only.
    fn secure(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.starts_with("https://"))
    }

    /// The web app's address.
    fn base(&self) -> &str {
        self.public_url.as_deref().unwrap_or(&self.address)
    }

    /// There is one project; another slug is not found.
    fn check_slug(&self, slug: &str) -> Result<(), Error> {
        if slug == self.workbench.slug() {
            Ok(())
        } else {
            Err(Error::new(
                Code::NotFound,
                format!("There is no project {slug:?} here."),
            ))
        }
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Every route.
pub fn router(app: App) -> Router {
    let project = Router::new()
        .route(
            "/changesets",
            post(changesets::save).layer(DefaultBodyLimit::max(CHANGESET)),
        )
        .route("/changes/{id}/gate", get(changes::gate))
        .route("/changes/{id}/confirm", post(changes::confirm))
        .route("/changes/{id}/force", post(changes::force))
        .route("/environments", get(environments::list))
        .route("/environments/{name}/catalog", get(environments::catalog))
        .route("/plans", get(plans::list).post(plans::make))
        .route("/plans/{id}", get(plans::one))
        .route("/plans/{id}/files", get(plans::files))
        .route("/plans/{id}/reviews", post(reviews::review))
        .route("/plans/{id}/comments", post(reviews::comment))
        .route("/plans/{id}/withdraw", post(plans::withdraw))
        .route("/plans/{id}/runs", post(runs::start))
        .route("/runs", get(runs::list))
        .route("/runs/{id}", get(runs::one))
        .route("/runs/{id}/cancel", post(runs::cancel))
        .route("/runs/{id}/pause", post(runs::pause))
        .route("/runs/{id}/resume", post(runs::resume));
    let quick = Router::new()
        .route("/openapi.json", get(openapi::document))
        .route(
            "/session",
            get(sessions::show)
                .post(sessions::sign_in)
                .delete(sessions::sign_out),
        )
        .route("/session/link", post(sessions::by_link))
        .route("/session/password", put(sessions::set_password))
        .route("/invitations/accept", post(sessions::accept))
        .route("/users", get(users::list).post(users::invite))
        .route("/tokens", get(tokens::list).post(tokens::make))
        .route("/tokens/{id}", delete(tokens::revoke))
        .route("/projects", get(projects::list))
        .route("/projects/{slug}", get(projects::one))
        .nest("/projects/{slug}", project)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            TIMEOUT,
        ));
    let api = Router::new()
        .merge(quick)
        .route(
            "/projects/{slug}/changes/{id}/parity",
            post(changes::parity),
        )
        .route("/projects/{slug}/runs/{id}/events", get(stream::events))
        .fallback(async || Error::new(Code::NotFound, "There is nothing at this address."))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(problem::only_problems))
        .layer(CatchPanicLayer::custom(problem::panicked));
    Router::new()
        .nest("/api/v1", api)
        .route("/api", get(no_such_api))
        .route("/api/{*rest}", get(no_such_api))
        .route("/healthz", get(health::check))
        .fallback(assets::serve)
        .layer(middleware::from_fn(log::requests))
        .layer(middleware::from_fn(assets::harden))
        .with_state(app)
}

async fn no_such_api() -> Error {
    Error::new(
        Code::NotFound,
        "The interface is at /api/v1; its description is at /api/v1/openapi.json.",
    )
}
