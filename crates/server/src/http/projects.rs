//! The project's files.

use super::App;
use super::problem::Error;
use crate::auth::{Caller, Scope};
use crate::project::{File, Project};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cofferdam_engine::api::{Problem, ProjectFile, ProjectFiles, ProjectSummary, Role};
use cofferdam_engine::digest::sha256;

/// The projects that this server serves: one.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", responses((status = 200, body = Vec<ProjectSummary>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<ProjectSummary>>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    let project = app.workbench.project().await?;
    let name = project.config.project.name;
    Ok(Json(vec![ProjectSummary {
        slug: app.workbench.slug().to_owned(),
        name,
    }]))
}

/// The project's files; their digest is the ETag.
#[utoipa::path(get, path = "/api/v1/projects/{slug}", tag = "projects", params(("slug" = String, Path)), responses(
    (status = 200, body = ProjectFiles),
    (status = 304, description = "They are as `If-None-Match` says"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    let project = app.workbench.project().await?;
    let etag = etag(&digest(&project.files));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| names(known, &etag)) {
        return Ok(with_etag(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    Ok(answer(&slug, &project))
}

/// The files as JSON, with their ETag.
pub fn answer(slug: &str, project: &Project) -> Response {
    let digest = digest(&project.files);
    let etag = etag(&digest);
    let files = ProjectFiles {
        slug: slug.to_owned(),
        name: project.config.project.name.clone(),
        files: project.files.iter().map(wire).collect(),
        digest,
    };
    with_etag(Json(files).into_response(), &etag)
}

/// A file as the pages get it.
pub fn wire(file: &File) -> ProjectFile {
    let text = std::str::from_utf8(&file.bytes).ok();
    ProjectFile {
        path: file.path.clone(),
        text: text.map(str::to_owned),
        base64: text.is_none().then(|| STANDARD.encode(&file.bytes)),
        sha256: file.sha256.clone(),
    }
}

/// Over paths and digests of all files, in order.
fn digest(files: &[File]) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&file.sha256);
        text.push_str("  ");
        text.push_str(&file.path);
        text.push('\n');
    }
    sha256(text.as_bytes())
}

fn etag(digest: &str) -> String {
    format!("\"{digest}\"")
}

/// Whether an `If-None-Match` names `etag` (RFC 9110, weak comparison).
pub fn names(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == etag)
}

fn with_etag(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_a_list() {
        assert!(names("\"a\", W/\"b\"", "\"b\""));
        assert!(names("*", "\"b\""));
        assert!(!names("\"a\"", "\"b\""));
    }
}
