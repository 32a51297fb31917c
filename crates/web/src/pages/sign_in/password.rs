//! Choosing a password: twice, shown or hidden, long enough.

use leptos::prelude::*;

/// Shortest password, in characters.
pub const SHORTEST: usize = 10;

/// Two fields; `chosen` holds the password once both agree and it is long enough.
#[component]
pub fn ChosenPassword(chosen: RwSignal<Option<String>>) -> impl IntoView {
    let first = RwSignal::new(String::new());
    let second = RwSignal::new(String::new());
    let shown = RwSignal::new(false);
    let look = move || {
        let (first, second) = (first.read_untracked(), second.read_untracked());
        let good = first.chars().count() >= SHORTEST && *first == *second;
        chosen.set(good.then(|| first.clone()));
    };
    let kind = move || if shown.get() { "text" } else { "password" };
    let words = move || {
        let (first, second) = (first.read(), second.read());
        let length = first.chars().count();
        if length == 0 {
            String::new()
        } else if length < SHORTEST {
            format!("{length} of at least {SHORTEST} characters")
        } else if second.is_empty() {
            "Once more, please.".into()
        } else if *first != *second {
            "The two are not the same yet.".into()
        } else {
            "Both are the same.".into()
        }
    };
    view! {
        <label>
            "New password"
            <input
                name="new-password"
                type=kind
                autocomplete="new-password"
                required
                prop:value=first
                on:input=move |event| {
                    first.set(event_target_value(&event));
                    look();
                }
            />
        </label>
        <label>
            "The same again"
            <input
                name="new-password-again"
                type=kind
                autocomplete="new-password"
                required
                prop:value=second
                on:input=move |event| {
                    second.set(event_target_value(&event));
                    look();
                }
            />
        </label>
        <label class="check">
            <input
                type="checkbox"
                prop:checked=shown
                on:change=move |event| shown.set(event_target_checked(&event))
            />
            "Show the password"
        </label>
        <p class="hint" aria-live="polite">
            {words}
        </p>
    }
}
