//! `/dry-run?from=&to=&mode=&view=`: pick a range, read its SQL, run it in this tab.
//!
//! The address holds what to run. Opening it never starts a run: a run takes a quarter of a gigabyte of memory, which a
//! link should not spend unasked.

mod actions;
mod choice;
pub mod difference;
pub mod entry;
pub mod failure;
pub mod figures;
pub mod headline;
mod keys;
mod link;
mod mark;
pub mod now;
pub mod phases;
mod picker;
pub mod project;
mod python;
pub mod result;
mod sql;
pub mod verdicts;

use crate::dry_run::bench;
use crate::dry_run::order::{Mode, Order};
use crate::dry_run::range::{Place, Range, RangeError};
use crate::dry_run::record::At;
use actions::Actions;
use cofferdam_engine::revision::RevisionId;
use figures::counted;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use phases::Phases;
use picker::Picker;
use project::Opening;
use python::NeedsPython;
use result::ResultPane;
use sql::RangeSql;
use std::sync::Arc;

/// A range, or why there is none. Two are the same only when they are one: planning is what takes time.
#[derive(Clone)]
struct Planned(Result<Arc<Range>, RangeError>);

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Ok(one), Ok(two)) => Arc::ptr_eq(one, two),
            (Err(one), Err(two)) => one == two,
            _ => false,
        }
    }
}

#[component]
pub fn DryRun() -> impl IntoView {
    let query = use_query_map();
    let leaves_out = Memo::new(move |_| {
        let asked = query.read().get("python");
        asked.is_some_and(|word| word == python::LEFT_OUT)
    });
    let project = project::project(leaves_out);
    let runnable = Memo::new(move |_| {
        project.with(|project| project.ready().is_some_and(|it| !it.history.is_empty()))
    });
    let asked = move |key: &'static str| query.read().get(key).filter(|text| !text.is_empty());
    let usual =
        Memo::new(move |_| project.with(|project| project.ready().map(|it| project::usual(it))));
    let base = || Place::Target("base".into());
    let from = Memo::new(move |_| match asked("from") {
        Some(text) => Place::read(&text),
        None => usual.get().map_or_else(base, |(from, _)| from),
    });
    let to = Memo::new(move |_| match asked("to") {
        Some(text) => Place::read(&text),
        None => usual.get().map_or_else(base, |(_, to)| to),
    });
    let mode = Memo::new(move |_| {
        asked("mode")
            .and_then(|text| Mode::read(&text))
            .unwrap_or(Mode::Prove)
    });
    let sql = Memo::new(move |_| asked("view").is_some_and(|view| view == "sql"));
    let planned = Memo::new(move |_| {
        let project = project.get().ready()?.clone();
        (!project.history.is_empty())
            .then(|| Planned(Range::new(&project, from.get(), to.get()).map(Arc::new)))
    });
    let range = Signal::derive(move || planned.get().and_then(|planned| planned.0.ok()));

    bench::open();
    // An ended page gives its warm database back; a run goes on.
    Effect::new(move |_| {
        if let Some(range) = range.get() {
            bench::keep_warm(&range.extensions);
        }
    });
    on_cleanup(bench::cool);

    let navigate = StoredValue::new_local(use_navigate());
    // The address with changes; an empty value takes its key away.
    let go = move |changes: &[(&str, String)]| {
        let mut map = query.get_untracked();
        for (key, value) in changes {
            map.remove(key);
            if !value.is_empty() {
                map.insert((*key).to_owned(), value.clone());
            }
        }
        let address = format!("/dry-run{}", map.to_query_string());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate.with_value(|navigate| navigate(&address, options));
    };
    let pick =
        move |key: &'static str| Callback::new(move |place: Place| go(&[(key, place.address())]));
    let left_out = Signal::derive(move || range.get().map_or(0, |range| range.left_out));
    let stop_at = Callback::new(move |id: RevisionId| go(&[("to", id.to_string())]));
    let leave_out = Callback::new(move |leave: bool| {
        let word = if leave { python::LEFT_OUT } else { "" };
        go(&[("python", word.to_owned())]);
    });
    let show_sql = Callback::new(move |show: bool| {
        go(&[("view", if show { "sql".into() } else { String::new() })])
    });

    let stop = Memo::new(move |_| {
        let planned = planned.get()?.0;
        python::stop(project.get().ready()?, &from.get(), &planned)
    });
    let one_way = Signal::derive(move || {
        let range = range.get()?;
        let why = range.down.as_ref().err()?;
        Some(
            stop.get()
                .map_or_else(|| why.to_string(), |stop| stop.words),
        )
    });
    let obstacle = Signal::derive(move || match planned.get()?.0 {
        Ok(range) if range.is_empty() && range.from == range.to => {
            Some("“From” and “to” are the same state: pick a wider range".into())
        }
        Ok(range) if range.is_empty() => Some(format!(
            "{} is already at {}: pick a wider range",
            range.from.words(),
            range.to.words()
        )),
        Ok(_) => None,
        Err(error) => Some(
            stop.get()
                .map_or_else(|| error.to_string(), |stop| stop.words),
        ),
    });
    let upside_down = Memo::new(move |_| {
        planned
            .get()
            .is_some_and(|planned| matches!(planned.0, Err(RangeError::UpsideDown)))
    });
    let selected = RwSignal::new(None::<At>);
    let start = Callback::new(move |mode: Mode| {
        let Some(range) = range.get_untracked() else {
            return;
        };
        let Some(project) = project.get_untracked().ready().cloned() else {
            return;
        };
        if obstacle.get_untracked().is_some()
            || (mode != Mode::Upgrade && one_way.get_untracked().is_some())
        {
            return;
        }
        selected.set(None);
        go(&[
            ("from", range.from.address()),
            ("to", range.to.address()),
            ("mode", mode.address().to_owned()),
            ("view", String::new()),
        ]);
        // A range that cannot be taken back was refused above.
        let _ = bench::start(Order { mode, range }, project.config.project.clone());
    });
    keys::listen(start, mode.into());

    let last = bench::last();
    let choices = Memo::new(move |_| {
        project.with(|project| {
            project
                .ready()
                .map_or_else(Vec::new, |it| choice::choices(it))
        })
    });
    let count = Signal::derive(move || {
        let range = range.get().filter(|range| !range.is_empty())?;
        Some(format!(
            "{}, {}",
            counted(range.revision_count() as u64, "revision", "revisions"),
            counted(range.statement_count() as u64, "statement", "statements")
        ))
    });
    let select = Callback::new(move |at: At| {
        go(&[("view", String::new())]);
        selected.set(Some(at));
    });
    let list = {
        let last = last.clone();
        move || {
            last.get()
                .map(|proof| view! { <Phases proof selected=selected.into() select /> })
        }
    };
    let right = move || match (sql.get(), range.get()) {
        (true, Some(range)) => view! { <RangeSql range mode=mode.get_untracked() /> }.into_any(),
        _ => view! { <ResultPane range selected=selected.into() select /> }.into_any(),
    };
    view! {
        <div class="dr-page">
            <Show
                when=move || runnable.get()
                fallback=move || view! { <Nothing project=project.into() /> }
            >
                <section class="dr-left" aria-label="Range and progress">
                    <div class="dr-setup">
                        <div class="dr-range">
                            <Picker label="From" id="dr-from" choices=choices.into() place=from.into() pick=pick("from") />
                            <Picker label="To" id="dr-to" choices=choices.into() place=to.into() pick=pick("to") note=count />
                        </div>
                        <Actions
                            obstacle
                            one_way
                            mode=mode.into()
                            start
                            sql=sql.into()
                            show_sql
                        />
                        <Show when=move || upside_down.get()>
                            <button
                                type="button"
                                class="btn sm"
                                on:click=move |_| go(&[("from", to.get_untracked().address()), ("to", from.get_untracked().address())])
                            >
                                "Swap from and to"
                            </button>
                        </Show>
                        <NeedsPython stop leaves_out left_out stop_at leave_out />
                    </div>
                    {list.clone()}
                </section>
                <section class="dr-right" aria-label="Result">{right}</section>
            </Show>
        </div>
    }
}

/// No history to run, or none yet.
#[component]
fn Nothing(project: Signal<Opening>) -> impl IntoView {
    let body = move || {
        match project.get() {
        Opening::Loading => view! { <p class="dr-note" role="status">"Opening the history…"</p> }.into_any(),
        Opening::Broken(reasons) => view! {
            <h1>"These files make no history that could be run"</h1>
            <ul>{reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
            <p>"Mend them, or look at them on the " <A href="/history">"history page"</A> "."</p>
        }
        .into_any(),
        Opening::Ready(_) => view! {
            <h1>"There is nothing to run yet"</h1>
            <p>
                "This history has no revisions. " <A href="/write/new">"Write the first one"</A> ", or open another project on the "
                <A href="/history">"history page"</A> "."
            </p>
        }
        .into_any(),
    }
    };
    view! { <div class="dr-empty">{body}</div> }
}
