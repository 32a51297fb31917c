//! Saving, discarding and deleting what is on the desk, and deciding a conflict.

use super::conflict::{Choice, their_base};
use super::context::Shop;
use super::desk::{self, Desk};
use crate::save::{self, Place, Refused};
use crate::state::drafts::Base;
use cofferdam_engine::api::{Change, Conflict};
use cofferdam_engine::digest::sha256;
use cofferdam_engine::three_way;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Idle,
    Saving,
    /// Where it was saved.
    Saved(String),
    /// Nowhere yet: it stays a draft, and something is to be done.
    Kept(String),
    /// Nowhere yet: the server cannot be reached.
    Offline(String),
    /// Why it was not.
    Refused(String),
}

/// Goes to an address.
type Go = Box<dyn Fn(&str)>;

#[derive(Clone, Copy)]
pub struct Saving {
    desk: Desk,
    shop: Shop,
    pub state: RwSignal<State>,
    conflicts: RwSignal<Vec<Conflict>>,
    go: StoredValue<Go, LocalStorage>,
}

impl Saving {
    pub fn new(desk: Desk) -> Self {
        let navigate = use_navigate();
        let shop = desk.shop;
        let saving = Saving {
            desk,
            shop,
            state: RwSignal::new(State::Idle),
            conflicts: RwSignal::new(Vec::new()),
            go: StoredValue::new_local(Box::new(move |to| navigate(to, Default::default()))),
        };
        // What is only looked at shows the file as it is.
        Effect::new(move |_| {
            if let Some(conflict) = saving.difference()
                && desk.kept_at.with_untracked(Option::is_none)
                && let Some(base) = their_base(&conflict)
            {
                desk.settle(Some(base));
            }
        });
        // What was said of saving stands until the next change.
        Effect::new(move |_| {
            if desk.kept_at.get().is_some()
                && matches!(saving.state.get_untracked(), State::Saved(_))
            {
                saving.state.set(State::Idle);
            }
        });
        Effect::new(move |_| {
            if !shop.is_cut_off() && matches!(saving.state.get_untracked(), State::Offline(_)) {
                saving.state.set(State::Idle);
            }
        });
        saving
    }

    /// The conflict to decide, if any.
    pub fn conflict(self) -> Option<Conflict> {
        self.conflicts.with(|conflicts| conflicts.first().cloned())
    }

    pub fn put_off(self) {
        self.conflicts.set(Vec::new());
    }

    pub fn look_at(self, conflict: Conflict) {
        self.conflicts.set(vec![conflict]);
    }

    /// The draft's file as it is in the project now, where that is not what the draft was begun on.
    pub fn changed_meanwhile(self) -> Option<Conflict> {
        self.desk
            .kept_at
            .with(Option::is_some)
            .then(|| self.difference())
            .flatten()
    }

    fn difference(self) -> Option<Conflict> {
        let base = self.desk.base.get()?;
        let saved = self.shop.saved.get()?;
        let change = Change {
            path: base.path.clone(),
            base_sha256: Some(base.sha256.clone()),
            text: Some(String::new()),
        };
        match saved.file(&base.path) {
            Some(now) if now.sha256 == base.sha256 => None,
            now => save::conflict(&change, now.as_ref().map(|now| now.text.as_bytes())),
        }
    }

    /// What saving would write: a renamed file is a new one, and the old one gone.
    fn changes(self) -> Vec<Change> {
        let (path, text) = self
            .desk
            .sheet
            .with_untracked(|sheet| (sheet.path.clone(), sheet.text.clone()));
        let base = self.desk.base.get_untracked();
        match base {
            Some(base) if base.path == path => {
                vec![Change {
                    path,
                    base_sha256: Some(base.sha256.clone()),
                    text: Some(text),
                }]
            }
            Some(base) => vec![
                Change {
                    path,
                    base_sha256: None,
                    text: Some(text),
                },
                Change {
                    path: base.path.clone(),
                    base_sha256: Some(base.sha256.clone()),
                    text: None,
                },
            ],
            None => vec![Change {
                path,
                base_sha256: None,
                text: Some(text),
            }],
        }
    }

    pub fn save(self) {
        self.desk.flush();
        if self.state.get_untracked() == State::Saving || !untrack(move || self.desk.is_changed()) {
            return;
        }
        if let Some(words) = untrack(move || self.desk.refusal()) {
            self.state.set(State::Refused(words));
            return;
        }
        let message = self.desk.sheet.with_untracked(|sheet| {
            sheet
                .revision()
                .map(|revision| revision.message.clone())
                .unwrap_or_default()
        });
        let changes = self.changes();
        self.write(message, changes, move |place, changes| {
            let Some(Change {
                path,
                text: Some(text),
                ..
            }) = changes.into_iter().next()
            else {
                return;
            };
            let base = Base {
                sha256: sha256(text.as_bytes()),
                path: path.clone(),
                text,
            };
            let same = self.desk.text_now() == base.text;
            if same {
                self.desk.settle(Some(base));
            } else {
                // Somebody went on typing.
                self.desk.rebase(Some(base));
            }
            self.state.set(State::Saved(where_saved(&place, &path)));
        });
    }

    /// Deletes the file.
    pub fn delete(self) {
        let Some(base) = self.desk.base.get_untracked() else {
            return;
        };
        let change = Change {
            path: base.path.clone(),
            base_sha256: Some(base.sha256.clone()),
            text: None,
        };
        let message = format!("Delete {}", desk::name_of(&base.path));
        self.write(message, vec![change], move |_, _| {
            self.desk.settle(None);
            let shop = self.shop;
            let words = format!("Deleted {}.", base.path);
            let undo = move || shop.put_back((*base).clone());
            self.shop.say(words, Some(Arc::new(undo)));
            self.go.with_value(|go| go("/history"));
        });
    }

    fn write(
        self,
        message: String,
        changes: Vec<Change>,
        then: impl FnOnce(Place, Vec<Change>) + 'static,
    ) {
        let shop = self.shop;
        let id = self.desk.id.get_value();
        let saved = shop.saved.get_untracked();
        self.state.set(State::Saving);
        spawn_local(async move {
            let place = shop.place().await;
            let theirs = |path: &str| saved.as_ref()?.file(path).map(|file| file.text);
            let result = save::save(&place, message, &changes, theirs).await;
            if result.is_ok() {
                // Whether or not the page has been left meanwhile.
                shop.take_over(&id, &changes, &place).await;
            }
            if self.state.try_set(State::Idle).is_some() {
                return;
            }
            match result {
                Ok(()) => then(place, changes),
                Err(Refused::Conflicts(conflicts)) => {
                    shop.learn(&conflicts, &place).await;
                    if changes.iter().all(|change| change.text.is_none()) {
                        let words = "The file has changed since it was opened, so it was not deleted. This is how it is now.";
                        self.state.set(State::Refused(words.into()));
                    } else {
                        self.conflicts.set(conflicts);
                    }
                }
                Err(Refused::Offline) => self.state.set(State::Offline(shop.offline())),
                Err(Refused::Because(words)) if matches!(place, Place::Draft(_)) => {
                    self.state.set(if shop.is_cut_off() {
                        State::Offline(words)
                    } else {
                        State::Kept(words)
                    });
                }
                Err(Refused::Because(words)) => self.state.set(State::Refused(words)),
            }
        });
    }

    /// Lets the draft go; it can be had back for a moment.
    pub fn discard(self) {
        let draft = self.desk.draft();
        let id = draft.id.clone();
        self.shop.drop_draft(&id);
        let shop = self.shop;
        let base = self.desk.base.get_untracked();
        let words = if base.is_some() {
            "Changes discarded."
        } else {
            "Draft discarded."
        };
        self.shop.say(
            words.into(),
            Some(Arc::new(move || shop.restore(draft.clone()))),
        );
        match base {
            Some(base) => self.desk.settle(Some((*base).clone())),
            None => {
                self.desk.settle(None);
                self.go.with_value(|go| go("/write"));
            }
        }
    }

    /// What the author decided; the other text is never lost without a way back.
    pub fn decide(self, choice: Choice, conflict: Conflict) {
        self.put_off();
        let theirs = their_base(&conflict);
        match choice {
            Choice::Mine => {
                self.desk.rebase(theirs);
                self.save();
            }
            Choice::Both => {
                let Some(theirs) = theirs else { return };
                let base = self
                    .desk
                    .base
                    .get_untracked()
                    .map(|base| base.text.clone())
                    .unwrap_or_default();
                let (text, clashes) = three_way::merged(
                    &cofferdam_engine::rewrite::plain(&base),
                    &self.desk.text_now(),
                    &cofferdam_engine::rewrite::plain(&theirs.text),
                );
                self.desk.rebase(Some(theirs));
                let first = text.find(three_way::OPENS);
                self.desk.put(text);
                if let Some(first) = first {
                    self.desk.jump(first);
                }
                self.state.set(State::Kept(if clashes == 0 {
                    "Both changes are in the text now. Look at it, and save.".into()
                } else {
                    "Both texts stand between the marks <<<<<<< and >>>>>>>. Keep what is right, and save.".into()
                }));
            }
            Choice::Theirs => {
                let draft = self.desk.draft();
                let shop = self.shop;
                shop.drop_draft(&draft.id);
                self.shop.say(
                    "Your changes were dropped.".into(),
                    Some(Arc::new(move || shop.restore(draft.clone()))),
                );
                match theirs {
                    Some(theirs) => self.desk.settle(Some(theirs)),
                    None => {
                        self.desk.settle(None);
                        self.go.with_value(|go| go("/write"));
                    }
                }
            }
        }
    }
}

fn where_saved(place: &Place, path: &str) -> String {
    match place {
        Place::Folder(folder) => format!("Saved in the folder {}: {path}", folder.name()),
        Place::Server { .. } => format!("Saved in the project's folder on the server: {path}"),
        Place::Browser | Place::Draft(_) => format!(
            "Saved only in this browser's copy of the project: {path}. Download it to put it into your repository."
        ),
    }
}
