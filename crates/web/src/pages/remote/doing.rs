//! One thing being done on the server, with its error in words beside it.

use super::gate::GateShut;
use crate::http::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whether it is under way, and why the last try failed.
#[derive(Clone, Copy)]
pub struct Doing {
    pub busy: RwSignal<bool>,
    pub trouble: RwSignal<Option<Error>>,
}

impl Doing {
    pub fn new() -> Self {
        Doing {
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }

    /// Does `work` and hands its result to `then`; while it is under way, nothing more is begun.
    pub fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, Error>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let result = work.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(value) => then(value),
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }
}

/// Why the last try failed, for eyes and screen readers.
#[component]
pub fn Trouble(doing: Doing) -> impl IntoView {
    view! {
        <div class="trouble" role="alert">
            {move || {
                doing
                    .trouble
                    .get()
                    .map(|error| match error.gate() {
                        Some(gate) => view! { <GateShut gate=gate.clone() /> }.into_any(),
                        None => view! { <p>{error.to_string()}</p> }.into_any(),
                    })
            }}
        </div>
    }
}
