//! Letting a run wait, and go on.

use super::progress::Progress;
use crate::http;
use crate::pages::remote::{Doing, Trouble};
use cofferdam_engine::api::{Role, RunState, RunSummary};
use leptos::prelude::*;

/// The button, for who may apply, while the run lasts.
#[component]
pub fn Pause(
    path: Memo<Option<String>>,
    state: Memo<RunState>,
    progress: Progress,
) -> impl IntoView {
    let session = crate::state::state();
    let doing = Doing::new();
    // What was asked last, and is not followed yet.
    let asked = RwSignal::new(None::<bool>);
    let may = Memo::new(move |_| {
        state.get() == RunState::Running
            && session.user().is_some_and(|user| user.role >= Role::Admin)
    });
    let paused = progress.paused;
    Effect::new(move |_| {
        let now = paused.get();
        asked.update(|asked| {
            if *asked == Some(now) {
                *asked = None;
            }
        });
    });
    let is_waiting = move || asked.get().unwrap_or_else(|| paused.get());
    let ask = move |_| {
        let Some(path) = path.get_untracked() else {
            return;
        };
        let pause = !asked
            .get_untracked()
            .unwrap_or_else(|| paused.get_untracked());
        let path = format!("{path}/{}", if pause { "pause" } else { "resume" });
        doing.run(
            async move { http::act::<Option<RunSummary>>(&path).await },
            move |_| asked.set((paused.get_untracked() != pause).then_some(pause)),
        );
    };
    view! {
        <Show when=move || may.get()>
            <div class="pause">
                <Trouble doing />
                <button
                    type="button"
                    class="btn"
                    title="It waits after the batch or the part that is under way; no transaction stays open"
                    disabled=move || doing.busy.get()
                    on:click=ask
                >
                    {move || if is_waiting() { "Resume" } else { "Pause" }}
                </button>
                {move || {
                    (asked.get() == Some(true))
                        .then(|| view! { <p role="status">"Pausing after what is under way…"</p> })
                }}
            </div>
        </Show>
    }
}
