//! `r` runs again, `Esc` cancels.

use crate::dry_run::bench;
use crate::dry_run::order::Mode;
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{Element, KeyboardEvent};
use wasm_bindgen::JsCast;

/// Listens while the page is open.
pub fn listen(start: Callback<Mode>, mode: Signal<Mode>) {
    let running = bench::running();
    // `g r` goes to the runs.
    let before = StoredValue::new(false);
    let handle = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || typing(&event)
        {
            return;
        }
        let key = event.key();
        let going = before.get_value();
        before.set_value(key == "g" && !going);
        match key.as_str() {
            "Escape" if running.get_untracked() => bench::cancel(),
            "r" if !going && !running.get_untracked() => start.run(mode.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// The key goes into a field, or to a dialogue that lies over the page.
fn typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        matches!(
            element
                .closest("input, textarea, select, [contenteditable=true], dialog, [role=dialog]"),
            Ok(Some(_))
        )
    })
}
