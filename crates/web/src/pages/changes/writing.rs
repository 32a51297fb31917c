//! Writing what a change needs into the project: its file, its queries, and its revisions, all or none.

use super::asking::Asking;
use super::drawing::Drawn;
use crate::pages::write::clock;
use crate::pages::write::context::Shop;
use crate::save::{self, Place, Refused};
use crate::state::State;
use cofferdam_engine::api;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{self, Change, Part};
use leptos::prelude::*;
use leptos::task::spawn_local;
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

/// What writes the page's change.
#[derive(Clone, Copy)]
pub struct Writing {
    shop: Shop,
    state: State,
    pub stage: RwSignal<Stage>,
}

impl Writing {
    pub fn new(shop: Shop, state: State) -> Self {
        Writing {
            shop,
            state,
            stage: RwSignal::new(Stage::Idle),
        }
    }

    pub fn is_busy(self) -> bool {
        *self.stage.read() == Stage::Writing
    }

    /// Writes `parts` of the change as revisions onto the head, with its file, its queries and what is known of them. `words`
    /// says what was done; `then` goes on.
    pub fn write(
        self,
        drawn: Arc<Drawn>,
        asking: Asking,
        parts: Vec<Part>,
        words: String,
        then: impl FnOnce(&Change) + 'static,
    ) {
        let evidence = asking.evidence(&drawn);
        let text = asking.text.get_untracked();
        let change = drawn.change.clone();
        self.run(words, async move |this| {
            let (change, mut files) = this.revisions(change, &parts).await?;
            this.add_queries(&change, &text, evidence, &mut files);
            let message = format!("{}: {}", change.id, change.title());
            this.put(message, files).await?;
            then(&change);
            Ok(())
        });
    }

    /// Writes a change's file, and what it was found to be.
    pub fn keep(self, change: Change, words: String, then: impl FnOnce(&Change) + 'static) {
        self.run(words, async move |this| {
            let files = vec![this.file(change.id.path(), Some(change.write()))];
            this.put(format!("{}: {}", change.id, change.title()), files)
                .await?;
            then(&change);
            Ok(())
        });
    }

    /// Takes a change's files away; its revisions stay.
    pub fn delete(self, change: Change, then: impl FnOnce() + 'static) {
        let words = format!("Deleted {}.", change.id.path());
        self.run(words, async move |this| {
            let id = &change.id;
            let paths = [id.path(), id.queries_path(), id.matrix_path()];
            let files = paths.into_iter().filter(|path| this.sha256(path).is_some());
            let files: Vec<api::Change> = files.map(|path| this.file(path, None)).collect();
            this.put(format!("Delete {id}"), files).await?;
            then();
            Ok(())
        });
    }

    fn run(self, words: String, work: impl AsyncFnOnce(Self) -> Result<(), String> + 'static) {
        if self.stage.get_untracked() == Stage::Writing {
            return;
        }
        self.stage.set(Stage::Writing);
        spawn_local(async move {
            let done = work(self).await;
            if done.is_ok() {
                self.state.say(words);
            }
            // The page may be another one by now.
            self.stage.try_set(match done {
                Ok(()) => Stage::Idle,
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
        let history = saved.workspace.history.as_ref().map_err(|errors| {
            let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
            words.join("; ")
        })?;
        let mut down = change::head(history).map_err(|error| format!("{error}."))?;
        let mut files = Vec::new();
        for part in parts {
            let id = clock::random_id();
            let (moment, create_date) = clock::now(saved.config().timezone.as_deref());
            let mut revision = part.revision(&change.id, id.clone(), down);
            revision.create_date = Some(create_date);
            revision.author = self.shop.author();
            let path = saved.path_for(&id, &revision.message, &moment);
            let written = self.shop.write(&path, &revision).await?;
            files.push(self.file(path, Some(written.text)));
            change.written.push((part.phase, id.clone()));
            down = vec![id];
        }
        files.push(self.file(change.id.path(), Some(change.write())));
        Ok((change, files))
    }

    fn add_queries(
        self,
        change: &Change,
        text: &str,
        evidence: Option<Evidence>,
        files: &mut Vec<api::Change>,
    ) {
        if text.trim().is_empty() {
            return;
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
