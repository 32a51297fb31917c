//! Opening projects: from the server, from the last visit, from the person's disk, or the example.

use super::State;
use super::workspace::{CONFIG, File, Origin, Workspace};
use crate::http;
use crate::js::files::{self, Folder, ProjectFile};
use crate::js::store::Table;
use cofferdam_engine::api::{ProjectFiles, ProjectSummary};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
struct Packed {
    files: Vec<PackedFile>,
}

#[derive(Deserialize)]
struct PackedFile {
    path: String,
    text: String,
}

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
                .map(|file| (file.path.clone(), file.bytes.clone()));
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

    /// Opens the project that is built into the app, with what was changed in it here.
    pub async fn open_example(self) {
        match example().await {
            Ok(workspace) => self.take_fresh(workspace).await,
            Err(error) => {
                self.say(error);
                self.take(Workspace::read(Origin::Example, Vec::new(), Vec::new()));
            }
        }
    }

    /// Opens the example as it was at first; what was changed in it comes back for as long as the message stands.
    pub fn reset_example(self) {
        spawn_local(async move {
            match example().await {
                Ok(workspace) => {
                    let Some(before) = self.workspace.get_untracked() else {
                        return;
                    };
                    self.take(workspace);
                    let undo = Arc::new(move || self.take((*before).clone()));
                    self.say_with("The example is as it was at first.".into(), Some(undo));
                }
                Err(error) => self.say(error),
            }
        });
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
                self.take_fresh(workspace).await;
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
                Ok(found) => self.take_fresh(picked(found)).await,
                Err(error) => self.say(format!("The files cannot be read: {error}.")),
            }
        });
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

    /// Reads the open project's folder again, where the browser still lends it.
    pub(super) async fn refresh_folder(self) {
        let (Some(folder), Some(open)) = (self.folder().await, self.workspace.get_untracked())
        else {
            return;
        };
        if folder.permission(false).await != Ok(true) {
            return;
        }
        let Ok(found) = folder.read().await else {
            return;
        };
        let files: BTreeMap<String, File> = found
            .into_iter()
            .map(|found| (found.path.clone(), file(found)))
            .collect();
        let is_still_open = self
            .workspace
            .with_untracked(|now| now.as_ref().is_some_and(|now| Arc::ptr_eq(now, &open)));
        if is_still_open && files != *open.files {
            self.take(Workspace::read(
                open.origin.clone(),
                files.into_values(),
                Vec::new(),
            ));
        }
    }
}

/// The project that is built into the app; else what to do, in words.
async fn example() -> Result<Workspace, String> {
    let address = "/vendor/examples/observatory.json";
    let packed = match gloo::net::http::Request::get(address).send().await {
        Ok(answer) => answer.json::<Packed>().await,
        Err(error) => Err(error),
    };
    let packed = packed.map_err(|error| {
        format!("The example cannot be read: {error}. Open a folder of your own, or reload.")
    })?;
    let files = packed
        .files
        .into_iter()
        .map(|file| File::new(file.path, file.text.into_bytes()));
    Ok(Workspace::read(Origin::Example, files, Vec::new()))
}

/// The project among files that the person picked: what is below the topmost `cofferdam.toml`. Without one, what is
/// below the picked folder, whose own files are revisions.
fn picked(found: Vec<ProjectFile>) -> Workspace {
    let configs = found
        .iter()
        .filter_map(|file| file.path.strip_suffix(CONFIG))
        .filter(|root| root.is_empty() || root.ends_with('/'));
    let configured = configs.min_by_key(|root| root.len()).map(str::to_owned);
    let folder = shared_folder(&found).map(str::to_owned);
    let root = match (&configured, &folder) {
        (Some(root), _) => root.clone(),
        (None, Some(folder)) => format!("{folder}/"),
        (None, None) => String::new(),
    };
    let files = found.into_iter().filter_map(|mut found| {
        found.path = found.path.strip_prefix(root.as_str())?.to_owned();
        if configured.is_none() && !found.path.contains('/') {
            found.path = format!("versions/{}", found.path);
        }
        Some(file(found))
    });
    let origin = Origin::Files {
        name: folder.unwrap_or_else(|| "files".into()),
    };
    let mut workspace = Workspace::read(origin, files, Vec::new());
    // Two projects are two, also where both were picked: drafts are kept by the project's name.
    workspace.origin = Origin::Files {
        name: workspace.name(),
    };
    workspace
}

/// The folder in which all of them lie; a browser puts the picked folder's name before each path.
fn shared_folder(found: &[ProjectFile]) -> Option<&str> {
    let top = |file: &'_ ProjectFile| file.path.find('/');
    let first = found.first()?;
    let folder = &first.path[..top(first)?];
    found
        .iter()
        .all(|file| top(file).is_some_and(|end| &file.path[..end] == folder))
        .then_some(folder)
}

fn file(file: ProjectFile) -> File {
    File::new(file.path, file.bytes)
}
