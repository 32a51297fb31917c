//! Stopping a run.

use crate::http;
use crate::pages::remote::{Doing, Trouble};
use cofferdam_engine::api::{Role, RunState, RunSummary};
use leptos::prelude::*;

/// The button, for who may apply, while there is something to stop.
#[component]
pub fn Cancel(path: Memo<Option<String>>, state: Memo<RunState>) -> impl IntoView {
    let session = crate::state::state();
    let asked = RwSignal::new(false);
    let sent = RwSignal::new(false);
    let doing = Doing::new();
    let may = Memo::new(move |_| {
        state.get() == RunState::Running
            && session.user().is_some_and(|user| user.role >= Role::Admin)
    });
    let stop = move |_| {
        let Some(path) = path.get_untracked() else {
            return;
        };
        let path = format!("{path}/cancel");
        doing.run(
            async move { http::act::<Option<RunSummary>>(&path).await },
            move |_| sent.set(true),
        );
    };
    view! {
        <Show when=move || may.get()>
            <div class="cancel">
                <Show
                    when=move || asked.get()
                    fallback=move || {
                        view! {
                            <button type="button" class="btn warn" on:click=move |_| asked.set(true)>
                                "Stop the run…"
                            </button>
                        }
                    }
                >
                    <p>
                        "The statement under way is interrupted and its transaction rolled back. What is committed stays."
                    </p>
                    <Trouble doing />
                    <div class="buttons">
                        <button
                            type="button"
                            class="btn destroy"
                            disabled=move || doing.busy.get() || sent.get()
                            on:click=stop
                        >
                            {move || if sent.get() { "Stopping…" } else { "Stop the run" }}
                        </button>
                        <button type="button" class="btn" on:click=move |_| asked.set(false)>
                            "Let it go on"
                        </button>
                    </div>
                </Show>
            </div>
        </Show>
    }
}
