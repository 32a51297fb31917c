//! `/changes/:id`: a change that has a file, and where it stands.

use super::asking::{Asking, Queries};
use super::drawing::{Drawn, judge};
use super::gate::Watch;
use super::proving::{DryRunOfAll, ProveButton, Proving};
use super::timeline::Timeline;
use super::together::Beside;
use super::write_buttons::{ContractButton, RestoreButton, WriteButton};
use super::writing::{Stage, Writing};
use super::{Notes, facts, kept_queries, others};
use crate::pages::remote::Shape;
use crate::pages::write::context;
use crate::state::state;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{Change, Phase};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use std::sync::Arc;

#[component]
pub fn OneChange() -> impl IntoView {
    let here = state();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let drawn = Memo::new(move |_| {
        let workspace = here.workspace.get()?;
        let found = workspace.change(&id.read());
        Some(found.map(|change| {
            let change = change.map_err(|error| error.to_string())?;
            let judge = judge(&workspace, &change.written);
            Drawn::new(&workspace, judge, change).map(Arc::new)
        }))
    });
    let body = move || {
        match drawn.get() {
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
        Some(Some(Err(words))) => view! {
            <div class="empty">
                <h2>{move || id.get()}" cannot be drawn"</h2>
                <p>{words}</p>
                <p><a href="/changes">"To the changes"</a></p>
            </div>
        }
        .into_any(),
        Some(Some(Ok(drawn))) => view! { <Board drawn /> }.into_any(),
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

#[component]
fn Board(drawn: Arc<Drawn>) -> impl IntoView {
    let change = &drawn.change;
    let text = kept_queries(change).unwrap_or_default();
    let kept = kept_evidence(change).map(|evidence| (evidence, drawn.clone()));
    let asking = Asking::new(text, kept);
    let proving = Proving::new();
    let writing = Writing::new(context::shop(), state());
    let watch = Watch::new(change);
    let is_written = |phase| change.revisions(phase).next().is_some();
    let has_contract = drawn.of(Phase::Contract).next().is_some();
    let next = match (
        change.written.is_empty(),
        is_written(Phase::Contract),
        has_contract,
    ) {
        (true, ..) => view! { <WriteButton drawn=drawn.clone() asking writing /> }.into_any(),
        (_, true, _) => view! { <RestoreButton drawn=drawn.clone() asking writing /> }.into_any(),
        (_, false, true) => {
            view! { <ContractButton drawn=drawn.clone() asking writing watch /> }.into_any()
        }
        (_, false, false) => ().into_any(),
    };
    let title = change.title();
    let address = format!("/changes/new?edit={}", change.id);
    let is_open = change.written.is_empty();
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
                {next}
            </div>
        </header>
        {move || match writing.stage.get() {
            Stage::Refused(words) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
            _ => None,
        }}
        <Notes notes=drawn.phases.notes.clone() />
        <Beside change=drawn.change.clone() others=others() />
        <Timeline drawn=drawn.clone() watch=(!is_open).then_some(watch) />
        <DryRunOfAll drawn=drawn.clone() proving />
        <Queries drawn asking />
    }
}

/// Takes the change's file away, where nothing is written yet; it can be had back.
#[component]
fn DeleteButton(change: Change, writing: Writing) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let delete = move |_| {
        writing.delete(change.clone(), move || {
            navigate.try_with_value(|navigate| navigate("/changes", NavigateOptions::default()));
        });
    };
    view! {
        <button type="button" class="btn" disabled=move || writing.is_busy() on:click=delete>
            "Delete"
        </button>
    }
}
