//! Saving: revision files and those of changes written, all of a changeset or none.
//!
//! Invariants: a file that is not as the author saw it is never overwritten; a revision that is
//! applied on an environment the server can ask keeps its file; nothing outside the versions folder
//! and the folder of changes is touched.

use super::json::Body;
use super::problem::{Code, Error};
use super::{App, git, projects};
use crate::auth::{Caller, Scope};
use crate::changes;
use crate::project::{CHANGES, Project, ProjectError, change_of};
use axum::extract::{Path, State};
use axum::response::Response;
use cofferdam_engine::api::{Change, Changeset, Conflict, Problem, ProjectFiles, Role};
use cofferdam_engine::digest::sha256;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{RevisionId, Script};
use std::collections::BTreeSet;

/// Most files in one changeset.
const MOST: usize = 1000;

/// Writes a changeset; the answer is the files as they are now.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/changesets", tag = "projects", params(("slug" = String, Path)),
    request_body = Changeset, responses(
    (status = 200, body = ProjectFiles),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A revision is applied somewhere"),
    (status = 412, body = Problem, content_type = "application/problem+json", description = "Files have changed; `conflicts` says which"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The files would not hold together"),
))]
pub async fn save(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(changeset): Body<Changeset>,
) -> Result<Response, Error> {
    caller.may(Scope::Write, Role::Author)?;
    app.check_slug(&slug)?;
    let alone = app.workbench.saving.clone().lock_owned().await;
    let project = app.workbench.project().await?;
    check_paths(&project, &changeset.changes)?;
    let conflicts: Vec<Conflict> = changeset
        .changes
        .iter()
        .filter_map(|change| conflict(&project, change))
        .collect();
    if !conflicts.is_empty() {
        return Err(Error::conflicts(conflicts));
    }
    let changes: Vec<Change> = changeset
        .changes
        .into_iter()
        .filter(|change| changes_something(&project, change))
        .collect();
    check_applied(&app, &project, &changes).await?;
    check_result(&project, &changes)?;
    let message = changeset.message;
    let author = caller.user.name;
    // The lock goes along: writing goes on when the author hangs up.
    let written = tokio::task::spawn_blocking(move || {
        let _alone = alone;
        write(&project, &changes, &message, &author)
    });
    written
        .await
        .map_err(|error| Error::new(Code::Internal, format!("Saving broke off: {error}")))??;
    Ok(projects::answer(&slug, &app.workbench.project().await?))
}

fn check_paths(project: &Project, changes: &[Change]) -> Result<(), Error> {
    if changes.is_empty() || changes.len() > MOST {
        return Err(Error::new(
            Code::Invalid,
            format!("A changeset has 1 to {MOST} changes."),
        ));
    }
    let mut seen = BTreeSet::new();
    for change in changes {
        if !project.is_revision_path(&change.path) && change_of(&change.path).is_none() {
            let folders = project.config.project.locations().join("/, ");
            return Err(Error::new(
                Code::Invalid,
                format!(
                    "{:?} cannot be saved from here: only revision files in {folders}/ and the files of changes in {CHANGES}/ can.",
                    change.path
                ),
            ));
        }
        if !seen.insert(&change.path) {
            return Err(Error::new(
                Code::Invalid,
                format!("{} is in the changeset twice.", change.path),
            ));
        }
    }
    Ok(())
}

/// What stands against a change: the file is not the one that it was made on.
fn conflict(project: &Project, change: &Change) -> Option<Conflict> {
    let theirs = project.file(&change.path);
    let reason = match (theirs, &change.base_sha256) {
        (None, None) => return None,
        (Some(file), Some(base)) if file.sha256 == *base => return None,
        (Some(_), None) => "there is a file of this name already",
        (Some(_), Some(_)) => "the file has changed since it was read",
        (None, Some(_)) => "the file is gone",
    };
    Some(Conflict {
        path: change.path.clone(),
        theirs: theirs.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()),
        theirs_sha256: theirs.map(|file| file.sha256.clone()),
        reason: reason.into(),
    })
}

fn changes_something(project: &Project, change: &Change) -> bool {
    let now = project.file(&change.path).map(|file| file.sha256.as_str());
    let then = change.text.as_ref().map(|text| sha256(text.as_bytes()));
    now != then.as_deref()
}

/// Refuses files that are no revisions and no changes, and what would break a history that holds.
fn check_result(project: &Project, changes: &[Change]) -> Result<(), Error> {
    let changed = |path: &str| changes.iter().any(|change| change.path == path);
    let mut scripts: Vec<Script> = project
        .scripts
        .iter()
        .filter(|script| !changed(&script.path))
        .cloned()
        .collect();
    for change in changes {
        let Some(text) = &change.text else { continue };
        if !project.is_revision_path(&change.path) {
            changes::check_file(&change.path, text)?;
            continue;
        }
        let reading = project.read_file(&change.path, text.as_bytes());
        let Some(script) = reading.script else {
            let errors = reading
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error);
            let errors: Vec<String> = errors.map(ToString::to_string).collect();
            return Err(Error::new(Code::BrokenProject, errors.join("\n")));
        };
        scripts.push(script);
    }
    match History::new(scripts) {
        Ok(_) => Ok(()),
        // What was broken before may be mended one file at a time.
        Err(_) if project.history().is_err() => Ok(()),
        Err(errors) => Err(ProjectError::History(errors).into()),
    }
}

/// Refuses to change, rename or delete the file of a revision that is applied somewhere.
async fn check_applied(app: &App, project: &Project, changes: &[Change]) -> Result<(), Error> {
    let touched: Vec<(&RevisionId, &str)> = changes
        .iter()
        .filter_map(|change| {
            let script = project
                .scripts
                .iter()
                .find(|script| script.path == change.path)?;
            Some((&script.revision.id, script.path.as_str()))
        })
        .collect();
    if touched.is_empty() {
        return Ok(());
    }
    let history = project.history().ok();
    for (environment, state) in app.workbench.states(project).await {
        let state = match state {
            Ok(state) => state,
            Err(error) => {
                tracing::warn!(environment, %error, "saving without knowing what is applied there");
                continue;
            }
        };
        let applied = history
            .as_ref()
            .map_or_else(|| state.heads.clone(), |history| state.applied(history));
        let half = state
            .half_applied
            .as_ref()
            .map(|half| half.revision.as_str());
        for (id, path) in &touched {
            if applied.contains(id) || half == Some(id.as_str()) {
                return Err(Error::new(
                    Code::AppliedRevision,
                    format!(
                        "Nothing was saved: {id} ({path}) is applied on {environment}, so its file stays as it is. Downgrade {environment} below it first, or write a new revision."
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// Writes everything, or puts back what was there.
fn write(project: &Project, changes: &[Change], message: &str, author: &str) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let commit = match &project.config.git.branch {
        Some(branch) => git::prepare(project.folder.root(), branch, changes, message, author)
            .map_err(|error| Error::new(Code::GitFailed, format!("Nothing was saved: {error}.")))?,
        None => None,
    };
    for (count, change) in changes.iter().enumerate() {
        if let Err(error) = write_one(project, change) {
            for done in changes[..count].iter().rev() {
                put_back(project, done);
            }
            return Err(error.into());
        }
    }
    if let Some(commit) = commit {
        commit.finish().map_err(|error| {
            for done in changes.iter().rev() {
                put_back(project, done);
            }
            Error::new(Code::GitFailed, format!("Nothing was saved: {error}."))
        })?;
    }
    Ok(())
}

fn write_one(project: &Project, change: &Change) -> Result<(), ProjectError> {
    // What was compared a moment ago is compared again, as close to the writing as can be.
    let now = project.folder.read(&change.path)?;
    if now.as_deref() != project.file(&change.path).map(|file| file.bytes.as_slice()) {
        return Err(ProjectError::Exists {
            path: change.path.clone(),
        });
    }
    match (&change.text, &change.base_sha256) {
        (Some(text), None) => project.folder.create(&change.path, text.as_bytes()),
        (Some(text), Some(_)) => project.folder.write(&change.path, text.as_bytes()),
        (None, _) => project.folder.delete(&change.path),
    }
}

fn put_back(project: &Project, change: &Change) {
    let result = match project.file(&change.path) {
        Some(file) => project.folder.write(&change.path, &file.bytes),
        None => project.folder.delete(&change.path),
    };
    if let Err(error) = result {
        tracing::error!(path = change.path, %error, "a file could not be put back");
    }
}
