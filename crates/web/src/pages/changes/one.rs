//! `/changes/:id`: a change that has a file, and where it stands.

use super::asking::{Asking, Queries};
use super::drawing::{Drawn, judge};
use super::editing::Edits;
use super::gate::Watch;
use super::proving::{DryRunOfAll, ProveButton, Proving};
use super::sweeping::SweepButton;
use super::timeline::Timeline;
use super::together::Beside;
use super::write_buttons::{ContractButton, KeepButton, RestoreButton, WriteButton};
use super::writing::{Stage, Writing};
use super::{Notes, facts, kept_queries, others};
use crate::pages::remote::Shape;
use crate::state::state;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{self, Change, ChangeId, Phase};
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

#[component]
pub fn OneChange() -> impl IntoView {
    let here = state();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let change = Memo::new(move |_| {
        let workspace = here.workspace.get()?;
        Some(workspace.change(&id.read()))
    });
    let writing = Writing::new();
    let body = move || {
        match change.get() {
        None => view! { <Shape /> }.into_any(),
        Some(None) => view! {
            <div class="empty">
                <h2>"There is no such change"</h2>
                <p>
                    "The project has no file " <code>{move || format!("changes/{}.toml", id.get())}</code> ". "
                    <a href="/changes">"Look at the changes that there are"</a>
                </p>
            </div>
        }
        .into_any(),
        Some(Some(Err(error))) => not_drawn(id, error.to_string()).into_any(),
        Some(Some(Ok(change))) => view! { <Board id change writing /> }.into_any(),
    }
    };
    view! { <section class="sheet ch-sheet">{body}</section> }
}

/// What was found of the queries that are kept beside a change.
fn kept_evidence(change: &Change) -> Option<Evidence> {
    let workspace = state().workspace.get_untracked()?;
    let file = workspace.files.get(&change.id.matrix_path())?;
    Evidence::read(&file.text())
}

/// Whether the project has the change just so.
fn is_kept(change: &Change) -> bool {
    let workspace = state().workspace.get_untracked();
    let kept = workspace.and_then(|workspace| workspace.change(change.id.as_str()));
    kept.is_some_and(|kept| kept.as_ref() == Ok(change))
}

/// The revision that sweeps what the change put into quarantine.
fn swept(change: &ChangeId) -> Option<RevisionId> {
    let workspace = state().workspace.get_untracked()?;
    let mut scripts = workspace.scripts.iter();
    let found = scripts.find(|script| change::is_sweep(&script.revision, change))?;
    Some(found.revision.id.clone())
}

fn swept_by(id: &RevisionId) -> impl IntoView + use<> {
    let id = id.to_string();
    view! {
        <p class="ch-foot">
            "What the contract took is swept by "
            <a href=format!("/history/{id}")>
                <code>{id.clone()}</code>
            </a>
            ": it cannot be brought back."
        </p>
    }
}

fn not_drawn(id: Memo<String>, words: String) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{move || id.get()} " cannot be drawn"</h2>
            <p>{words}</p>
            <p>
                <a href="/changes">"To the changes"</a>
            </p>
        </div>
    }
}

/// A change, as it is in the project now; what is typed here stays while an edit draws it anew.
#[component]
fn Board(id: Memo<String>, change: Change, writing: Writing) -> impl IntoView {
    let here = state();
    let edits = Edits::new(change.edits.clone());
    let watch = Watch::new(&change);
    let proving = Proving::new();
    let text = kept_queries(&change).unwrap_or_default();
    let evidence = kept_evidence(&change);
    let drawn = Memo::new(move |_| {
        let workspace = here.workspace.get()?;
        let mut change = change.clone();
        change.edits = edits.0.get();
        let judge = judge(&workspace, &change.written);
        Some(Drawn::new(&workspace, judge, change).map(Arc::new))
    });
    let first = drawn.get_untracked().and_then(Result::ok);
    let asking = Asking::new(text, evidence.zip(first));
    move || match drawn.get()? {
        Ok(drawn) => Some(view! { <Shown drawn edits asking proving writing watch /> }.into_any()),
        Err(words) => Some(not_drawn(id, words).into_any()),
    }
}

#[component]
fn Shown(
    drawn: Arc<Drawn>,
    edits: Edits,
    asking: Asking,
    proving: Proving,
    writing: Writing,
    watch: Watch,
) -> impl IntoView {
    let change = &drawn.change;
    let is_written = |phase| change.revisions(phase).next().is_some();
    let has_contract = drawn.of(Phase::Contract).next().is_some();
    let next = match (
        change.written.is_empty(),
        is_written(Phase::Contract),
        has_contract,
    ) {
        (true, ..) => view! { <WriteButton drawn=drawn.clone() asking writing /> }.into_any(),
        (_, true, _) => match swept(&change.id) {
            Some(id) => swept_by(&id).into_any(),
            None => view! {
                <RestoreButton drawn=drawn.clone() asking writing />
                {change::has_quarantine(&drawn.phases)
                    .then(|| view! { <SweepButton change=change.clone() writing /> })}
            }
            .into_any(),
        },
        (_, false, true) => {
            view! { <ContractButton drawn=drawn.clone() asking writing watch /> }.into_any()
        }
        (_, false, false) => ().into_any(),
    };
    let title = change.title();
    let address = format!("/changes/new?edit={}", change.id);
    let is_open = change.written.is_empty();
    let is_kept = is_kept(change);
    view! {
        <header class="page-head ch-head">
            <div>
                <p class="ch-back"><a href="/changes">"Changes"</a></p>
                <h1>{title}</h1>
                {facts(&drawn)}
            </div>
            <div class="ch-buttons">
                {is_open
                    .then(|| {
                        view! {
                            <DeleteButton change=change.clone() writing />
                            <a class="btn" href=address>"Edit change"</a>
                        }
                    })}
                <ProveButton drawn=drawn.clone() proving />
                {(!is_kept).then(|| view! { <KeepButton drawn=drawn.clone() asking writing /> })}
                {next}
            </div>
        </header>
        {move || match writing.stage.get() {
            Stage::Refused(words) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
            _ => None,
        }}
        <Notes notes=drawn.phases.notes.clone() />
        <Beside change=drawn.change.clone() others=others() />
        <Timeline drawn=drawn.clone() edits watch=(!is_open).then_some(watch) />
        <DryRunOfAll drawn=drawn.clone() proving />
        <Queries drawn asking />
    }
}

/// Takes the change's file away, where nothing is written yet; it can be had back.
#[component]
fn DeleteButton(change: Change, writing: Writing) -> impl IntoView {
    let delete = move |_| writing.delete(change.clone());
    view! {
        <button type="button" class="btn" disabled=move || writing.is_busy() on:click=delete>
            "Delete"
        </button>
    }
}
