//! The project's files.

use super::App;
use super::problem::Error;
use crate::auth::{Caller, Scope};
use crate::project::{File, Project, path_in};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cofferdam_engine::api::{
    AlembicSetup, Problem, ProjectFile, ProjectFiles, ProjectSummary, Role,
};
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
    let etag = etag(&digest(&project));
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
    let digest = digest(project);
    let etag = etag(&digest);
    let files = ProjectFiles {
        slug: slug.to_owned(),
        name: project.config.project.name.clone(),
        files: files(project).iter().map(wire).collect(),
        digest,
        alembic: setup(project),
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

/// The project's files in order of path, and the template after which the page writes new ones.
fn files(project: &Project) -> Vec<File> {
    let mut files = project.files.clone();
    if let Some(home) = &project.alembic {
        let path = path_in(&home.script_location, "script.py.mako");
        // Without it, Alembic's generic one is used.
        if let Ok(Some(bytes)) = project.folder.read(&path) {
            files.push(File::new(path, bytes));
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
    }
    files
}

/// What an Alembic project's own files say, without those files: they may hold a password.
fn setup(project: &Project) -> Option<AlembicSetup> {
    let home = project.alembic.as_ref()?;
    Some(AlembicSetup {
        config: project.config.clone(),
        settings: serde_json::to_value(&project.settings).ok()?,
        file: home.file.clone(),
        script_location: home.script_location.clone(),
        notices: project.notices.iter().map(ToString::to_string).collect(),
    })
}

/// Over paths and digests of all files, in order, and what Alembic's configuration says.
fn digest(project: &Project) -> String {
    let mut text = String::new();
    if let Some(setup) = setup(project) {
        text.push_str(&serde_json::to_string(&setup).unwrap_or_default());
    }
    for file in &files(project) {
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
