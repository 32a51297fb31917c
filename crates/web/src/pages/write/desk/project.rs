//! What the desk has to do with the saved project: names, parents, and whether it can be saved.

use super::Desk;
use crate::pages::write::clock;
use crate::pages::write::saved::Saved;
use crate::pages::write::sheet;
use crate::state::python::PYTHON;
use cofferdam_engine::revision::{Revision, RevisionId, Script};
use cofferdam_engine::three_way;
use leptos::prelude::*;
use std::sync::Arc;

impl Desk {
    pub fn saved(self) -> Option<Arc<Saved>> {
        self.shop.saved.get()
    }

    pub fn revision_id(self) -> Option<RevisionId> {
        self.sheet
            .with(|sheet| sheet.revision().map(|revision| revision.id.clone()))
    }

    /// The environments on which the saved revision counts as applied, by all that is known.
    pub fn applied(self) -> Memo<Vec<String>> {
        Memo::new(move |_| {
            let (Some(saved), Some(script)) = (self.saved(), self.saved_script()) else {
                return Vec::new();
            };
            let id = &script.revision.id;
            // Of two files with one id, the one that did not run can be repaired.
            let other_ran = saved
                .twins(id, &script.path)
                .any(|twin| self.shop.ran_as(id, &twin.sha256));
            if other_ran {
                Vec::new()
            } else {
                self.shop.applied_on(id)
            }
        })
    }

    /// The saved revisions that come directly after the saved one.
    pub fn children(self) -> Vec<RevisionId> {
        let (Some(saved), Some(script)) = (self.saved(), self.saved_script()) else {
            return Vec::new();
        };
        let id = &script.revision.id;
        // They come after the other file of this id just as well.
        if saved.twins(id, &script.path).next().is_some() {
            return Vec::new();
        }
        saved.children(id)
    }

    fn saved_script(self) -> Option<Script> {
        let saved = self.saved()?;
        let base = self.base.get()?;
        let mut outlines = saved.outlines.iter();
        outlines.find(|script| script.path == base.path).cloned()
    }

    /// Why the text cannot be saved as it is; errors in its SQL do not keep it from that.
    pub fn refusal(self) -> Option<String> {
        let words = self.sheet.with(|sheet| match sheet.revision() {
            None => Some(
                "The file cannot be read as a revision yet; the problems below say why.".to_owned(),
            ),
            Some(revision) if revision.message.is_empty() => {
                Some("Say what it does first: the message is empty.".into())
            }
            Some(_) => None,
        });
        let marked = || {
            let marked = self.sheet.with(|sheet| {
                sheet
                    .text
                    .lines()
                    .any(|line| line == three_way::OPENS || line == three_way::CLOSES)
            });
            marked.then(|| "Both texts of a conflict still stand between the marks; keep what is right first.".into())
        };
        words.or_else(marked).or_else(|| {
            self.conflicts
                .with(|errors| errors.first().map(sheet::sentence))
        })
    }

    /// The path that the project's template gives a revision, where its Create Date says when it was made.
    pub fn usual_path(self, revision: &Revision) -> Option<String> {
        let saved = self.shop.saved.get_untracked()?;
        let moment = clock::of_create_date(revision.create_date.as_deref()?)?;
        Some(saved.path_for(&revision.id, &revision.message, &moment))
    }

    /// The path of a file of this name beside the others, or why there can be none.
    pub fn path_named(self, name: &str) -> Result<String, String> {
        let name = name.trim();
        if name.is_empty()
            || name.starts_with('.')
            || name.contains(['/', '\\', ':'])
            || name.chars().any(char::is_control)
        {
            return Err(
                "A file's name has no / \\ or : in it, and does not begin with a full stop.".into(),
            );
        }
        let saved = self
            .shop
            .saved
            .get_untracked()
            .ok_or("No project is open.")?;
        // A file stays of its kind.
        let ending = self.sheet.with_untracked(|sheet| match sheet.is_python() {
            true => PYTHON,
            false => ".sql",
        });
        let name = if name.ends_with(ending) {
            name.to_owned()
        } else {
            format!("{name}{ending}")
        };
        let path = saved.path_of(&name);
        let own = self
            .base
            .with_untracked(|base| base.as_ref().is_some_and(|base| base.path == path));
        if !own && saved.file(&path).is_some() {
            return Err(format!("{path} is there already."));
        }
        Ok(path)
    }

    /// Whether the message is one that nobody wrote.
    pub fn said_by_itself(self) -> bool {
        let Some(saved) = self.shop.saved.get_untracked() else {
            return false;
        };
        self.sheet.with_untracked(|sheet| {
            sheet.revision().is_some_and(|revision| {
                revision.message.is_empty()
                    || (revision.is_merge()
                        && revision.message == saved.merge_message(&revision.down))
            })
        })
    }

    /// Makes the message name what is merged; empty where nothing is.
    pub fn say_what_it_merges(self) {
        let Some(saved) = self.shop.saved.get_untracked() else {
            return;
        };
        self.change_header(|revision| {
            revision.message = if revision.is_merge() {
                saved.merge_message(&revision.down)
            } else {
                String::new()
            };
        });
    }
}
