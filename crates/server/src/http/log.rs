//! A line in the log for each request: method, path (never the query), status, time. Assets only
//! where they fail.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

pub async fn requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let elapsed_ms = start.elapsed().as_millis();
    if status >= 500 {
        tracing::error!(%method, path, status, elapsed_ms, "request");
    } else if status >= 400 || (path.starts_with("/api/") && !method.is_safe()) {
        tracing::info!(%method, path, status, elapsed_ms, "request");
    } else {
        tracing::debug!(%method, path, status, elapsed_ms, "request");
    }
    response
}
