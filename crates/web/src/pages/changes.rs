//! `/changes`: breaking changes in phases, and where each stands. `/changes/new` draws one, `/changes/:id` shows one.

mod asking;
mod drawing;
mod editing;
mod form;
mod gate;
pub mod matrix;
pub mod new;
pub mod one;
mod proving;
mod source;
mod sweeping;
mod timeline;
mod together;
mod write_buttons;
mod writing;

use crate::pages::remote::Shape;
use crate::pages::remote::words::count;
use crate::state::state;
use cofferdam_engine::change::{Change, FileError, Phase};
use drawing::{Drawn, size};
use leptos::prelude::*;
use together::Together;

/// The project's changes.
#[component]
pub fn Changes() -> impl IntoView {
    let here = state();
    let changes = Memo::new(move |_| here.workspace.get().map(|workspace| workspace.changes()));
    let body = move || {
        match changes.get() {
        None => view! { <Shape /> }.into_any(),
        Some(changes) if changes.is_empty() => view! {
            <div class="empty">
                <h2>"No change is open"</h2>
                <p>
                    "Rename a column, widen a key, make a column required, split a table, on a database that may not stop: choose what is to change, and it is drawn in phases, with the revisions, the gate between them, and which of your queries break when."
                </p>
                <p>
                    <a class="btn pri" href="/changes/new">"Draw the first change"</a>
                </p>
            </div>
        }
        .into_any(),
        Some(changes) => {
            let readable = changes.iter().flatten().cloned().collect();
            view! {
                <ul class="cards-list ch-list">
                    {changes.into_iter().map(|change| view! { <Row change /> }).collect_view()}
                </ul>
                <Together changes=readable />
            }
            .into_any()
        }
    }
    };
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>"Changes"</h1>
                    <p class="sub">"Breaking changes in phases, and where each stands."</p>
                </div>
                <Show when=move || changes.with(|changes| changes.as_ref().is_some_and(|it| !it.is_empty()))>
                    <a class="btn pri" href="/changes/new">"New change"</a>
                </Show>
            </header>
            {body}
        </section>
    }
}

#[component]
fn Row(change: Result<Change, FileError>) -> impl IntoView {
    let change = match change {
        Ok(change) => change,
        Err(error) => {
            return view! {
                <li class="item">
                    <div class="what">
                        <span class="title"><code>{error.path}</code></span>
                        <p class="sub no">{error.message}</p>
                    </div>
                </li>
            }
            .into_any();
        }
    };
    let title = change.title();
    let href = format!("/changes/{}", change.id);
    let id = change.id.to_string();
    let table = change.table.words();
    view! {
        <li class="item">
            <div class="what">
                <a class="title" href=href>{title}</a>
                <p class="sub">
                    <code>{id}</code>
                    <span>"on " {table}</span>
                </p>
            </div>
            <div class="who">
                <Stands change />
            </div>
        </li>
    }
    .into_any()
}

/// Up to which phase a change is written, and applied on each environment.
#[component]
pub fn Stands(change: Change) -> impl IntoView {
    let environments = state().environments;
    let (tone, words) = match change.written.last() {
        None => ("", "nothing written".to_owned()),
        Some((phase, _)) => (phase.as_str(), format!("{phase} written")),
    };
    let applied = move || {
        environments.with(|all| {
            let known = all.iter().filter(|one| one.error.is_none());
            let marks = known.filter_map(|one| {
                let is_applied = |phase: &Phase| {
                    let mut ids = change.revisions(*phase).peekable();
                    ids.peek()?;
                    let all = ids.all(|id| one.applied.iter().any(|it| it == id.as_str()));
                    all.then_some(*phase)
                };
                let last = Phase::ALL.iter().rev().find_map(is_applied)?;
                Some(view! { <span class=format!("badge {last}")>{one.name.clone()} ": " {last.as_str()}</span> })
            });
            marks.collect_view()
        })
    };
    view! {
        <span class="ch-marks">
            <span class=format!("badge {tone}")>{words}</span>
            {applied}
        </span>
    }
}

/// The queries that are kept beside a change.
fn kept_queries(change: &Change) -> Option<String> {
    let workspace = state().workspace.get_untracked()?;
    let file = workspace.files.get(&change.id.queries_path())?;
    Some(file.text())
}

/// The project's changes that can be read.
fn others() -> Vec<Change> {
    let workspace = state().workspace.get_untracked();
    let all = workspace.map_or_else(Vec::new, |workspace| workspace.changes());
    all.into_iter().flatten().collect()
}

/// What is known of a change, in a line.
fn facts(drawn: &Drawn) -> impl IntoView + use<> {
    let before = drawn.count_before_contract();
    let contract = drawn.of(Phase::Contract).count();
    let before = count(before, "revision");
    let revisions = match contract {
        0 => before,
        contract => format!("{before}, then {contract} once the gate is open"),
    };
    let rows = drawn
        .statistics
        .map(|known| format!("in production {}", size(&known)));
    view! {
        <p class="sub ch-facts">
            <code>{drawn.change.id.to_string()}</code>
            <span>"on " {drawn.change.table.words()}</span>
            <span>{revisions}</span>
            {rows.map(|words| view! { <span>{words}</span> })}
            <span>"old and new version both work from the first phase to the gate"</span>
        </p>
    }
}

/// What the planner has to know.
#[component]
fn Notes(notes: Vec<String>) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <ul class="band caution ch-notes" aria-label="What to know">
                {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
            </ul>
        }
    })
}
