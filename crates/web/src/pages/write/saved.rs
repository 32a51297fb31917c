//! The project as it is saved: what a draft is checked against, and named after.

use super::address;
use super::sheet::outline;
use crate::js::editor::Table;
use crate::state::Workspace;
use crate::state::drafts::Base;
use crate::state::python::PYTHON;
use crate::state::workspace::is_revision_path;
use cofferdam_engine::config;
use cofferdam_engine::file_name::{Moment, file_name_with};
use cofferdam_engine::revision::{RevisionId, Script};
use cofferdam_engine::sql::{self, schema::Schema};
use std::sync::Arc;

/// What a merge's message has of each merged one's, in characters.
const MERGED_WORDS: usize = 48;

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

/// A message, or its beginning.
fn clipped(message: String) -> String {
    match message.char_indices().nth(MERGED_WORDS) {
        Some((at, _)) => format!("{}…", message[..at].trim_end()),
        None => message,
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

    /// The file that an address names, and what its revision comes after. One that is not UTF-8 cannot be edited as
    /// text without loss.
    pub fn at(&self, address: &str) -> Option<(Base, &[RevisionId])> {
        let open = &self.workspace;
        if let Some(script) = address::script(open, address) {
            return Some((self.file(&script.path)?, &script.revision.down));
        }
        let file = open.files.values().find(|file| {
            is_revision_path(&file.path, &open.config, open.python.is_some())
                && address::of_path(&file.path) == address
                && std::str::from_utf8(&file.bytes).is_ok()
        })?;
        Some((self.file(&file.path)?, &[]))
    }

    /// Other files that have the id of the revision at `path`.
    pub fn twins(&self, id: &RevisionId, path: &str) -> impl Iterator<Item = &Script> {
        let same = move |script: &&Script| script.revision.id == *id && script.path != path;
        self.outlines.iter().filter(same)
    }

    /// The tables that there are once `parents` and everything below them have run, by what their SQL says.
    pub fn tables(&self, parents: &[RevisionId]) -> Vec<Table> {
        let Ok(history) = &self.workspace.history else {
            return Vec::new();
        };
        let below = history.ancestors(parents);
        let mut schema = Schema::default();
        let scripts = history.scripts();
        for script in scripts.filter(|script| below.contains(&script.revision.id)) {
            let text = &script.revision.upgrade;
            for statement in sql::split(text).statements {
                // What cannot be read offers no names.
                schema.apply(&text[statement.body]);
            }
        }
        schema
            .lasting_tables()
            .map(|(name, table)| Table {
                schema: name.schema.clone(),
                name: name.name.clone(),
                columns: table
                    .columns
                    .iter()
                    .map(|column| column.name.clone())
                    .collect(),
            })
            .collect()
    }

    /// What the names of new revision files end with: a file of another kind would stop Alembic, which cannot find its
    /// revision.
    pub fn ending(&self) -> &'static str {
        match self.workspace.python {
            Some(_) => PYTHON,
            None => ".sql",
        }
    }

    /// The path of a new revision file, after the project's template.
    pub fn path_for(&self, id: &RevisionId, message: &str, moment: &Moment) -> String {
        let ending = self.ending();
        self.path_of(&file_name_with(self.config(), id, message, moment, ending))
    }

    /// Where a revision file of this name belongs.
    pub fn path_of(&self, name: &str) -> String {
        match self.config().locations().first() {
            None | Some(&"") => name.to_owned(),
            Some(folder) => format!("{folder}/{name}"),
        }
    }

    /// What a merge of these is called.
    pub fn merge_message(&self, ids: &[RevisionId]) -> String {
        let names: Vec<String> = ids
            .iter()
            .map(
                |id| match self.message(id).filter(|message| !message.is_empty()) {
                    Some(message) => format!("{} ({})", id.short(), clipped(message)),
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
