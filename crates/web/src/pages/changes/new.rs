//! `/changes/new`: a change is chosen and filled in, and drawn as it stands. All of it is in the address.

use super::asking::{Asking, Queries};
use super::drawing::{Drawn, judge};
use super::form::{self, COMMON, Form, Values, about, values_of};
use super::proving::{DryRunOfAll, ProveButton, Proving};
use super::source::{HEADS, Source, SourcePicker};
use super::timeline::Timeline;
use super::together::Beside;
use super::write_buttons::WriteButton;
use super::writing::{Stage, Writing};
use super::{Notes, facts, others};
use crate::pages::write::context;
use crate::state::state;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;
use std::time::Duration;

/// How long typing rests before it is in the address: browsers refuse an address that changes with every letter.
const RESTS: Duration = Duration::from_millis(400);

#[component]
pub fn NewChange() -> impl IntoView {
    let here = state();
    let query = use_query_map();
    let mut first: Values = query.with_untracked(|query| {
        let pairs = query.latest_values();
        pairs
            .map(|(name, value)| (name.to_string(), value.to_owned()))
            .collect()
    });
    let source = Source::new(first.remove("schema").unwrap_or_else(|| HEADS.to_owned()));
    let values = RwSignal::new(first);
    keep_in_address(values, source);
    // An existing change that is edited is drawn on the schema that it started from, until another one is read.
    let edited = Memo::new(move |_| {
        let id = values.with(|values| values.get("edit").cloned())?;
        let workspace = here.workspace.get()?;
        workspace.change(&id)?.ok()
    });
    Effect::new(move |_| {
        if let Some(change) = edited.get() {
            values.update(|values| {
                if !values.contains_key("kind") {
                    values.extend(values_of(&change));
                }
            });
        }
    });
    let before = Memo::new_with_compare(
        move |_| here.workspace.get().map(|it| (judge(&it, &[]), it)),
        |old, new| match (old, new) {
            (Some(Some((_, old))), Some(Some((_, new)))) => !Arc::ptr_eq(old, new),
            _ => true,
        },
    );
    let drawn = Memo::new(move |_| {
        let (judge, workspace) = before.get()?;
        let catalog = source.catalog.get()?;
        let change = values.with(|values| form::change(values, &catalog))?;
        Some(change.and_then(|change| Drawn::new(&workspace, judge, change).map(Arc::new)))
    });
    let asking = Asking::new(
        edited
            .get_untracked()
            .and_then(|change| super::kept_queries(&change))
            .unwrap_or_default(),
        None,
    );
    let proving = Proving::new();
    let writing = Writing::new(context::shop(), here);
    let refusal = move || match drawn.get() {
        Some(Err(words)) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
        _ => None,
    };
    let board = move || {
        let drawn = drawn.get()?.ok()?;
        Some(view! { <Board drawn asking proving writing /> })
    };
    let is_edit = Memo::new(move |_| edited.get().is_some());
    view! {
        <section class="sheet ch-sheet">
            <header class="page-head">
                <div>
                    <p class="ch-back"><a href="/changes">"Changes"</a></p>
                    <h1>{move || if is_edit.get() { "Edit a change" } else { "New change" }}</h1>
                    <p class="sub">
                        "A breaking change in phases: both versions of the application work at every moment between them."
                    </p>
                </div>
            </header>
            <section class="card ch-form" aria-label="What is changed">
                <div class="ch-body">
                    <SourcePicker source />
                    <Show when=move || source.catalog.with(Option::is_some)>
                        <Form values catalog=source.catalog />
                    </Show>
                    {refusal}
                </div>
            </section>
            {board}
        </section>
    }
}

/// Everything below the form, for a change that has phases.
#[component]
fn Board(drawn: Arc<Drawn>, asking: Asking, proving: Proving, writing: Writing) -> impl IntoView {
    let title = drawn.change.title();
    view! {
        <header class="page-head ch-head">
            <div>
                <h2>{title}</h2>
                {facts(&drawn)}
            </div>
            <div class="ch-buttons">
                <ProveButton drawn=drawn.clone() proving />
                <KeepButton drawn=drawn.clone() writing />
                <WriteButton drawn=drawn.clone() asking writing />
            </div>
        </header>
        {move || match writing.stage.get() {
            Stage::Refused(words) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
            _ => None,
        }}
        <Notes notes=drawn.phases.notes.clone() />
        <Beside change=drawn.change.clone() others=others() />
        <Timeline drawn=drawn.clone() />
        <DryRunOfAll drawn=drawn.clone() proving />
        <Queries drawn asking />
    }
}

/// Keeps the change as its file, and writes no revision yet.
#[component]
fn KeepButton(drawn: Arc<Drawn>, writing: Writing) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let keep = move |_| {
        let change = drawn.change.clone();
        let words = format!("Kept as {}.", change.id.path());
        writing.keep(change, words, move |change| {
            let address = format!("/changes/{}", change.id);
            navigate.try_with_value(|navigate| navigate(&address, NavigateOptions::default()));
        });
    };
    view! {
        <button type="button" class="btn" disabled=move || writing.is_busy() on:click=keep>
            "Keep for later"
        </button>
    }
}

/// Puts what is filled in into the address, so that a link shows a colleague the same.
fn keep_in_address(values: RwSignal<Values>, source: Source) {
    let navigate = StoredValue::new_local(use_navigate());
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    let put = move || {
        let (Some(values), Some(from)) =
            (values.try_get_untracked(), source.from.try_get_untracked())
        else {
            return;
        };
        let known = about(&values).map_or(&[][..], |about| about.fields);
        let mut map = leptos_router::params::ParamsMap::new();
        if from != HEADS {
            map.insert("schema", from);
        }
        for (name, value) in values {
            let is_ours =
                COMMON.contains(&name.as_str()) || known.iter().any(|field| field.name == name);
            if is_ours && !value.is_empty() {
                map.insert(name, value);
            }
        }
        let address = format!("/changes/new{}", map.to_query_string());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate.try_with_value(|navigate| navigate(&address, options));
    };
    Effect::new(move |was: Option<()>| {
        values.track();
        source.from.track();
        // What stands in the address already is not put there again.
        if was.is_none() {
            return;
        }
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(put, RESTS).ok();
        waiting.set_value(handle);
    });
    on_cleanup(move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    });
}
