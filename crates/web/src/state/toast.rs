//! Short words at the edge of the page, with a way to take back what was done.

use super::State;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

const STAYS: Duration = Duration::from_secs(8);

/// One short message.
#[derive(Clone)]
pub struct Toast {
    pub id: u64,
    pub words: String,
    pub undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl State {
    pub fn say(self, words: impl Into<String>) {
        self.say_with(words.into(), None);
    }

    /// Says `words`, and offers `undo` for a while.
    pub fn say_with(self, words: String, undo: Option<Arc<dyn Fn() + Send + Sync>>) {
        let id = crate::js::random::bits();
        self.toasts
            .update(|toasts| toasts.push(Toast { id, words, undo }));
        set_timeout(move || self.hush(id), STAYS);
    }

    pub fn hush(self, id: u64) {
        self.toasts
            .update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}
