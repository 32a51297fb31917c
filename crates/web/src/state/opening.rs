//! Opening projects: from the server, from the last visit, from the person's disk, or the example.

use super::State;
use super::gathering::{Found, Gathered};
use super::python::Python;
use super::workspace::{CONFIG, File, Origin, Workspace, of_server};
use crate::http;
use crate::js::files::{self, Folder, Listing};
use crate::js::python::Candidate;
use crate::js::store::Table;
use cofferdam_engine::api::{AlembicSetup, ProjectFiles, ProjectSummary};
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
            Ok(project) => {
                let python = project.alembic.clone().map(|setup| self.python_of(setup));
                let gathered = self.read_kept(of_server(&project), python).await;
                let origin = Origin::Server { slug: project.slug };
                let fresh = Workspace::read(origin, gathered, Vec::new());
                self.read_besides(&fresh, None).await;
                self.take(fresh);
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
                let nothing = Gathered::default();
                self.take(Workspace::read(Origin::Example, nothing, Vec::new()));
            }
        }
    }

    /// Opens a copy of the Alembic project that is built into the app.
    pub fn open_alembic_example(self) {
        spawn_local(async move {
            match packed("alembic").await {
                Ok(files) => {
                    let name = "bookshop".to_owned();
                    let gathered = self.gather_packed(files).await;
                    let origin = Origin::Files {
                        name,
                        candidate: None,
                    };
                    self.take_fresh(Workspace::read(origin, gathered, Vec::new()))
                        .await;
                }
                Err(error) => self.say(error),
            }
        });
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

    /// Asks which Alembic project of the open folder is meant, and opens it.
    pub fn pick_another(self) {
        spawn_local(async move {
            match self.folder().await {
                Some(folder) if folder.permission(true).await == Ok(true) => {
                    self.open_folder(folder).await;
                }
                Some(_) => {
                    self.say("The browser was not allowed to read the folder; open it again.")
                }
                None => self.say("This browser has not kept the folder; open it again."),
            }
        });
    }

    async fn open_folder(self, folder: Folder) {
        let name = folder.name();
        let found = match folder.list().await {
            Ok(listing) => self.gather_one(&name, &listing).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(None) => {}
            Ok(Some((gathered, candidate))) => {
                let origin = Origin::Folder { name, candidate };
                let workspace = Workspace::read(origin, gathered, Vec::new());
                if let Some(store) = self.store() {
                    // Without it the folder is asked for again at the next visit.
                    let _ = store
                        .put_js(Table::Handles, &workspace.key(), folder.handle())
                        .await;
                }
                self.take_fresh(workspace).await;
            }
            Err(error) => self.say(format!("The folder {name:?} cannot be opened: {error}.")),
        }
    }

    /// The project in a folder, and which one it is where the person chose among several; none when they changed their
    /// mind.
    async fn gather_one(
        self,
        name: &str,
        listing: &Listing,
    ) -> Result<Option<(Gathered, Option<Candidate>)>, String> {
        let mut chosen = None;
        loop {
            match self.gather(listing, chosen.as_ref()).await? {
                Found::Project(gathered) => return Ok(Some((gathered, chosen))),
                Found::Several(candidates) => {
                    chosen = self.ask_which(name, candidates).await;
                    if chosen.is_none() {
                        return Ok(None);
                    }
                }
                Found::Nothing => {
                    return Err("neither it nor a folder in it has an alembic.ini, a pyproject.toml with [tool.alembic], an env.py beside a script.py.mako, a cofferdam.toml or an .sql file".into());
                }
            }
        }
    }

    /// Asks for files, or a folder where the browser lends none, and opens them.
    pub fn pick_files(self, folder: bool) {
        spawn_local(async move {
            let picked = match files::pick_files(folder).await {
                Ok(Some(listing)) => self.picked(listing).await,
                Ok(None) => return,
                Err(error) => Err(error),
            };
            match picked {
                Ok(Some(workspace)) => self.take_fresh(workspace).await,
                Ok(None) => {}
                Err(error) => self.say(format!("What was chosen cannot be opened: {error}.")),
            }
        });
    }

    /// The project among files that the person picked.
    async fn picked(self, listing: Listing) -> Result<Option<Workspace>, String> {
        let (name, listing) = project_among(listing);
        let Some((gathered, candidate)) = self.gather_one(&name, &listing).await? else {
            return Ok(None);
        };
        let mut workspace =
            Workspace::read(Origin::Files { name, candidate }, gathered, Vec::new());
        // Two projects are two, also where both were picked: drafts are kept by the project's name.
        if workspace.files.contains_key(CONFIG) {
            workspace.origin = Origin::Files {
                name: workspace.name(),
                candidate: None,
            };
        }
        Ok(Some(workspace))
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
    pub async fn replace_file(self, path: &str, text: Option<&str>, only_here: bool) {
        loop {
            let Some(open) = self.workspace.get_untracked() else {
                return;
            };
            if let Some(text) = text {
                let file = File::new(path.to_owned(), text.as_bytes().to_vec());
                if let Err(why) = self.read_python(&open, &file).await {
                    self.say(format!("{path} cannot be read: {why}."));
                }
            }
            // Others may ask what it makes.
            let changed = open.with_file(path, text, only_here);
            let changed = self.answered(changed).await;
            let is_still_open = self
                .workspace
                .with_untracked(|now| now.as_ref().is_some_and(|now| Arc::ptr_eq(now, &open)));
            if is_still_open {
                return self.take(changed);
            }
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
        let Ok(listing) = folder.list().await else {
            return;
        };
        let candidate = open.origin.candidate();
        let Ok(Found::Project(gathered)) = self.gather(&listing, candidate).await else {
            return;
        };
        let is_still_open = self
            .workspace
            .with_untracked(|now| now.as_ref().is_some_and(|now| Arc::ptr_eq(now, &open)));
        if is_still_open && gathered.files != *open.files {
            self.take(Workspace::read(open.origin.clone(), gathered, Vec::new()));
        }
    }

    /// The memory of the open project's Python files, where its set-up is still this one.
    fn python_of(self, setup: AlembicSetup) -> Python {
        let open = self.workspace.get_untracked();
        open.and_then(|open| open.python.clone())
            .filter(|python| *python.setup == setup)
            .unwrap_or_else(|| Python::new(setup))
    }
}

/// The project that is built into the app; else what to do, in words.
async fn example() -> Result<Workspace, String> {
    let gathered = Gathered {
        files: packed("observatory").await?,
        ..Gathered::default()
    };
    Ok(Workspace::read(Origin::Example, gathered, Vec::new()))
}

/// The files of a project that is built into the app.
async fn packed(name: &str) -> Result<BTreeMap<String, File>, String> {
    let address = format!("/vendor/examples/{name}.json");
    let packed = match gloo::net::http::Request::get(&address).send().await {
        Ok(answer) => answer.json::<Packed>().await,
        Err(error) => Err(error),
    };
    let packed = packed.map_err(|error| {
        format!("The example cannot be read: {error}. Open a folder of your own, or reload.")
    })?;
    let files = packed.files.into_iter().map(|file| {
        let bytes = file.text.into_bytes();
        (file.path.clone(), File::new(file.path, bytes))
    });
    Ok(files.collect())
}

/// The project among files that the person picked, with the name of their folder: what is below the topmost
/// `cofferdam.toml`. Without one, what is below the picked folder, whose own SQL files are revisions.
fn project_among(listing: Listing) -> (String, Listing) {
    let configs = listing
        .paths()
        .filter_map(|path| path.strip_suffix(CONFIG))
        .filter(|root| root.is_empty() || root.ends_with('/'));
    let configured = configs.min_by_key(|root| root.len()).map(str::to_owned);
    let folder = shared_folder(&listing).map(str::to_owned);
    let root = match (&configured, &folder) {
        (Some(root), _) => root.clone(),
        (None, Some(folder)) => format!("{folder}/"),
        (None, None) => String::new(),
    };
    let listing = listing.renamed(|path| {
        let path = path.strip_prefix(root.as_str())?;
        let is_revision = configured.is_none() && !path.contains('/') && path.ends_with(".sql");
        Some(match is_revision {
            true => format!("versions/{path}"),
            false => path.to_owned(),
        })
    });
    (folder.unwrap_or_else(|| "files".into()), listing)
}

/// The folder in which all of them lie; a browser puts the picked folder's name before each path.
fn shared_folder(listing: &Listing) -> Option<&str> {
    let top = |path: &str| path.find('/');
    let first = listing.paths().next()?;
    let folder = &first[..top(first)?];
    listing
        .paths()
        .all(|path| top(path).is_some_and(|end| path[..end] == *folder))
        .then_some(folder)
}
