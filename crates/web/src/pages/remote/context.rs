//! What these pages ask of the app's state.

use crate::state::State;
use cofferdam_engine::api::User;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;

/// A saved revision by name, with its file as it is now.
#[derive(Clone, PartialEq)]
pub struct Named {
    pub id: String,
    pub message: String,
    pub path: String,
    pub sha256: String,
}

impl State {
    /// Who is signed in.
    pub fn user(self) -> Option<User> {
        self.session.with(|session| session.as_ref()?.user.clone())
    }

    /// A server answers, and nobody is signed in.
    pub fn signed_out(self) -> bool {
        self.session.with(|session| {
            session
                .as_ref()
                .is_some_and(|session| session.user.is_none())
        })
    }

    /// Somebody is signed in, but what is open is not the server's project.
    pub fn elsewhere(self) -> bool {
        self.is_signed_in()
            && self
                .workspace
                .with(|workspace| workspace.as_ref().is_some_and(|it| it.slug().is_none()))
    }

    /// The address of `room` of the server's project, below `/api/v1`.
    pub fn project_path(self, room: &str) -> Option<String> {
        self.slug()
            .map(|slug| format!("/projects/{}/{room}", crate::http::segment(&slug)))
    }

    /// The same, without following it.
    pub fn project_path_now(self, room: &str) -> Option<String> {
        untrack(|| self.project_path(room))
    }

    /// The saved revisions, newest first.
    pub fn revisions(self) -> Vec<Named> {
        self.workspace.with(|workspace| {
            let history = workspace
                .as_ref()
                .and_then(|workspace| workspace.history.as_ref().ok());
            history
                .iter()
                .flat_map(|history| history.scripts().rev())
                .map(|script| Named {
                    id: script.revision.id.to_string(),
                    message: script.revision.message.clone(),
                    path: script.path.clone(),
                    sha256: script.sha256.clone(),
                })
                .collect()
        })
    }

    pub fn head_count(self) -> usize {
        self.workspace.with(|workspace| {
            workspace
                .as_ref()
                .map_or(0, |workspace| workspace.heads().len())
        })
    }

    /// The first revision that `id` comes after.
    pub fn parent_now(self, id: &str) -> Option<String> {
        let id = RevisionId::new(id).ok()?;
        self.workspace.with_untracked(|workspace| {
            let script = workspace.as_ref()?.script(&id)?;
            script.revision.down.first().map(ToString::to_string)
        })
    }
}
