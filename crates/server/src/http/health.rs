//! `/healthz`: whether the server can work, for load balancers and scripts.

use super::App;
use super::problem::{Code, Error};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// What a healthy server answers.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Health {
    status: &'static str,
    version: &'static str,
}

/// Whether the server and its state database answer.
#[utoipa::path(get, path = "/healthz", tag = "server", responses(
    (status = 200, body = Health),
    (status = 503, description = "The state database does not answer, or the server is shutting down"),
))]
pub async fn check(State(app): State<App>) -> Result<Response, Error> {
    if app.stopping.is_cancelled() {
        return Err(Error::new(
            Code::ShuttingDown,
            "The server is shutting down.",
        ));
    }
    let unavailable = || {
        Error::new(
            Code::StateUnavailable,
            "The server's own database does not answer.",
        )
    };
    match tokio::time::timeout(Duration::from_secs(5), app.store.ping()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(%error, "the state database does not answer");
            return Err(unavailable());
        }
        Err(_) => return Err(unavailable()),
    }
    let mut response = Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
    .into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
