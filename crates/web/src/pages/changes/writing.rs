//! Writing what a change needs into the project: its file, its queries, and its revisions, all or none.

use super::asking::Asking;
use super::drawing::Drawn;
use crate::pages::write::clock;
use crate::pages::write::context::{self, Shop};
use crate::save::{self, Place, Refused};
use crate::state::{State, state};
use cofferdam_engine::api;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{self, Change, ChangeId, Part};
use cofferdam_engine::revision::Revision;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::rc::Rc;
use std::sync::Arc;

/// How writing stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Idle,
    Writing,
    /// Nothing was written; a sentence says why.
    Refused(String),
}

/// Goes to an address.
type Go = Rc<dyn Fn(&str)>;

/// What writes the page's change, and goes where it is to be seen then.
#[derive(Clone, Copy)]
pub struct Writing {
    shop: Shop,
    state: State,
    pub stage: RwSignal<Stage>,
    go: StoredValue<Go, LocalStorage>,
}

impl Writing {
    /// For a page, which stays while what it shows is drawn anew.
    pub fn new() -> Self {
        let navigate = use_navigate();
        let go = move |address: &str| navigate(address, NavigateOptions::default());
        Writing {
            shop: context::shop(),
            state: state(),
            stage: RwSignal::new(Stage::Idle),
            go: StoredValue::new_local(Rc::new(go)),
        }
    }

    pub fn is_busy(self) -> bool {
        *self.stage.read() == Stage::Writing
    }

    /// Writes `parts` of the change as revisions onto the head, with its file, its queries and what is known of them. `words`
    /// says what was done.
    pub fn write(self, drawn: Arc<Drawn>, asking: Asking, parts: Vec<Part>, words: String) {
        let evidence = asking.evidence(&drawn);
        let text = asking.text.get_untracked();
        let change = drawn.to_keep();
        self.run(words, async move |this| {
            let (change, mut files) = this.revisions(change, &parts).await?;
            this.add_queries(&change, &text, evidence, &mut files);
            let message = format!("{}: {}", change.id, change.title());
            this.put(message, files).await?;
            Ok(format!("/changes/{}", change.id))
        });
    }

    /// Writes a change's file, and its queries.
    pub fn keep(self, drawn: &Drawn, asking: Asking) {
        let change = drawn.to_keep();
        let text = asking.text.get_untracked();
        let words = format!("Kept as {}.", change.id.path());
        self.run(words, async move |this| {
            let mut files = vec![this.file(change.id.path(), Some(change.write()))];
            this.add_queries(&change, &text, None, &mut files);
            // What was found of other queries is not found of these.
            files.extend(this.gone(change.id.matrix_path()));
            this.put(format!("{}: {}", change.id, change.title()), files)
                .await?;
            Ok(format!("/changes/{}", change.id))
        });
    }

    /// Writes the revision that removes for good what the change's contract put into quarantine.
    pub fn sweep(self, id: ChangeId) {
        let words = format!("Wrote the revision that sweeps what {id} put into quarantine.");
        self.run(words, async move |this| {
            let saved = this.shop.saved.get_untracked();
            let saved = saved.ok_or("No project is open.")?;
            let down = change::head(saved.workspace.sound_history()?);
            let down = down.map_err(|error| format!("{error}."))?;
            let revision = change::sweep(&id, clock::random_id(), down);
            let message = revision.message.clone();
            let file = this.revision(revision).await?;
            this.put(message, vec![file]).await?;
            Ok(format!("/changes/{id}"))
        });
    }

    /// Takes a change's files away; its revisions stay.
    pub fn delete(self, change: Change) {
        let words = format!("Deleted {}.", change.id.path());
        self.run(words, async move |this| {
            let id = &change.id;
            let paths = [id.path(), id.queries_path(), id.matrix_path()];
            let files = paths.into_iter().filter_map(|path| this.gone(path));
            let files: Vec<api::Change> = files.collect();
            this.put(format!("Delete {id}"), files).await?;
            Ok("/changes".to_owned())
        });
    }

    /// Does `work`, says `words`, and goes to the address that it gives.
    fn run(self, words: String, work: impl AsyncFnOnce(Self) -> Result<String, String> + 'static) {
        if self.stage.get_untracked() == Stage::Writing {
            return;
        }
        self.stage.set(Stage::Writing);
        spawn_local(async move {
            let done = work(self).await;
            if let Ok(address) = &done {
                self.state.say(words);
                // The page may be another one by now.
                self.go.try_with_value(|go| go(address));
            }
            self.stage.try_set(match done {
                Ok(_) => Stage::Idle,
                Err(words) => Stage::Refused(words),
            });
        });
    }

    /// The change with its new revisions, and the files of both.
    async fn revisions(
        self,
        mut change: Change,
        parts: &[Part],
    ) -> Result<(Change, Vec<api::Change>), String> {
        let saved = self.shop.saved.get_untracked();
        let saved = saved.ok_or("No project is open.")?;
        let history = saved.workspace.sound_history()?;
        let mut down = change::head(history).map_err(|error| format!("{error}."))?;
        let mut files = Vec::new();
        for part in parts {
            let id = clock::random_id();
            let revision = part.revision(&change.id, id.clone(), down);
            files.push(self.revision(revision).await?);
            change.written.push((part.phase, id.clone()));
            down = vec![id];
        }
        files.push(self.file(change.id.path(), Some(change.write())));
        Ok((change, files))
    }

    /// The file of a new revision, of now.
    async fn revision(self, mut revision: Revision) -> Result<api::Change, String> {
        let saved = self.shop.saved.get_untracked();
        let saved = saved.ok_or("No project is open.")?;
        let (moment, create_date) = clock::now(saved.config().timezone.as_deref());
        revision.create_date = Some(create_date);
        revision.author = self.shop.author();
        let path = saved.path_for(&revision.id, &revision.message, &moment);
        let written = self.shop.write(&path, &revision).await?;
        Ok(self.file(path, Some(written.text)))
    }

    fn add_queries(
        self,
        change: &Change,
        text: &str,
        evidence: Option<Evidence>,
        files: &mut Vec<api::Change>,
    ) {
        if text.trim().is_empty() {
            return files.extend(self.gone(change.id.queries_path()));
        }
        files.push(self.file(change.id.queries_path(), Some(text.to_owned())));
        if let Some(evidence) = evidence {
            files.push(self.file(change.id.matrix_path(), Some(evidence.write())));
        }
    }

    fn sha256(self, path: &str) -> Option<String> {
        self.state.workspace.with_untracked(|workspace| {
            let file = workspace.as_ref()?.files.get(path)?;
            Some(file.sha256.clone())
        })
    }

    /// Takes a file away, where there is one.
    fn gone(self, path: String) -> Option<api::Change> {
        self.sha256(&path)?;
        Some(self.file(path, None))
    }

    fn file(self, path: String, text: Option<String>) -> api::Change {
        api::Change {
            base_sha256: self.sha256(&path),
            path,
            text,
        }
    }

    /// Saves the files, all or none, and takes them into the open project.
    async fn put(self, message: String, files: Vec<api::Change>) -> Result<(), String> {
        let place = self.shop.place().await;
        let saved = self.shop.saved.get_untracked();
        let theirs = |path: &str| saved.as_ref()?.file(path).map(|file| file.text);
        match save::save(&place, message, &files, theirs).await {
            Ok(()) => {}
            Err(Refused::Offline) => return Err(OFFLINE.into()),
            Err(Refused::Because(_)) if matches!(place, Place::Draft(_)) => {
                return Err(match self.state.gone.get_untracked() {
                    true => OFFLINE,
                    false => "Nobody is signed in, so nothing is written. What is drawn stays in this page's address: sign in as an author, and write again.",
                }
                .into());
            }
            Err(refused) => return Err(refused.words()),
        }
        let only_here = matches!(place, Place::Browser);
        for file in &files {
            self.state
                .replace_file(&file.path, file.text.as_deref(), only_here)
                .await;
        }
        Ok(())
    }
}

const OFFLINE: &str = "The server cannot be reached, so nothing is written. What is drawn stays in this page's address: write again once you are connected.";
