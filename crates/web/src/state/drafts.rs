//! Drafts: revisions being written, kept in the browser until they are saved or discarded.

use super::State;
use crate::js::store::Table;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// The saved file that a draft was begun on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    pub path: String,
    pub text: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
}

/// A revision being written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The key of its project ([`super::Workspace::key`]).
    pub project: String,
    pub id: String,
    pub path: String,
    pub text: String,
    /// None for a new revision.
    pub base: Option<Base>,
    /// The parents when it was begun, each with its file's SHA-256.
    pub parents: Vec<(String, String)>,
    /// Milliseconds since 1970.
    pub updated_at: f64,
}

impl Draft {
    fn key(&self) -> String {
        format!("{}\u{1f}{}", self.project, self.id)
    }
}

impl State {
    pub(super) async fn load_drafts(self) {
        let Some(store) = self.store() else { return };
        if let Ok(kept) = store.list::<Draft>(Table::Drafts).await {
            self.drafts
                .set(kept.into_iter().map(|(_, draft)| draft).collect());
        }
    }

    /// Keeps `draft`, in the place of an earlier one with its id.
    pub fn keep_draft(self, draft: Draft) {
        self.drafts.update(|drafts| {
            drafts.retain(|other| other.key() != draft.key());
            drafts.push(draft.clone());
        });
        spawn_local(async move {
            if let Some(store) = self.store()
                && store
                    .put(Table::Drafts, &draft.key(), &draft)
                    .await
                    .is_err()
            {
                self.keeps.set(false);
            }
        });
    }

    /// Forgets the open project's draft `id`.
    pub fn drop_draft(self, id: &str) {
        let Some(project) = self
            .workspace
            .with_untracked(|workspace| workspace.as_ref().map(|it| it.key()))
        else {
            return;
        };
        let mut key = None;
        self.drafts.update(|drafts| {
            drafts.retain(|draft| {
                let goes = draft.project == project && draft.id == id;
                if goes {
                    key = Some(draft.key());
                }
                !goes
            });
        });
        spawn_local(async move {
            if let (Some(store), Some(key)) = (self.store(), key) {
                // A draft that stays behind is offered again, never lost.
                let _ = store.delete(Table::Drafts, &key).await;
            }
        });
    }

    /// The open project's drafts.
    pub fn own_drafts(self) -> Vec<Draft> {
        let project = self
            .workspace
            .with(|workspace| workspace.as_ref().map(|it| it.key()));
        self.drafts.with(|drafts| {
            drafts
                .iter()
                .filter(|draft| Some(&draft.project) == project.as_ref())
                .cloned()
                .collect()
        })
    }
}
