//! What the files answer, read in slices: a long history takes some seconds.

use crate::dry_run::time::Slices;
use crate::state::Workspace;
use cofferdam_engine::checklist::{self, Item, Occasion, Question, Reading};
use cofferdam_engine::hazard::Options;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Files {
    Reading { read: usize, all: usize },
    Read(Vec<Item>),
}

impl Files {
    /// The items, once all is read.
    pub fn items(&self) -> Option<Vec<Item>> {
        match self {
            Files::Reading { .. } => None,
            Files::Read(items) => Some(items.clone()),
        }
    }
}

/// What the files of the workspace answer about `wanted`; `together` as in [`Question`]. Read anew when they change, and no longer
/// than it is shown.
pub fn files_say(
    workspace: Signal<Option<Arc<Workspace>>>,
    wanted: BTreeSet<RevisionId>,
    occasion: Occasion,
    together: bool,
) -> RwSignal<Option<Files>> {
    let files = RwSignal::new(None);
    let turn = StoredValue::new(0_u32);
    let wanted = Arc::new(wanted);
    Effect::new(move |_| {
        let workspace = workspace.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let Some(workspace) = workspace else {
            files.set(None);
            return;
        };
        let wanted = Arc::clone(&wanted);
        spawn_local(async move {
            let tell = |said: Files| {
                let is_awaited = turn.try_get_value() == Some(mine);
                is_awaited && files.try_set(Some(said)).is_none()
            };
            read(&workspace, &wanted, occasion, together, tell).await;
        });
    });
    files
}

/// Reads until nobody awaits it any more: `tell` is false then.
async fn read(
    workspace: &Workspace,
    wanted: &BTreeSet<RevisionId>,
    occasion: Occasion,
    together: bool,
    tell: impl Fn(Files) -> bool,
) {
    let history = match &workspace.history {
        Ok(history) => history,
        Err(errors) => {
            let reasons = errors.iter().map(ToString::to_string);
            tell(Files::Read(vec![checklist::broken(reasons.collect())]));
            return;
        }
    };
    // A mistake in the project's settings is told where they are used to run.
    let options = workspace.config.lint_options(None);
    let question = Question {
        history,
        wanted,
        occasion,
        together,
        options: &options.unwrap_or_else(|_| Options::default()),
        text: &|script| {
            let file = workspace.files.get(&script.path);
            file.map(|file| file.text()).unwrap_or_default()
        },
        preview: "each revision's page shows them",
    };
    let mut reading = Reading::new(&question);
    let mut slices = Slices::new();
    while reading.step() {
        if slices.is_over() {
            let (read, all) = reading.progress();
            if !tell(Files::Reading { read, all }) {
                return;
            }
            slices.rest().await;
        }
    }
    tell(Files::Read(reading.items()));
}
