//! Light, dark, or as the system says; and the name that drafts carry. Kept in the browser.

use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const LOOK: &str = "cofferdam.look";
const AUTHOR: &str = "cofferdam.author";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    #[default]
    System,
    Light,
    Dark,
}

pub fn kept() -> Look {
    LocalStorage::get(LOOK).unwrap_or_default()
}

/// Puts the look on the page and keeps it.
pub fn follow(look: RwSignal<Look>) {
    Effect::new(move |_| {
        let scheme = match look.get() {
            Look::System => "light dark",
            Look::Light => "light",
            Look::Dark => "dark",
        };
        if let Some(root) = gloo::utils::document().document_element() {
            let _ = root.set_attribute("style", &format!("color-scheme: {scheme}"));
        }
        let _ = LocalStorage::set(LOOK, look.get());
    });
}

/// The name that new revisions carry where nobody is signed in.
pub fn author() -> String {
    LocalStorage::get(AUTHOR).unwrap_or_default()
}

pub fn keep_author(name: &str) {
    let _ = LocalStorage::set(AUTHOR, name);
}
