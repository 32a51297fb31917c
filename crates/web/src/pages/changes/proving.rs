//! The dry run of a whole change: every revision up, down, and up again, in a PostgreSQL of this tab.

use super::drawing::Drawn;
use crate::dry_run::aside::Aside;
use crate::dry_run::bench;
use crate::dry_run::order::Mode;
use crate::dry_run::range::{Place, Project, Range};
use crate::dry_run::record::{At, Ending, Proof};
use crate::dry_run::stop::UnderWay;
use crate::pages::dry_run::entry::EntryCard;
use crate::pages::dry_run::failure::Failure;
use crate::pages::dry_run::headline::{circumstances, headline};
use crate::pages::dry_run::now::Now;
use crate::pages::dry_run::phases::Phases;
use crate::pages::dry_run::project;
use crate::pages::dry_run::verdicts::Verdicts;
use crate::state::{Workspace, state};
use cofferdam_engine::change::Proposed;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The dry run on the page, under way or done.
#[derive(Clone, Copy)]
pub struct Proving {
    stage: RwSignal<Option<Stage>>,
    under_way: UnderWay,
}

#[derive(Clone)]
enum Stage {
    /// Of the change as it was drawn.
    Begun(Arc<Drawn>, Arc<Proof>),
    /// Why it cannot begin.
    Refused(String),
}

impl Proving {
    pub fn new() -> Self {
        Proving {
            stage: RwSignal::new(None),
            under_way: UnderWay::new(),
        }
    }

    pub fn is_running(self) -> bool {
        match self.stage.get() {
            Some(Stage::Begun(_, proof)) => proof.ending.read().is_none(),
            _ => false,
        }
    }

    pub fn start(self, drawn: Arc<Drawn>) {
        if untrack(|| self.is_running()) {
            return;
        }
        let Some(workspace) = state().workspace.get_untracked() else {
            return;
        };
        let begun = order(&workspace, &drawn);
        let (aside, project) = match begun {
            Ok(begun) => begun,
            Err(words) => return self.stage.set(Some(Stage::Refused(words))),
        };
        self.under_way.set(aside.stop.clone());
        self.stage
            .set(Some(Stage::Begun(drawn, aside.proof.clone())));
        spawn_local(async move {
            aside.prove(&project).await;
        });
    }
}

/// The way from before the change to its end, on the project's history with the change in it.
fn order(workspace: &Workspace, drawn: &Drawn) -> Result<(Aside, Project), String> {
    let history = workspace.sound_history()?;
    let settings = &workspace.config.project;
    let proposed = Proposed::new(history, settings, &drawn.change, &drawn.phases)
        .map_err(|error| error.to_string())?;
    let place = |id: Option<String>| Place::Target(id.unwrap_or_else(|| "base".into()));
    let from = place(proposed.today().first().map(ToString::to_string));
    let to = place(proposed.revisions.last().map(|(_, id)| id.to_string()));
    let project = project::alone(workspace, Arc::new(proposed.history));
    let range = Range::new(&project, from, to).map_err(|error| error.to_string())?;
    let aside = Aside::with_mode(range, Mode::Prove).map_err(|error| error.to_string())?;
    Ok((aside, project))
}

#[component]
pub fn DryRunOfAll(drawn: Arc<Drawn>, proving: Proving) -> impl IntoView {
    on_cleanup(move || proving.under_way.stop());
    let now = drawn;
    move || match proving.stage.get() {
        None => ().into_any(),
        Some(Stage::Refused(words)) => {
            view! { <p class="band danger" role="alert">{words}</p> }.into_any()
        }
        Some(Stage::Begun(drawn, proof)) => {
            let is_stale = drawn.phases != now.phases;
            view! { <Shown proof is_stale proving /> }.into_any()
        }
    }
}

#[component]
fn Shown(proof: Arc<Proof>, is_stale: bool, proving: Proving) -> impl IntoView {
    let selected = RwSignal::new(None::<At>);
    let select = Callback::new(move |at: At| selected.set(Some(at)));
    let told = Memo::new({
        let proof = proof.clone();
        move |_| headline(&proof)
    });
    let below = Memo::new({
        let proof = proof.clone();
        move |_| circumstances(&proof)
    });
    let tone = move || told.get().0.class();
    let shown = Memo::new({
        let proof = proof.clone();
        move |_| {
            selected.get().or_else(|| match proof.ending.get() {
                Some(Ending::Failed { at, .. }) => Some(at),
                _ => None,
            })
        }
    });
    let card = {
        let proof = proof.clone();
        move || {
            shown
                .get()
                .map(|at| view! { <EntryCard proof=proof.clone() at /> })
        }
    };
    let ending = proof.ending.clone();
    view! {
        <section class="card ch-proof" aria-label="Dry run of all phases">
            <h2 class=tone>{move || told.get().1}</h2>
            <div class="ch-body">
                <p class="ch-foot">{below}</p>
                {is_stale
                    .then(|| {
                        view! { <p class="band caution">"The change has been altered since: run it again."</p> }
                    })}
                <Show when=move || ending.read().is_none()>
                    <button type="button" class="btn sm" on:click=move |_| proving.under_way.stop()>
                        "Stop"
                    </button>
                </Show>
                <div class="ch-proof-parts">
                    <Phases proof=proof.clone() selected=selected.into() select />
                    <div>
                        <Now proof=proof.clone() />
                        <Failure proof=proof.clone() />
                        <Verdicts proof=proof.clone() select />
                        {card}
                    </div>
                </div>
            </div>
        </section>
    }
}

/// The button that starts it.
#[component]
pub fn ProveButton(drawn: Arc<Drawn>, proving: Proving) -> impl IntoView {
    let busy = bench::running();
    view! {
        <button
            type="button"
            class="btn"
            disabled=move || busy.get() || proving.is_running()
            on:click=move |_| proving.start(drawn.clone())
        >
            "Dry-run all phases"
        </button>
    }
}
