//! The project as it is saved: what a draft is checked against, and named after.

use super::sheet::outline;
use crate::state::Workspace;
use crate::state::drafts::Base;
use cofferdam_engine::config;
use cofferdam_engine::revision::{RevisionId, Script};
use std::sync::Arc;

/// An open project's revision files.
pub struct Saved {
    pub workspace: Arc<Workspace>,
    /// Every revision without its SQL, parents before children where the history holds.
    pub outlines: Vec<Script>,
}

impl PartialEq for Saved {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.workspace, &other.workspace)
    }
}

impl Saved {
    pub fn new(workspace: Arc<Workspace>) -> Self {
        let outlines = match &workspace.history {
            Ok(history) => history.scripts().map(outline).collect(),
            Err(_) => workspace.scripts.iter().map(outline).collect(),
        };
        Saved {
            workspace,
            outlines,
        }
    }

    pub fn config(&self) -> &config::Project {
        &self.workspace.config.project
    }

    /// Revisions that no other comes after, in the history's order.
    pub fn heads(&self) -> Vec<RevisionId> {
        self.workspace.heads()
    }

    /// Revisions that come directly after `id`.
    pub fn children(&self, id: &RevisionId) -> Vec<RevisionId> {
        let above = self
            .outlines
            .iter()
            .filter(|script| script.revision.down.contains(id));
        above.map(|script| script.revision.id.clone()).collect()
    }

    pub fn newest_first(&self) -> impl Iterator<Item = &Script> {
        self.outlines.iter().rev()
    }

    pub fn script(&self, id: &RevisionId) -> Option<&Script> {
        self.outlines
            .iter()
            .find(|script| script.revision.id == *id)
    }

    pub fn message(&self, id: &RevisionId) -> Option<String> {
        self.script(id)
            .map(|script| script.revision.message.clone())
    }

    /// SHA-256 of the file of `id`; empty where there is none.
    pub fn digest(&self, id: &RevisionId) -> String {
        self.script(id)
            .map(|script| script.sha256.clone())
            .unwrap_or_default()
    }

    pub fn file(&self, path: &str) -> Option<Base> {
        let file = self.workspace.files.get(path)?;
        Some(Base {
            path: file.path.clone(),
            text: file.text(),
            sha256: file.sha256.clone(),
        })
    }

    pub fn revision_file(&self, id: &RevisionId) -> Option<Base> {
        self.file(&self.script(id)?.path)
    }

    /// Where a revision file of this name belongs.
    pub fn path_of(&self, name: &str) -> String {
        match self
            .config()
            .versions
            .trim_start_matches("./")
            .trim_end_matches('/')
        {
            "" | "." => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }

    /// What a merge of these is called.
    pub fn merge_message(&self, ids: &[RevisionId]) -> String {
        let names: Vec<String> = ids
            .iter()
            .map(
                |id| match self.message(id).filter(|message| !message.is_empty()) {
                    Some(message) => format!("{} ({message})", id.short()),
                    None => id.short().to_owned(),
                },
            )
            .collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("Merge {} and {last}", rest.join(", "))
            }
            _ => format!("Merge {}", names.join(", ")),
        }
    }
}
