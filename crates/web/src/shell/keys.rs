//! The keyboard: one listener for what works in every room.

use super::Over;
use crate::state::{State, state};
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long `g` waits for its letter.
const WAITS: Duration = Duration::from_millis(1_500);

/// Follows keys pressed anywhere but in a field.
pub fn listen(over: RwSignal<Over>) {
    let navigate = use_navigate();
    let path = use_location().pathname;
    let state = state();
    let going = StoredValue::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key == "k" {
            event.prevent_default();
            return over.set(Over::Palette);
        }
        if over.get_untracked() != Over::Nothing {
            // What lies over the page keeps the keys from it.
            if key == "Escape" {
                event.prevent_default();
                over.set(Over::Nothing);
            }
            return;
        }
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.default_prevented()
            || in_field(&event)
        {
            return;
        }
        let go = |address: &str| navigate(address, Default::default());
        if going.get_value() {
            going.set_value(false);
            let room = match key.as_str() {
                "h" => "/history",
                "d" => "/dry-run",
                "c" => "/changes",
                "p" => "/plans",
                "r" => "/runs",
                "b" => "/databases",
                "s" => "/settings",
                "w" => "/write",
                _ => return,
            };
            return go(room);
        }
        match key.as_str() {
            "g" => {
                going.set_value(true);
                set_timeout(
                    move || {
                        going.try_set_value(false);
                    },
                    WAITS,
                );
            }
            "?" => over.set(Over::Help),
            "n" => go("/write/new"),
            "m" if state
                .workspace
                .with_untracked(|it| it.as_ref().is_some_and(|it| it.heads().len() > 1)) =>
            {
                go("/write/merge");
            }
            "m" => state.say("There is one head, so there is nothing to merge."),
            "d" | "p" => match (key.as_str(), selected(state, &path.get_untracked())) {
                ("d", Some((parent, id))) => go(&format!("/dry-run?from={parent}&to={id}")),
                ("d", None) => go("/dry-run"),
                (_, Some((_, id))) => go(&format!("/plans?kind=upgrade&target={id}")),
                (_, None) => go("/plans"),
            },
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// The revision that the history shows, after its parent.
fn selected(state: State, path: &str) -> Option<(String, String)> {
    let id = RevisionId::new(path.strip_prefix("/history/")?).ok()?;
    let workspace = state.with_drafts.get_untracked()?;
    let down = &workspace.script(&id)?.revision.down;
    let parent = down
        .first()
        .map_or_else(|| "base".to_owned(), ToString::to_string);
    Some((parent, id.to_string()))
}

/// The key was pressed where it is text.
pub fn in_field(event: &leptos::ev::KeyboardEvent) -> bool {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<leptos::web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || target.is_content_editable()
}
