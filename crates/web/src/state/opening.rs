//! Opening projects: from the server, from the last visit, from the person's disk, or the example.

use super::State;
use super::workspace::{File, Origin, Workspace};
use crate::http;
use crate::js::files::{self, Folder, ProjectFile};
use crate::js::store::Table;
use cofferdam_engine::api::{ProjectFiles, ProjectSummary};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A project as it was when it was last open.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    origin: Origin,
    files: Vec<(String, Vec<u8>, String)>,
    only_here: Vec<String>,
}

#[derive(Deserialize)]
struct Packed {
    files: Vec<PackedFile>,
}

#[derive(Deserialize)]
struct PackedFile {
    path: String,
    text: String,
}

const LAST: &str = "last";

impl State {
    /// Opens what the person most likely wants: the server's project, else the last one, else the example.
    pub(super) async fn open_first(self) {
        if untrack(|| self.is_signed_in()) && self.open_server_project().await {
            return;
        }
        if let Some(workspace) = self.last_visit().await {
            return self.workspace.set(Some(Arc::new(workspace)));
        }
        self.open_example().await;
    }

    /// Opens the server's project; false where it cannot be read.
    pub(super) async fn open_server_project(self) -> bool {
        let Ok(projects) = http::get::<Vec<ProjectSummary>>("/projects").await else {
            return false;
        };
        let Some(project) = projects.first() else {
            return false;
        };
        let opened = self.refresh_server_project(&project.slug).await;
        self.load_environments().await;
        opened
    }

    /// Opens the server's project in the place of another one.
    pub async fn reopen_server_project(self) {
        if !self.open_server_project().await {
            self.say("The server's project cannot be read; sign in, or look at the server.");
        }
    }

    /// Puts every file of the open project where the browser puts downloads, as one archive.
    pub fn download_project(self) {
        let Some(workspace) = self.workspace.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let files = workspace
                .files
                .values()
                .map(|file| (file.path.clone(), file.text()));
            if let Err(error) = crate::save::download_zip(&workspace.name(), files).await {
                self.say(format!("The archive cannot be made: {error}."));
            }
        });
    }

    /// Reads the server's files again.
    pub async fn refresh_server_project(self, slug: &str) -> bool {
        match http::get::<ProjectFiles>(&format!("/projects/{}", http::segment(slug))).await {
            Ok(files) => {
                self.take(Workspace::of_server(&files));
                true
            }
            Err(error) => {
                if error.is_offline() {
                    self.gone.set(true);
                }
                false
            }
        }
    }

    /// Opens the project that is built into the app.
    pub async fn open_example(self) {
        let packed = gloo::net::http::Request::get("/vendor/examples/observatory.json")
            .send()
            .await;
        let packed = match packed {
            Ok(answer) => answer.json::<Packed>().await,
            Err(error) => Err(error),
        };
        match packed {
            Ok(packed) => {
                let files = packed
                    .files
                    .into_iter()
                    .map(|file| File::new(file.path, file.text.into_bytes()));
                self.take(Workspace::read(Origin::Example, files, Vec::new()));
            }
            Err(error) => {
                self.say(format!(
                    "The example cannot be read: {error}. Open a folder of your own, or reload."
                ));
                self.take(Workspace::read(Origin::Example, Vec::new(), Vec::new()));
            }
        }
    }

    /// Asks for a folder and opens it.
    pub fn pick_folder(self) {
        spawn_local(async move {
            match files::pick_folder().await {
                Ok(Some(folder)) => self.open_folder(folder).await,
                Ok(None) => {}
                Err(error) => self.say(format!("The folder cannot be opened: {error}.")),
            }
        });
    }

    async fn open_folder(self, folder: Folder) {
        match folder.read().await {
            Ok(found) => {
                let origin = Origin::Folder {
                    name: folder.name(),
                };
                let workspace = Workspace::read(origin, found.into_iter().map(file), Vec::new());
                if let Some(store) = self.store() {
                    // Without it the folder is asked for again at the next visit.
                    let _ = store
                        .put_js(Table::Handles, &workspace.key(), folder.handle())
                        .await;
                }
                self.take(workspace);
            }
            Err(error) => self.say(format!(
                "The folder {:?} cannot be read: {error}.",
                folder.name()
            )),
        }
    }

    /// Asks for files, or a folder where the browser lends none, and opens them.
    pub fn pick_files(self, folder: bool) {
        spawn_local(async move {
            match files::pick_files(folder).await {
                Ok(found) if found.is_empty() => {}
                Ok(found) => self.open_picked(found),
                Err(error) => self.say(format!("The files cannot be read: {error}.")),
            }
        });
    }

    fn open_picked(self, found: Vec<ProjectFile>) {
        // A picked folder comes with its own name before each path; single files have none and
        // are all revisions.
        let first = found
            .first()
            .and_then(|file| file.path.split_once('/'))
            .map(|(first, _)| format!("{first}/"));
        let root = first.filter(|first| {
            found
                .iter()
                .all(|file| file.path.starts_with(first.as_str()))
                && {
                    let named = |name: &str| {
                        found
                            .iter()
                            .any(|file| file.path == format!("{first}{name}"))
                    };
                    named("cofferdam.toml") || first != "versions/"
                }
        });
        let name = root
            .as_deref()
            .map_or("files", |root| root.trim_end_matches('/'))
            .to_owned();
        let files = found.into_iter().map(|mut file| {
            if let Some(root) = &root {
                file.path = file.path[root.len()..].to_owned();
            }
            if !file.path.contains('/') && file.path.ends_with(".sql") && root.is_none() {
                file.path = format!("versions/{}", file.path);
            }
            self::file(file)
        });
        self.take(Workspace::read(
            Origin::Files { name },
            files.collect::<Vec<_>>(),
            Vec::new(),
        ));
    }

    /// The folder on disk of the open project, where it has one.
    pub async fn folder(self) -> Option<Folder> {
        let workspace = self.workspace.get_untracked()?;
        if !matches!(workspace.origin, Origin::Folder { .. }) {
            return None;
        }
        let handle = self
            .store()?
            .get_js(Table::Handles, &workspace.key())
            .await
            .ok()??;
        Some(Folder::from_handle(handle))
    }

    /// Puts a saved file (or its absence) into the open project.
    pub fn replace_file(self, path: &str, text: Option<&str>, only_here: bool) {
        if let Some(workspace) = self.workspace.get_untracked() {
            self.take(workspace.with_file(path, text, only_here));
        }
    }

    /// Makes `workspace` the open project, and keeps it for the next visit.
    fn take(self, workspace: Workspace) {
        if self
            .workspace
            .with_untracked(|old| old.as_deref() == Some(&workspace))
        {
            return;
        }
        if workspace.slug().is_none() {
            self.environments.set(Vec::new());
        }
        let snapshot = Snapshot {
            origin: workspace.origin.clone(),
            files: workspace
                .files
                .values()
                .map(|file| (file.path.clone(), file.bytes.clone(), file.sha256.clone()))
                .collect(),
            only_here: workspace.only_here.clone(),
        };
        self.workspace.set(Some(Arc::new(workspace)));
        spawn_local(async move {
            if let Some(store) = self.store()
                && store.put(Table::Projects, LAST, &snapshot).await.is_err()
            {
                self.keeps.set(false);
            }
        });
    }

    async fn last_visit(self) -> Option<Workspace> {
        let snapshot: Snapshot = self.store()?.get(Table::Projects, LAST).await.ok()??;
        let files = snapshot
            .files
            .into_iter()
            .map(|(path, bytes, sha256)| File {
                path,
                bytes,
                sha256,
            });
        Some(Workspace::read(
            snapshot.origin,
            files.collect::<Vec<_>>(),
            snapshot.only_here,
        ))
    }
}

fn file(file: ProjectFile) -> File {
    File::new(file.path, file.bytes)
}
