//! A Python file on the desk: a worker reads it, and changes its header, a moment after it was asked to.

use super::{Desk, PYTHON};
use crate::pages::write::sheet::Sheet;
use cofferdam_engine::revision::{Downgrade, Revision};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a file's functions are to do, each where it changes.
#[derive(Clone, PartialEq, Eq)]
pub struct Bodies {
    upgrade: Option<String>,
    downgrade: Option<Downgrade>,
    /// A form writes both, and goes on doing so.
    formed: bool,
}

impl Desk {
    /// Has a Python file read by the worker, and takes what it says unless somebody went on typing.
    pub(super) fn read_first(self, path: String) {
        if !path.ends_with(PYTHON) {
            return;
        }
        spawn_local(async move {
            let Some(text) = self.text.try_get_value() else {
                return;
            };
            if let Err(why) = self.shop.read_first(&path, &text).await {
                self.shop
                    .say(format!("The file cannot be read: {why}."), None);
            }
            if self.text.try_get_value().as_ref() == Some(&text) {
                self.take(&path, text);
            }
        });
    }

    /// Changes the header of a Python file, as far as its form allows it. The forms show at once what is wanted.
    pub(super) fn change_python(self, change: impl FnOnce(&mut Revision)) {
        self.read_now();
        let mut revision = None;
        self.sheet.update(|sheet| {
            let Some(script) = &mut sheet.script else {
                return;
            };
            let old = script.revision.clone();
            change(&mut script.revision);
            if let Some(path) = self.followed(&sheet.path, &old, &script.revision) {
                sheet.path = path;
            }
            revision = Some(Revision {
                message: script.revision.message.trim().to_owned(),
                ..script.revision.clone()
            });
        });
        if revision.is_none() {
            return;
        }
        self.wanted.set_value(revision);
        spawn_local(async move {
            while let Some(Some(revision)) = self.wanted.try_get_value() {
                let Some(text) = self.text.try_get_value() else {
                    return;
                };
                let changed = self.shop.rewrite(&text, &revision).await;
                let is_still = self.text.try_get_value().as_ref() == Some(&text)
                    && self.wanted.try_get_value().flatten().as_ref() == Some(&revision);
                if !is_still {
                    continue;
                }
                self.wanted.set_value(None);
                let trouble = match changed {
                    Ok(Some(changed)) => {
                        self.formed.update_value(|formed| {
                            if formed.as_ref() == Some(&text) {
                                *formed = Some(changed.clone());
                            }
                        });
                        self.put(changed);
                        continue;
                    }
                    Ok(None) => {
                        "This file writes its header in a way of its own: change it in the text."
                            .to_owned()
                    }
                    Err(why) => format!("The header cannot be changed: {why}."),
                };
                self.shop.say(trouble, None);
                let path = self.sheet.with_untracked(|sheet| sheet.path.clone());
                self.read_first(path);
            }
        });
    }

    /// Changes what the functions of a Python file do, as far as its form allows it.
    pub(super) fn change_bodies(self, change: impl FnOnce(&mut Revision), formed: bool) {
        self.read_now();
        let Some(old) = self.sheet.with_untracked(|sheet| sheet.revision().cloned()) else {
            return;
        };
        let mut new = old.clone();
        change(&mut new);
        self.bodies.set_value(Some(Bodies {
            upgrade: (formed || new.upgrade != old.upgrade).then_some(new.upgrade),
            downgrade: (formed || new.downgrade != old.downgrade).then_some(new.downgrade),
            formed,
        }));
        spawn_local(async move {
            while let Some(Some(bodies)) = self.bodies.try_get_value() {
                let Some(text) = self.text.try_get_value() else {
                    return;
                };
                let (upgrade, downgrade) = (bodies.upgrade.as_deref(), bodies.downgrade.as_ref());
                let changed = self.shop.fill(&text, upgrade, downgrade).await;
                let is_still = self.text.try_get_value().as_ref() == Some(&text)
                    && self.bodies.try_get_value().flatten().as_ref() == Some(&bodies);
                if !is_still {
                    continue;
                }
                self.bodies.set_value(None);
                let trouble = match changed {
                    Ok(Some(changed)) => {
                        self.formed
                            .set_value(bodies.formed.then(|| changed.clone()));
                        self.put(changed);
                        continue;
                    }
                    Ok(None) => {
                        "The functions of this file cannot be written here: write them in the text."
                            .to_owned()
                    }
                    Err(why) => format!("The functions cannot be written: {why}."),
                };
                self.shop.say(trouble, None);
            }
        });
    }

    /// What is wanted of the header stands in the forms until the text says it.
    pub(super) fn keep_wanted(self, sheet: &mut Sheet) {
        let Some(wanted) = self.wanted.get_value() else {
            return;
        };
        if let Some(script) = &mut sheet.script {
            script.revision = Revision {
                upgrade: script.revision.upgrade.clone(),
                downgrade: script.revision.downgrade.clone(),
                ..wanted
            };
        }
    }
}
