//! `/runs`: every run of the project, newest first.

use super::remote::words::{self, RunBadge};
use super::remote::{Loaded, Remote, When, millis};
use crate::state::state;
use cofferdam_engine::api::{RunState, RunSummary};
use leptos::prelude::*;

#[component]
pub fn Runs() -> impl IntoView {
    let runs = Remote::<Vec<RunSummary>>::new();
    let state = state();
    runs.follow(move || state.project_path("runs"));
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>"Runs"</h1>
                    <p class="sub">"What was applied, by whom, and how it ended."</p>
                </div>
            </header>
            <Loaded remote=runs what="Runs">
                {move || {
                    let runs = runs.value.get().unwrap_or_default();
                    if runs.is_empty() {
                        return view! {
                            <div class="empty">
                                <h2>"Nothing has been applied from here yet"</h2>
                                <p>"A run begins when an approved plan is applied."</p>
                                <a class="btn" href="/plans">
                                    "Open the plans"
                                </a>
                            </div>
                        }
                        .into_any();
                    }
                    view! {
                        <ul class="cards-list">
                            {runs.into_iter().map(|run| view! { <Row run /> }).collect_view()}
                        </ul>
                    }
                    .into_any()
                }}
            </Loaded>
        </section>
    }
}

#[component]
fn Row(run: RunSummary) -> impl IntoView {
    let took = run
        .finished_at
        .as_ref()
        .and_then(|finished| Some(millis(finished)? - millis(&run.started_at)?))
        .map(|ms| format!("took {}", words::duration(ms)));
    let live = (run.state == RunState::Running).then_some("under way; open it to watch");
    view! {
        <li class="item">
            <div class="what">
                <a class="title" href=format!("/runs/{}", run.id)>
                    {words::headline(run.kind, &run.environment, &run.target)}
                </a>
                <p class="sub">
                    <a href=format!("/plans/{}", run.plan)>"plan #"{run.plan}</a>
                    <span>{took.or(live.map(str::to_owned))}</span>
                </p>
            </div>
            <div class="who">
                <RunBadge state=run.state />
                <span class="sub">{run.actor}", "<When at=run.started_at /></span>
            </div>
        </li>
    }
}
