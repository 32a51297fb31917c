//! The list of keys.

use super::{Over, stay};
use leptos::prelude::*;

const KEYS: [(&str, &str); 14] = [
    ("j  k", "next, previous revision"),
    ("Enter", "open it"),
    ("Shift ↑ ↓", "select a range"),
    ("/", "search the history"),
    ("Ctrl K", "go anywhere, do anything"),
    ("n", "new revision"),
    ("m", "merge the heads"),
    ("d", "dry run"),
    ("p", "plan"),
    (
        "g h, g d, g c, g p, g r, g b",
        "history, dry run, changes, plans, runs, databases",
    ),
    ("Ctrl S", "save what is being written"),
    ("Esc", "close, go back"),
    ("?", "this list"),
    ("Tab", "everything else is in reach of it"),
];

#[component]
pub fn Help(over: RwSignal<Over>) -> impl IntoView {
    let first = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = first.get() {
            let _ = button.focus();
        }
    });
    view! {
        <div class="veil" on:click=move |_| over.set(Over::Nothing) on:keydown=stay>
            <section
                class="dialog"
                role="dialog"
                aria-modal="true"
                aria-label="Keys"
                on:click=|event| event.stop_propagation()
            >
                <h2>"Keys"</h2>
                <dl class="keys">
                    {KEYS
                        .into_iter()
                        .map(|(keys, words)| view! { <dt><kbd>{keys}</kbd></dt><dd>{words}</dd> })
                        .collect_view()}
                </dl>
                <button type="button" class="btn" node_ref=first on:click=move |_| over.set(Over::Nothing)>
                    "Close"
                </button>
            </section>
        </div>
    }
}
