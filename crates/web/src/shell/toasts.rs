//! Short messages, read out by screen readers.

use crate::state::state;
use leptos::prelude::*;

#[component]
pub fn Toasts() -> impl IntoView {
    let state = state();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || state.toasts.get() key=|toast| toast.id let(toast)>
                {
                    let id = toast.id;
                    let undo = toast.undo.clone();
                    view! {
                        <div class="toast">
                            <span>{toast.words.clone()}</span>
                            {undo
                                .map(|undo| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn sm"
                                            on:click=move |_| {
                                                undo();
                                                state.hush(id);
                                            }
                                        >
                                            "Undo"
                                        </button>
                                    }
                                })}
                            <button
                                type="button"
                                class="btn sm plain"
                                aria-label="Close this message"
                                on:click=move |_| state.hush(id)
                            >
                                "×"
                            </button>
                        </div>
                    }
                }
            </For>
        </div>
    }
}
