//! The description of the interface (OpenAPI).

use super::problem::Code;
use super::{
    changes, changesets, environments, health, plans, projects, reviews, runs, sessions, stream,
    tokens, users,
};
use axum::Json;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Cofferdam"),
    paths(
        health::check,
        document,
        sessions::show,
        sessions::sign_in,
        sessions::sign_out,
        sessions::by_link,
        sessions::set_password,
        sessions::accept,
        users::list,
        users::invite,
        tokens::list,
        tokens::make,
        tokens::revoke,
        projects::list,
        projects::one,
        changesets::save,
        changes::gate,
        changes::confirm,
        changes::force,
        changes::parity,
        environments::list,
        environments::catalog,
        plans::list,
        plans::make,
        plans::one,
        plans::files,
        plans::withdraw,
        reviews::review,
        reviews::comment,
        runs::start,
        runs::list,
        runs::one,
        runs::cancel,
        runs::pause,
        runs::resume,
        stream::events,
    )
)]
struct Description;

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "server", responses((status = 200)))]
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    let mut document = Description::openapi();
    document.info.description = Some(about());
    Json(document)
}

fn about() -> String {
    let mut text = String::from(
        "A migration workbench for PostgreSQL. Sign in (the session is a cookie), or send `Authorization: Bearer cfd_…`. \
         Every error is a problem document (RFC 9457) whose `type` is one of these:\n\n",
    );
    for code in Code::ALL {
        text.push_str(&format!(
            "- `{}` ({}): {}\n",
            code.as_str(),
            code.status().as_u16(),
            code.title()
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The router's own text is the list of routes, so that none is left out here.
    #[test]
    fn every_route_is_described() {
        let routes = include_str!("../http.rs");
        let described: Vec<String> = Description::openapi().paths.paths.keys().cloned().collect();
        for route in routes.split(".route(").skip(1) {
            let path = route.split('"').nth(1).unwrap_or_default();
            let known = described.iter().any(|one| one.ends_with(path));
            assert!(known || path.starts_with("/api"), "{path}");
        }
    }
}
