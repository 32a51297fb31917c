//! What the pages that live on the server share: loading, doing, and saying what is missing.

mod context;
mod doing;
mod gate;
mod ids;
mod loaded;
mod sql;
mod when;
pub mod words;

pub use context::Named;
pub use doing::{Doing, Trouble};
pub use gate::GateShut;
pub use ids::Ids;
pub use loaded::{Loaded, Missing, Shape};
pub use sql::{CopyButton, Sql, SqlAt};
pub use when::{When, millis};

use crate::http::{self, Error};
use crate::state::state;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

/// A value of the server. What was loaded last stays while it is loaded again, and when that fails.
pub struct Remote<T: Send + Sync + 'static> {
    pub value: RwSignal<Option<T>>,
    pub error: RwSignal<Option<Error>>,
    /// The app's own knowledge that no server answers; each answer tells.
    gone: RwSignal<bool>,
    /// Counts the questions, so that only the answer to the last one counts.
    asked: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Send + Sync + PartialEq + DeserializeOwned + 'static> Remote<T> {
    pub fn new() -> Self {
        Remote {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            gone: state().gone,
            asked: StoredValue::new(0),
        }
    }

    /// Asks for the value at `path`.
    pub fn load(self, path: String) {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        spawn_local(async move {
            let answer = http::get::<T>(&path).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(value) => self.set(value),
                Err(error) => {
                    if error.is_offline() {
                        self.gone.set(true);
                    }
                    self.error.set(Some(error));
                }
            }
        });
    }

    /// Takes a value that came as the answer to something else.
    pub fn set(self, value: T) {
        if self
            .value
            .with_untracked(|old| old.as_ref() != Some(&value))
        {
            self.value.set(Some(value));
        }
        self.error.set(None);
        if self.gone.get_untracked() {
            self.gone.set(false);
        }
    }

    /// Loads from `path` now, whenever what it reads changes, and when somebody comes back to this tab.
    pub fn follow(self, path: impl Fn() -> Option<String> + Copy + 'static) {
        Effect::new(move |_| {
            if let Some(path) = path() {
                self.load(path);
            }
        });
        on_return(move || {
            if let Some(path) = untrack(path) {
                self.load(path);
            }
        });
    }
}

/// Calls `again` whenever the window gets the focus back, while the page stands.
pub fn on_return(again: impl Fn() + 'static) {
    let handle = window_event_listener(leptos::ev::focus, move |_| again());
    on_cleanup(move || handle.remove());
}
