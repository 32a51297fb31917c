//! The question which Alembic project of a folder is meant.

use super::State;
use crate::js::python::Candidate;
use futures_channel::oneshot;
use leptos::prelude::*;

/// A folder with several Alembic projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    pub folder: String,
    pub candidates: Vec<Candidate>,
}

/// Where the answer goes.
pub type Answer = oneshot::Sender<Option<Candidate>>;

impl State {
    /// Asks which one is meant; none when the person changed their mind.
    pub(super) async fn ask_which(
        self,
        folder: &str,
        candidates: Vec<Candidate>,
    ) -> Option<Candidate> {
        let (answer, answered) = oneshot::channel();
        // A question that stood still is answered with none by being dropped.
        self.which_answer.set_value(Some(answer));
        self.which.set(Some(Which {
            folder: folder.to_owned(),
            candidates,
        }));
        answered.await.ok().flatten()
    }

    /// Answers the question.
    pub fn choose(self, candidate: Option<Candidate>) {
        self.which.set(None);
        if let Some(answer) = self.which_answer.try_update_value(Option::take).flatten() {
            // Nobody waits for it any more.
            let _ = answer.send(candidate);
        }
    }
}
