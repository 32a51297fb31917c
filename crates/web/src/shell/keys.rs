//! The keyboard: one listener for what works in every room.

use super::Over;
use crate::state::state;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

/// Follows keys pressed anywhere but in a field.
pub fn listen(over: RwSignal<Over>) {
    let navigate = use_navigate();
    let state = state();
    let going = StoredValue::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key == "k" {
            event.prevent_default();
            return over.set(Over::Palette);
        }
        if key == "Escape" && over.get_untracked() != Over::Nothing {
            return over.set(Over::Nothing);
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
            "g" => going.set_value(true),
            "?" => over.set(Over::Help),
            "n" => go("/write/new"),
            "m" if state
                .workspace
                .with_untracked(|it| it.as_ref().is_some_and(|it| it.heads().len() > 1)) =>
            {
                go("/write/merge");
            }
            "m" => state.say("There is one head, so there is nothing to merge."),
            "d" => go("/dry-run"),
            "p" => go("/plans"),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
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
