//! A revision without a downgrade: its author writes one, or says why there is none.

use super::desk::Desk;
use super::sheet::does_nothing;
use cofferdam_engine::revision::{Direction, Downgrade};
use leptos::prelude::*;

#[component]
pub fn NoWayBack(desk: Desk) -> impl IntoView {
    let missing = Memo::new(move |_| {
        desk.sheet.with(|sheet| {
            let Some(script) = &sheet.script else {
                return false;
            };
            !does_nothing(script, Direction::Upgrade)
                && does_nothing(script, Direction::Downgrade)
                && !matches!(script.revision.downgrade, Downgrade::Impossible { .. })
        })
    });
    let reason = RwSignal::new(String::new());
    let say = move || {
        let reason = reason.get_untracked().trim().to_owned();
        if !reason.is_empty() {
            desk.change_sections(|revision| revision.downgrade = Downgrade::Impossible { reason });
        }
    };
    move || {
        missing.get().then(|| {
            view! {
                <form
                    class="wr-note caution"
                    on:submit=move |event| {
                        event.prevent_default();
                        say();
                    }
                >
                    <p>"Nothing undoes this upgrade. Write a downgrade, or say why there is none."</p>
                    <label for="wr-reason">"It cannot be undone because"</label>
                    <input
                        id="wr-reason"
                        type="text"
                        placeholder="the old values are gone"
                        prop:value=move || reason.get()
                        on:input=move |event| reason.set(event_target_value(&event))
                    />
                    <button type="submit" class="btn sm" disabled=move || reason.with(|text| text.trim().is_empty())>
                        "Mark as not undoable"
                    </button>
                </form>
            }
        })
    }
}
