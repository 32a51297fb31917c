//! `/plans`: the list, and the form for a new plan.

mod new;

use super::remote::words::{self, PlanBadge};
use super::remote::{Ids, Loaded, Remote, When};
use crate::state::state;
use cofferdam_engine::api::{PlanState, PlanSummary};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use new::NewPlanForm;

const STATES: [PlanState; 7] = [
    PlanState::Open,
    PlanState::Approved,
    PlanState::Running,
    PlanState::Failed,
    PlanState::Applied,
    PlanState::Rejected,
    PlanState::Withdrawn,
];

/// The plans of the project, newest first; `?state=` filters, `?new` (or any of `?env= &kind= &target=`)
/// opens the form.
#[component]
pub fn Plans() -> impl IntoView {
    let query = use_query_map();
    let plans = Remote::<Vec<PlanSummary>>::new();
    let state = state();
    plans.follow(move || state.project_path("plans"));
    let writing = Memo::new(move |_| {
        let query = query.read();
        ["new", "env", "kind", "target"]
            .iter()
            .any(|key| query.get(key).is_some())
    });
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>"Plans"</h1>
                    <p class="sub">"What would run on a database, whole, before it does."</p>
                </div>
                <Show when=move || !writing.get() && plans.value.with(Option::is_some)>
                    <a class="btn pri" href="/plans?new=1">
                        "New plan"
                    </a>
                </Show>
            </header>
            <Loaded remote=plans what="Plans">
                <Show when=move || writing.get()>
                    <NewPlanForm />
                </Show>
                <Show when=move || plans.value.with(|plans| plans.as_ref().is_some_and(|plans| !plans.is_empty()))>
                    <Filters plans />
                </Show>
                <List plans writing />
            </Loaded>
        </section>
    }
}

fn chosen_state() -> Memo<Option<PlanState>> {
    let query = use_query_map();
    Memo::new(move |_| {
        let word = query.read().get("state")?;
        STATES
            .into_iter()
            .find(|state| words::plan_state(*state) == word)
    })
}

#[component]
fn Filters(plans: Remote<Vec<PlanSummary>>) -> impl IntoView {
    let chosen = chosen_state();
    let number = move |state: Option<PlanState>| {
        plans.value.with(|plans| {
            plans
                .iter()
                .flatten()
                .filter(|plan| state.is_none_or(|state| plan.state == state))
                .count()
        })
    };
    let chip = move |state: Option<PlanState>| {
        let (href, word) = match state {
            None => ("/plans".to_owned(), "all"),
            Some(state) => {
                let word = words::plan_state(state);
                (format!("/plans?state={word}"), word)
            }
        };
        // A state that no plan is in has no chip, unless it is the one chosen.
        (move || {
            (state.is_none() || number(state) > 0 || chosen.get() == state).then(|| {
                view! {
                    <a
                        class="chip"
                        class:on=move || chosen.get() == state
                        aria-current=move || (chosen.get() == state).then_some("true")
                        href=href.clone()
                    >
                        {word}
                        <span class="n">{move || number(state)}</span>
                    </a>
                }
            })
        })
        .into_any()
    };
    view! {
        <nav class="chips" aria-label="Plans by state">
            {chip(None)}
            {STATES.map(|state| chip(Some(state))).collect_view()}
        </nav>
    }
}

#[component]
fn List(plans: Remote<Vec<PlanSummary>>, writing: Memo<bool>) -> impl IntoView {
    let chosen = chosen_state();
    let shown = Memo::new(move |_| {
        let state = chosen.get();
        plans.value.with(|plans| {
            plans
                .iter()
                .flatten()
                .filter(|plan| state.is_none_or(|state| plan.state == state))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    move || {
        let shown = shown.get();
        if shown.is_empty() {
            return match chosen.get() {
                Some(state) => view! {
                    <div class="empty">
                        <p>"No plan is "{words::plan_state(state)}"."</p>
                        <a class="btn" href="/plans">
                            "Show all plans"
                        </a>
                    </div>
                }
                .into_any(),
                None => view! {
                    <div class="empty">
                        <h2>"No plans yet"</h2>
                        <p>
                            "A plan is the exact list of statements that brings one database from where it is to a target. It is reviewed and approved here, and then applied, byte for byte."
                        </p>
                        <Show when=move || !writing.get()>
                            <a class="btn pri" href="/plans?new=1">
                                "Make the first plan"
                            </a>
                        </Show>
                    </div>
                }
                .into_any(),
            };
        }
        view! {
            <ul class="cards-list plan-list">
                {shown.into_iter().map(|plan| view! { <Row plan /> }).collect_view()}
            </ul>
        }
        .into_any()
    }
}

#[component]
fn Row(plan: PlanSummary) -> impl IntoView {
    let title = words::headline(plan.kind, &plan.environment, &plan.target);
    let href = format!("/plans/{}", plan.id);
    let counts = words::counts(plan.revisions as usize, plan.statements as usize);
    view! {
        <li class="item">
            <span class="n num">"#"{plan.id}</span>
            <div class="what">
                <a class="title" href=href>
                    {title}
                </a>
                <p class="sub">
                    <Ids ids=plan.from />
                    " → "
                    <Ids ids=plan.to />
                    <span>{counts}</span>
                </p>
            </div>
            <div class="who">
                <PlanBadge state=plan.state />
                <span class="sub">{plan.author}", "<When at=plan.created_at /></span>
            </div>
        </li>
    }
}
