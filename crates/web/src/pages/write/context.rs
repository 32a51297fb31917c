//! What writing takes from the app's state, and puts back.

use super::saved::Saved;
use super::sheet::Sheet;
use super::{address, clock};
use crate::js::python::Written;
use crate::save::{self, Place};
use crate::state::drafts::Base;
use crate::state::python::PYTHON;
use crate::state::workspace::File;
use crate::state::{Draft, Origin, State, look, state};
use cofferdam_engine::api::{Change, Conflict};
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use cofferdam_engine::script;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[derive(Clone, Copy)]
pub struct Shop {
    state: State,
    /// None until a project is open.
    pub saved: Memo<Option<Arc<Saved>>>,
    /// Counts the discarded drafts that came back.
    pub restored: RwSignal<u32>,
}

/// Where a draft is taken back to.
pub type Undo = Arc<dyn Fn() + Send + Sync>;

pub fn shop() -> Shop {
    let state = state();
    let saved = Memo::new(move |_| {
        state
            .workspace
            .get()
            .map(|workspace| Arc::new(Saved::new(workspace)))
    });
    Shop {
        state,
        saved,
        restored: RwSignal::new(0),
    }
}

impl Shop {
    pub fn drafts(self) -> Vec<Draft> {
        self.state.own_drafts()
    }

    pub fn draft(self, id: &str) -> Option<Draft> {
        untrack(|| self.drafts())
            .into_iter()
            .find(|draft| draft.id == id)
    }

    /// Whether drafts outlive the tab.
    pub fn keeps_drafts(self) -> bool {
        self.state.keeps.get()
    }

    pub fn keep_draft(self, draft: Draft) {
        self.state.keep_draft(draft);
    }

    /// What a text says as a file of the open project.
    pub fn sheet(self, path: &str, text: &str) -> Sheet {
        let saved = self.saved.get_untracked();
        Sheet::read(saved.as_ref().map(|saved| &*saved.workspace), path, text)
    }

    /// Has a Python file read; [`sheet`](Self::sheet) knows what it says from then on.
    pub async fn read_first(self, path: &str, text: &str) -> Result<(), String> {
        match self.saved.try_get_untracked().flatten() {
            Some(saved) => {
                let file = File::new(path.to_owned(), text.as_bytes().to_vec());
                self.state.read_python(&saved.workspace, &file).await
            }
            None => Ok(()),
        }
    }

    /// Changes the header of a Python file; none where its form does not allow it.
    pub async fn rewrite(self, text: &str, revision: &Revision) -> Result<Option<String>, String> {
        self.state.rewrite_python(text, revision).await
    }

    /// Changes what the functions of a Python file do, each where it is given; none where its form does not allow it.
    pub async fn fill(
        self,
        text: &str,
        upgrade: Option<&str>,
        downgrade: Option<&Downgrade>,
    ) -> Result<Option<String>, String> {
        let saved = self.saved.try_get_untracked().flatten();
        let saved = saved.ok_or("no project is open")?;
        self.state
            .fill_python(&saved.workspace, text, upgrade, downgrade)
            .await
    }

    /// The text of a new file of the open project, with what has to be said of its form.
    pub async fn write(self, path: &str, revision: &Revision) -> Result<Written, String> {
        let saved = self.saved.try_get_untracked().flatten();
        let saved = saved.ok_or("no project is open")?;
        if !path.ends_with(PYTHON) {
            return Ok(Written {
                text: script::write(revision),
                notice: None,
            });
        }
        let written = self.state.write_python(&saved.workspace, revision).await?;
        self.read_first(path, &written.text).await?;
        Ok(written)
    }

    pub fn drop_draft(self, id: &str) {
        self.state.drop_draft(id);
    }

    /// Brings a discarded draft back, also after its page was left.
    pub fn restore(self, draft: Draft) {
        self.state.keep_draft(draft);
        self.restored.try_update(|count| *count += 1);
    }

    /// Saves a deleted file again, also after its page was left.
    pub fn put_back(self, file: Base) {
        spawn_local(async move {
            let place = self.place().await;
            let changes = [Change {
                path: file.path.clone(),
                base_sha256: None,
                text: Some(file.text.clone()),
            }];
            let theirs = |path: &str| {
                let open = self.state.workspace.get_untracked()?;
                open.files.get(path).map(|file| file.text())
            };
            let message = format!("Put {} back", file.path);
            match save::save(&place, message, &changes, theirs).await {
                Ok(()) => {
                    let only_here = matches!(place, Place::Browser);
                    self.state
                        .replace_file(&file.path, Some(&file.text), only_here)
                        .await;
                    self.say(format!("{} is back.", file.path), None);
                }
                // Its text is not lost: a draft of a new file has it.
                Err(why) => {
                    let words = format!("{} is a draft now. {}", file.path, why.words());
                    self.state.keep_draft(Draft {
                        project: self
                            .state
                            .workspace
                            .with_untracked(|it| it.as_ref().map(|it| it.key()))
                            .unwrap_or_default(),
                        id: address::of_path(&file.path),
                        path: file.path,
                        text: file.text,
                        base: None,
                        parents: Vec::new(),
                        updated_at: clock::millis(),
                    });
                    self.say(words, None);
                }
            }
        });
    }

    /// Says something short, with a way back.
    pub fn say(self, words: String, undo: Option<Undo>) {
        self.state.say_with(words, undo);
    }

    /// The environments on which `id` counts as applied, by all that is known.
    pub fn applied_on(self, id: &RevisionId) -> Vec<String> {
        let id = id.as_str();
        self.state.environments.with(|environments| {
            environments
                .iter()
                .filter(|environment| {
                    environment.applied.iter().any(|applied| applied == id)
                        || environment.half_applied.as_ref().is_some_and(|half| half.revision == id)
                        // What the database says now counts for more than what the journal remembers.
                        || (environment.error.is_some() && environment.journal.iter().any(|file| file.revision == id))
                })
                .map(|environment| environment.name.clone())
                .collect()
        })
    }

    /// Whether some database has `id` from a file of this digest, by its journal.
    pub fn ran_as(self, id: &RevisionId, sha256: &str) -> bool {
        self.state.environments.with(|environments| {
            environments
                .iter()
                .flat_map(|environment| &environment.journal)
                .any(|file| file.revision == id.as_str() && file.sha256 == sha256)
        })
    }

    /// The signed-in user's name, or the one that was given last.
    pub fn author(self) -> Option<String> {
        let user = self.state.session.with_untracked(|session| {
            session
                .as_ref()
                .and_then(|session| session.user.as_ref().map(|user| user.name.clone()))
        });
        user.or_else(|| Some(look::author()))
            .filter(|name| !name.is_empty())
    }

    /// Remembers the author's name for the next revision.
    pub fn remember_author(self, name: &str) {
        look::keep_author(name);
    }

    /// Where the open project is saved now.
    pub async fn place(self) -> Place {
        let origin = self
            .state
            .workspace
            .with_untracked(|workspace| workspace.as_ref().map(|open| open.origin.clone()));
        match origin {
            Some(Origin::Server { .. }) if self.state.gone.get_untracked() => {
                Place::Draft(self.offline())
            }
            Some(Origin::Server { slug }) if untrack(|| self.state.is_signed_in()) => {
                Place::Server { slug }
            }
            Some(Origin::Server { .. }) => Place::Draft(format!(
                "Nobody is signed in, so it is not saved to the project. {} Sign in as an author and save again.",
                self.kept(),
            )),
            Some(Origin::Folder { .. }) => self
                .state
                .folder()
                .await
                .map_or(Place::Browser, Place::Folder),
            Some(Origin::Example | Origin::Files { .. }) | None => Place::Browser,
        }
    }

    /// What is said while the server cannot be reached.
    pub fn offline(self) -> String {
        format!(
            "The server cannot be reached, so it is not saved to the project yet. {} Save again once you are connected.",
            self.kept(),
        )
    }

    fn kept(self) -> &'static str {
        if self.state.keeps.get_untracked() {
            "The draft is kept in this browser."
        } else {
            "The draft is kept only while this tab is open."
        }
    }

    /// Takes what was saved into the open project; the draft `id` is done with, unless it is further already.
    pub async fn take_over(self, id: &str, changes: &[Change], place: &Place) {
        let text = changes.iter().find_map(|change| change.text.as_deref());
        if self
            .draft(id)
            .is_some_and(|draft| text.is_none_or(|text| text == draft.text))
        {
            self.state.drop_draft(id);
        }
        let only_here = matches!(place, Place::Browser);
        // What goes, goes first: an id is never there twice.
        let (gone, written): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| change.text.is_none());
        for change in gone.into_iter().chain(written) {
            self.state
                .replace_file(&change.path, change.text.as_deref(), only_here)
                .await;
        }
    }

    /// Takes what the folder or the server holds instead into the open project.
    pub async fn learn(self, conflicts: &[Conflict], place: &Place) {
        if matches!(place, Place::Folder(_) | Place::Server { .. }) {
            for conflict in conflicts {
                self.state
                    .replace_file(&conflict.path, conflict.theirs.as_deref(), false)
                    .await;
            }
        }
    }

    /// Whether the open project's server does not answer.
    pub fn is_cut_off(self) -> bool {
        self.state.gone.get()
    }

    /// The files that are saved only in this browser, with their texts.
    pub fn only_here(self) -> Vec<(String, String)> {
        self.state.workspace.with(|workspace| {
            let Some(workspace) = workspace else {
                return Vec::new();
            };
            let files = workspace
                .only_here
                .iter()
                .filter_map(|path| workspace.files.get(path));
            files.map(|file| (file.path.clone(), file.text())).collect()
        })
    }

    pub fn project_name(self) -> String {
        self.state.workspace.with_untracked(|workspace| {
            workspace
                .as_ref()
                .map(|open| open.name())
                .unwrap_or_default()
        })
    }

    pub fn download_project(self) {
        self.state.download_project();
    }
}
