//! `/changes/new`: a change is chosen and filled in, and drawn as it stands. All of it is in the address.

use super::asking::{Asking, Queries};
use super::drawing::{Drawn, judge};
use super::editing::Edits;
use super::form::{self, COMMON, Form, Values, about, values_of};
use super::proving::{DryRunOfAll, ProveButton, Proving};
use super::source::{HEADS, Source, SourcePicker};
use super::timeline::Timeline;
use super::together::Beside;
use super::write_buttons::{KeepButton, WriteButton};
use super::writing::{Stage, Writing};
use super::{Notes, facts, kept_queries, others};
use crate::state::{Workspace, state};
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
    let edit = Memo::new(move |_| values.with(|values| values.get("edit").cloned()));
    // The change that is edited, as its file has it; it is drawn on the schema that is read here.
    let edited = Memo::new(move |_| {
        let workspace = here.workspace.get()?;
        workspace.change(&edit.get()?)?.ok()
    });
    let asking = Asking::new(String::new(), None);
    let edits = Edits::new(Vec::new());
    Effect::new(move |was: Option<bool>| {
        let change = edited.get();
        if let Some(change) = change.as_ref().filter(|_| was != Some(true)) {
            values.update(|values| {
                if !values.contains_key("kind") {
                    values.extend(values_of(change));
                }
            });
            edits.0.set(change.edits.clone());
            if let Some(text) = kept_queries(change) {
                asking.text.set(text);
            }
        }
        was == Some(true) || change.is_some()
    });
    let writing = Writing::new();
    // What this page writes is not in its own way.
    let refusal_of = move |workspace: &Workspace, id: &str| {
        let is_ours = writing
            .stage
            .with_untracked(|stage| *stage == Stage::Writing);
        let is_edit = edit.with(Option::is_some);
        (!is_ours)
            .then(|| refused(workspace, is_edit, id))
            .flatten()
    };
    let cannot_edit = Memo::new(move |_| refusal_of(&*here.workspace.get()?, &edit.get()?));
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
        Some(change.and_then(|mut change| {
            change.edits = edits.0.get();
            match refusal_of(&workspace, change.id.as_str()) {
                Some(words) => Err(words),
                None => Drawn::new(&workspace, judge, change).map(Arc::new),
            }
        }))
    });
    let proving = Proving::new();
    let refusal = move || match drawn.get() {
        Some(Err(words)) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
        _ => None,
    };
    let board = move || {
        let drawn = drawn.get()?.ok()?;
        Some(view! { <Board drawn edits asking proving writing /> })
    };
    view! {
        <section class="sheet ch-sheet">
            <header class="page-head">
                <div>
                    <p class="ch-back"><a href="/changes">"Changes"</a></p>
                    <h1>{move || if edit.with(Option::is_some) { "Edit a change" } else { "New change" }}</h1>
                    <p class="sub">
                        "A breaking change in phases: both versions of the application work at every moment between them."
                    </p>
                </div>
            </header>
            {move || match cannot_edit.get() {
                Some(words) => view! {
                    <p class="band danger" role="alert">{words}</p>
                }
                .into_any(),
                None => view! {
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
                }
                .into_any(),
            }}
        </section>
    }
}

/// Why a change cannot be kept under this name.
fn refused(workspace: &Workspace, is_edit: bool, id: &str) -> Option<String> {
    match (is_edit, workspace.change(id)) {
        (false, None) => None,
        (false, Some(_)) => Some(format!(
            "There is a change {id} already: give this one another name under \u{201c}Gate, name and key\u{201d}, or edit that one."
        )),
        (true, None) => Some(format!(
            "There is no change {id}, so it cannot be edited: draw a new one."
        )),
        (true, Some(Err(error))) => Some(format!("{}: {}", error.path, error.message)),
        (true, Some(Ok(change))) => (!change.written.is_empty()).then(|| {
            format!(
                "{id} has revisions already, so it is not drawn again: edit them, or draw another change."
            )
        }),
    }
}

/// Everything below the form, for a change that has phases.
#[component]
fn Board(
    drawn: Arc<Drawn>,
    edits: Edits,
    asking: Asking,
    proving: Proving,
    writing: Writing,
) -> impl IntoView {
    let title = drawn.change.title();
    view! {
        <header class="page-head ch-head">
            <div>
                <h2>{title}</h2>
                {facts(&drawn)}
            </div>
            <div class="ch-buttons">
                <ProveButton drawn=drawn.clone() proving />
                <KeepButton drawn=drawn.clone() asking writing />
                <WriteButton drawn=drawn.clone() asking writing />
            </div>
        </header>
        {move || match writing.stage.get() {
            Stage::Refused(words) => Some(view! { <p class="band danger" role="alert">{words}</p> }),
            _ => None,
        }}
        <Notes notes=drawn.phases.notes.clone() />
        <Beside change=drawn.change.clone() others=others() />
        <Timeline drawn=drawn.clone() edits />
        <DryRunOfAll drawn=drawn.clone() proving />
        <Queries drawn asking />
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
