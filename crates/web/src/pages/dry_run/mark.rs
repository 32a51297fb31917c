//! The mark of a line: a shape and a word, not only a colour.

use crate::dry_run::record::State;
use leptos::prelude::*;

#[component]
pub fn Mark(state: Signal<State>, #[prop(optional)] differs: Signal<bool>) -> impl IntoView {
    let look = move || match (state.get(), differs.get()) {
        (State::Done, true) => ("wa", "!", "done, but not the inverse"),
        (State::Done, false) => ("ok", "✓", "done"),
        (State::Waiting, _) => ("dr-waits", "", "waiting"),
        (State::Running, _) => ("dr-spinner", "", "running"),
        (State::Failed, _) => ("no", "✕", "failed"),
        (State::Stopped, _) => ("wa", "–", "stopped"),
    };
    view! {
        <span class=move || format!("dr-mark {}", look().0) role="img" aria-label=move || look().2>
            {move || look().1}
        </span>
    }
}
