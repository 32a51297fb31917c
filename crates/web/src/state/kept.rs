//! Projects that this browser keeps: each as it was when it was last open, the newest first.
//!
//! Invariant: what is saved only in this browser is never lost by opening something else. Opening the same project
//! again lays it over the files that come, or turns it into a draft where they differ.

use super::python::Python;
use super::workspace::{File, Origin, Workspace};
use super::{Draft, State};
use crate::js::store::Table;
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::digest::sha256;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The key of the list of kept projects; no project's key is like it.
const LIST: &str = "last";
/// More than these are kept only where something is saved in no other place.
const MOST: usize = 6;

/// A project that can be opened again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kept {
    /// [`Workspace::key`].
    pub key: String,
    pub name: String,
    /// How many files are saved only here.
    pub only_here: usize,
}

/// A project as it was when it was last open.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    origin: Origin,
    files: Vec<(String, Vec<u8>, String)>,
    only_here: Vec<String>,
    /// For one of Alembic's: what its own files say.
    #[serde(default)]
    setup: Option<AlembicSetup>,
    /// Why its configuration cannot be read.
    #[serde(default)]
    trouble: Option<String>,
}

impl Snapshot {
    fn of(workspace: &Workspace) -> Self {
        let files = workspace.files.values();
        Snapshot {
            origin: workspace.origin.clone(),
            files: files
                .map(|file| (file.path.clone(), file.bytes.clone(), file.sha256.clone()))
                .collect(),
            only_here: workspace.only_here.clone(),
            setup: workspace
                .python
                .as_ref()
                .map(|python| (*python.setup).clone()),
            // What else keeps Python files from being read is asked again.
            trouble: workspace
                .trouble
                .clone()
                .filter(|_| workspace.python.is_none()),
        }
    }

    async fn open(self, state: State) -> Workspace {
        let files = self.files.into_iter().map(|(path, bytes, sha256)| File {
            path,
            bytes,
            sha256,
        });
        let python = self.setup.map(Python::new);
        let mut gathered = state.read_kept(files, python).await;
        gathered.trouble = gathered.trouble.or(self.trouble);
        Workspace::read(self.origin, gathered, self.only_here)
    }
}

impl State {
    /// Makes `workspace` the open project, and keeps it for the next visit.
    pub(super) fn take(self, workspace: Workspace) {
        if self
            .workspace
            .with_untracked(|old| old.as_deref() == Some(&workspace))
        {
            return;
        }
        if workspace.slug().is_none() {
            self.environments.set(Vec::new());
        }
        let newest = Kept {
            key: workspace.key(),
            name: workspace.name(),
            only_here: workspace.only_here.len(),
        };
        let mut list = self.kept.get_untracked();
        list.retain(|kept| kept.key != newest.key);
        list.insert(0, newest);
        let mut seen = 0;
        let (list, forgotten): (Vec<Kept>, Vec<Kept>) = list.into_iter().partition(|kept| {
            seen += 1;
            seen <= MOST || kept.only_here > 0
        });
        self.kept.set(list.clone());
        let workspace = Arc::new(workspace);
        self.workspace.set(Some(workspace.clone()));
        spawn_local(async move {
            let Some(store) = self.store() else { return };
            let snapshot = Snapshot::of(&workspace);
            let kept = store
                .put(Table::Projects, &workspace.key(), &snapshot)
                .await
                .is_ok()
                && store.put(Table::Projects, LIST, &list).await.is_ok();
            if !kept {
                self.keeps.set(false);
            }
            for old in forgotten {
                // One that stays behind only takes room.
                let _ = store.delete(Table::Projects, &old.key).await;
            }
        });
    }

    /// The project that was open last.
    pub(super) async fn last_visit(self) -> Option<Workspace> {
        let list: Vec<Kept> = self.store()?.get(Table::Projects, LIST).await.ok()??;
        let newest = list.first()?.key.clone();
        self.kept.set(list);
        self.kept_project(&newest).await
    }

    async fn kept_project(self, key: &str) -> Option<Workspace> {
        let snapshot: Snapshot = self.store()?.get(Table::Projects, key).await.ok()??;
        Some(snapshot.open(self).await)
    }

    /// Opens a kept project, and looks whether its folder or server has something newer.
    pub fn open_kept(self, key: String) {
        spawn_local(async move {
            match self.kept_project(&key).await {
                Some(workspace) => {
                    self.take(workspace);
                    self.reconnect().await;
                }
                None => self.say("This browser has not kept that project; open it again."),
            }
        });
    }

    /// Reads Python files that were saved only here, and drafts: what is done with them next does not wait.
    pub(super) async fn read_besides(self, fresh: &Workspace, before: Option<&Workspace>) {
        let key = fresh.key();
        let mut files: Vec<File> = self.drafts.with_untracked(|drafts| {
            let own = drafts.iter().filter(|draft| draft.project == key);
            own.map(|draft| File::new(draft.path.clone(), draft.text.clone().into_bytes()))
                .collect()
        });
        if let Some(before) = before {
            let saved = before.only_here.iter();
            files.extend(saved.filter_map(|path| before.files.get(path).cloned()));
        }
        for file in &files {
            if let Err(why) = self.read_python(fresh, file).await {
                return self.say(format!("{} cannot be read: {why}.", file.path));
            }
        }
    }

    /// Opens files that have just come, with what was saved only in this browser when the same project was last open.
    pub(super) async fn take_fresh(self, mut fresh: Workspace) {
        let before = self.kept_project(&fresh.key()).await;
        self.read_besides(&fresh, before.as_ref()).await;
        for path in before.iter().flat_map(|before| &before.only_here) {
            let saved = before.as_ref().and_then(|before| before.files.get(path));
            match (saved, rival(&fresh, path, saved)) {
                (Some(saved), Some(theirs)) if saved.bytes == theirs.bytes => {}
                (Some(saved), Some(theirs)) if fresh.origin != Origin::Example => {
                    self.keep_draft(draft(&fresh, saved, theirs));
                    self.say(format!(
                        "{path} was saved in this browser and differs from the file that came. What was saved here is a draft now."
                    ));
                }
                (Some(saved), _) => fresh = fresh.with_file(path, Some(&saved.text()), true),
                (None, _) if fresh.origin == Origin::Example => {
                    fresh = fresh.with_file(path, None, true);
                }
                // It was deleted only here; the file that came stands.
                (None, _) => {}
            }
        }
        let fresh = self.answered(fresh).await;
        self.take(fresh);
    }
}

/// The file of `fresh` that stands where `saved` would: by path, or by the revision that it is.
fn rival<'a>(fresh: &'a Workspace, path: &str, saved: Option<&File>) -> Option<&'a File> {
    let by_path = fresh.files.get(path);
    by_path.or_else(|| {
        let reading = fresh.reading_of(path, &saved?.text());
        let id = &reading.script.as_ref()?.revision.id;
        fresh.files.get(&fresh.script(id)?.path)
    })
}

fn draft(fresh: &Workspace, saved: &File, theirs: &File) -> Draft {
    let reading = fresh.reading_of(&saved.path, &saved.text());
    Draft {
        project: fresh.key(),
        id: reading.script.as_ref().map_or_else(
            || sha256(saved.path.as_bytes())[..12].to_owned(),
            |script| script.revision.id.to_string(),
        ),
        path: saved.path.clone(),
        text: saved.text(),
        base: Some(super::drafts::Base {
            path: theirs.path.clone(),
            text: theirs.text(),
            sha256: theirs.sha256.clone(),
        }),
        parents: Vec::new(),
        updated_at: js_sys::Date::now(),
    }
}
