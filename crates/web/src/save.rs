//! Saving revision files: into the folder that the person picked, through the server, or into the browser's copy
//! of the project.
//!
//! Invariant: nothing is written over a file that is not as the change expected it; such a file is a
//! [`Conflict`], and the change stays a draft.

use crate::http;
use crate::js::files::{self, Folder, ProjectFile};
use cofferdam_engine::api::{Change, Changeset, Conflict};
use cofferdam_engine::digest::sha256;

/// Where a project's files are saved.
#[derive(Clone)]
pub enum Place {
    Folder(Folder),
    /// As a changeset, by an author who is signed in.
    Server {
        slug: String,
    },
    /// In the browser's own copy.
    Browser,
    /// Nowhere now: the draft stays a draft, and this says why and what to do.
    Draft(String),
}

/// Why nothing was saved.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    Conflicts(Vec<Conflict>),
    /// The server cannot be reached.
    Offline,
    /// In words.
    Because(String),
}

impl Refused {
    pub fn words(self) -> String {
        match self {
            Refused::Conflicts(conflicts) => {
                let reasons = conflicts.into_iter().map(|conflict| conflict.reason);
                reasons.collect::<Vec<_>>().join(" ")
            }
            Refused::Offline => "The server cannot be reached.".into(),
            Refused::Because(words) => words,
        }
    }
}

/// Saves all of `changes`, or none where one of them is refused. `theirs` looks up a file of the browser's copy.
pub async fn save(
    place: &Place,
    message: String,
    changes: &[Change],
    theirs: impl Fn(&str) -> Option<String>,
) -> Result<(), Refused> {
    match place {
        Place::Folder(folder) => to_folder(folder, changes).await,
        Place::Server { slug } => to_server(slug, message, changes).await,
        Place::Browser => {
            let conflicts: Vec<Conflict> = changes
                .iter()
                .filter_map(|change| {
                    conflict(change, theirs(&change.path).as_deref().map(str::as_bytes))
                })
                .collect();
            if conflicts.is_empty() {
                Ok(())
            } else {
                Err(Refused::Conflicts(conflicts))
            }
        }
        Place::Draft(why) => Err(Refused::Because(why.clone())),
    }
}

async fn to_server(slug: &str, message: String, changes: &[Change]) -> Result<(), Refused> {
    let changeset = Changeset {
        message,
        changes: changes.to_vec(),
    };
    let path = format!("/projects/{}/changesets", http::segment(slug));
    // What it answers is read with the project's files.
    let answer = http::post::<_, serde_json::Value>(&path, &changeset).await;
    answer.map(drop).map_err(|error| match error {
        http::Error::Problem(problem) if !problem.conflicts.is_empty() => {
            Refused::Conflicts(problem.conflicts)
        }
        http::Error::Offline(_) => Refused::Offline,
        error => Refused::Because(error.to_string()),
    })
}

async fn to_folder(folder: &Folder, changes: &[Change]) -> Result<(), Refused> {
    let trouble = |error: String| {
        Refused::Because(format!(
            "The folder {:?} refused it: {error}.",
            folder.name()
        ))
    };
    if !folder.permission(true).await.map_err(trouble)? {
        return Err(Refused::Because(format!(
            "The browser was not allowed to write to the folder {:?}; save again and allow it.",
            folder.name()
        )));
    }
    let mut conflicts = Vec::new();
    for change in changes {
        let theirs = folder.read_file(&change.path).await.map_err(trouble)?;
        conflicts.extend(conflict(change, theirs.as_deref()));
    }
    if !conflicts.is_empty() {
        return Err(Refused::Conflicts(conflicts));
    }
    // New texts first: what goes wrong half-way leaves a file too many, never one too few.
    for change in changes {
        if let Some(text) = &change.text {
            folder
                .write_file(&change.path, text.as_bytes())
                .await
                .map_err(trouble)?;
        }
    }
    for change in changes.iter().filter(|change| change.text.is_none()) {
        if folder
            .read_file(&change.path)
            .await
            .map_err(trouble)?
            .is_some()
        {
            folder.remove_file(&change.path).await.map_err(trouble)?;
        }
    }
    Ok(())
}

/// Whether the file, as it is now, is not what the change expects.
pub fn conflict(change: &Change, theirs: Option<&[u8]>) -> Option<Conflict> {
    let their_digest = theirs.map(sha256);
    let reason = match (&change.base_sha256, theirs) {
        (None, None) => return None,
        // It is saved already, or gone already.
        (_, Some(theirs)) if change.text.as_deref().map(str::as_bytes) == Some(theirs) => {
            return None;
        }
        (Some(_), None) if change.text.is_none() => return None,
        (None, Some(_)) => "Another file has this name.",
        (Some(_), None) => "The file has been deleted since you began.",
        (base, Some(_)) if *base == their_digest => return None,
        (Some(_), Some(_)) => "The file has changed since you began.",
    };
    Some(Conflict {
        path: change.path.clone(),
        theirs: theirs.map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
        theirs_sha256: their_digest,
        reason: reason.into(),
    })
}

/// Puts one file where the browser puts downloads, by its own name.
pub fn download(path: &str, text: &str) {
    files::download(path.rsplit('/').next().unwrap_or(path), text);
}

/// Puts `files` where the browser puts downloads, as one archive.
pub async fn download_zip(
    name: &str,
    files: impl IntoIterator<Item = (String, impl Into<Vec<u8>>)>,
) -> Result<(), String> {
    let files: Vec<ProjectFile> = files
        .into_iter()
        .map(|(path, bytes)| ProjectFile {
            path,
            bytes: bytes.into(),
        })
        .collect();
    let archive = files::zip(&files).await?;
    files::download_bytes(&format!("{name}.zip"), "application/zip", &archive);
    Ok(())
}
