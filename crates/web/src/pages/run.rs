//! `/runs/:id`: one execution of a plan, live while it lasts and in full afterwards.

mod cancel;
mod ending;
mod log;
mod pause;
mod progress;
mod steps;

use super::remote::words::{self, RunBadge};
use super::remote::{Loaded, Remote, When};
use crate::http::{self, Events, Live, segment};
use crate::state::state;
use cofferdam_engine::api::{PlanRecord, RunEvent, RunState, RunSummary};
use cofferdam_engine::plan::Sealed;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use progress::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How the line to the server stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Opening,
    Open,
    Broken,
    /// Everything has been told.
    Ended,
}

#[component]
pub fn Run() -> impl IntoView {
    let params = use_params_map();
    let run = Remote::<RunSummary>::new();
    let record = Remote::<PlanRecord>::new();
    let state = state();
    let path = Memo::new(move |_| {
        let id = params.read().get("id")?;
        state.project_path(&format!("runs/{}", segment(&id)))
    });
    run.follow(move || path.get());
    let plan = Memo::new(move |_| run.value.with(|run| run.as_ref().map(|run| run.plan)));
    Effect::new(move |_| {
        if let Some(path) = plan
            .get()
            .and_then(|plan| state.project_path(&format!("plans/{plan}")))
        {
            record.load(path);
        }
    });
    let sealed = Memo::new(move |_| {
        record.value.with(|record| {
            record.as_ref().map(|record| {
                Sealed::verify(&record.text, &record.summary.digest)
                    .map(Arc::new)
                    .map_err(|error| error.to_string())
            })
        })
    });
    view! {
        <section class="sheet">
            <Loaded remote=run what="Runs" live=true>
                <Loaded remote=record what="Runs" live=true>
                    {move || match sealed.get() {
                        None => ().into_any(),
                        Some(Err(error)) => {
                            view! { <p class="band danger" role="alert">{error}</p> }.into_any()
                        }
                        Some(Ok(sealed)) => view! { <Shown run path sealed /> }.into_any(),
                    }}
                </Loaded>
            </Loaded>
        </section>
    }
}

#[component]
fn Shown(
    run: Remote<RunSummary>,
    path: Memo<Option<String>>,
    sealed: Arc<Sealed>,
) -> impl IntoView {
    let state = state();
    let progress = Progress::new(sealed.plan());
    let line = RwSignal::new(Line::Opening);
    // The events belong to this address; another run's page opens its own.
    let events = StoredValue::new_local(None::<Events>);
    Effect::new(move |_| {
        let Some(path) = path.get() else {
            return;
        };
        let opened = http::events::<RunEvent>(&format!("{path}/events"), move |live| {
            match live {
                Live::Open => line.set(Line::Open),
                Live::Broken => line.set(Line::Broken),
                Live::Event(event) => {
                    if progress.take(event) {
                        line.set(Line::Ended);
                        run.load(path.clone());
                        // What the databases have is told in every room.
                        leptos::task::spawn_local(state.load_environments());
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        });
        events.set_value(Some(opened));
    });
    let summary = Memo::new(move |_| run.value.get());
    // A run whose server died has no last event: its summary tells that nothing more comes.
    Effect::new(move |_| {
        let over = summary.with(|summary| {
            summary
                .as_ref()
                .is_some_and(|summary| summary.state != RunState::Running)
        });
        if line.get() == Line::Broken {
            if over {
                line.set(Line::Ended);
                events.set_value(None);
            } else if let Some(path) = path.get_untracked() {
                run.load(path);
            }
        }
    });
    let state = Memo::new(move |_| {
        progress
            .outcome
            .with(|outcome| outcome.as_ref().map(words::run_state))
            .or_else(|| summary.with(|summary| summary.as_ref().map(|summary| summary.state)))
            .unwrap_or(RunState::Running)
    });
    view! {
        {move || {
            let summary = summary.get()?;
            Some(
                view! {
                    <header class="page-head">
                        <div>
                            <h1>
                                {words::headline(summary.kind, &summary.environment, &summary.target)}
                                " "
                                {move || view! { <RunBadge state=state.get() /> }}
                            </h1>
                            <p class="meta">
                                <span>
                                    "Run of "
                                    <a href=format!("/plans/{}", summary.plan)>"plan #"{summary.plan}</a>
                                    " by "
                                    {summary.actor}
                                    ", "
                                    <When at=summary.started_at.clone() />
                                </span>
                                <span>"Run "<code>{summary.id}</code></span>
                                <Took started=summary.started_at finished=summary.finished_at />
                            </p>
                        </div>
                        <pause::Pause path state progress />
                        <cancel::Cancel path state />
                    </header>
                },
            )
        }}
        <LineWords line state />
        <steps::Bar progress sealed=sealed.clone() />
        <ending::Ending progress run sealed=sealed.clone() />
        <div class="plan-columns">
            <div class="plan-body">
                <steps::Steps progress sealed />
            </div>
            <aside class="plan-side" aria-label="Log">
                <log::Log progress />
            </aside>
        </div>
    }
}

#[component]
fn Took(started: String, finished: Option<String>) -> impl IntoView {
    use super::remote::millis;
    let took = finished.and_then(|finished| Some(millis(&finished)? - millis(&started)?));
    took.map(|took| view! { <span>"took "{words::duration(took)}</span> })
}

/// Whether what is shown is live.
#[component]
fn LineWords(line: RwSignal<Line>, state: Memo<RunState>) -> impl IntoView {
    let words = move || match (line.get(), state.get()) {
        (Line::Broken, _) => Some(
            "The connection to the server is broken; the run goes on without this page. Trying again…",
        ),
        (Line::Opening, RunState::Running) => Some("Connecting to the run…"),
        _ => None,
    };
    view! {
        <div role="status">
            {move || words().map(|words| view! { <p class="band caution">{words}</p> })}
        </div>
    }
}
