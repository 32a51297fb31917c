//! What the reader may do with the plan: approve, reject, withdraw, apply. Each opens a panel that
//! repeats what it will do.

use super::Page;
use crate::http;
use crate::pages::remote::words;
use crate::pages::remote::{Doing, Trouble};
use cofferdam_engine::api::{NewReview, PlanActions, PlanRecord, RunSummary, Verdict};
use cofferdam_engine::plan::{Kind, Sealed};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Approve,
    Reject,
    Withdraw,
    Apply,
}

impl Action {
    const ALL: [Action; 4] = [
        Action::Apply,
        Action::Approve,
        Action::Reject,
        Action::Withdraw,
    ];

    fn allowed(self, may: &PlanActions) -> bool {
        match self {
            Action::Approve => may.approve,
            Action::Reject => may.reject,
            Action::Withdraw => may.withdraw,
            Action::Apply => may.apply,
        }
    }

    /// Only what this page has read and found to be the plan can be agreed to.
    fn needs_plan(self) -> bool {
        matches!(self, Action::Approve | Action::Apply)
    }
}

#[component]
pub fn Decide(page: Page) -> impl IntoView {
    let may = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().map(|record| record.may.clone()))
    });
    let environment = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.summary.environment.clone())
                .unwrap_or_default()
        })
    });
    let open = RwSignal::new(None::<Action>);
    let allowed = move |action: Action| {
        may.with(|may| may.as_ref().is_some_and(|may| action.allowed(may)))
            && (!action.needs_plan() || page.plan().is_some())
    };
    // A panel closes when what it offers is no longer allowed.
    let shown = Memo::new(move |_| open.get().filter(|action| allowed(*action)));
    let dangerous = Memo::new(move |_| {
        page.plan()
            .is_some_and(|sealed| words::is_dangerous(sealed.plan()))
    });
    let button = move |action: Action| {
        (move || {
            allowed(action).then(|| {
                let words = match action {
                    Action::Approve => "Approve…".to_owned(),
                    Action::Reject => "Reject…".to_owned(),
                    Action::Withdraw => "Withdraw…".to_owned(),
                    Action::Apply => format!("Apply to {}…", environment.get()),
                };
                let warns = action == Action::Apply && dangerous.get();
                view! {
                    <button
                        type="button"
                        class="btn"
                        class:pri=matches!(action, Action::Apply | Action::Approve) && !warns
                        class:warn=warns
                        aria-expanded=move || (shown.get() == Some(action)).to_string()
                        on:click=move |_| open.update(|open| {
                            *open = if *open == Some(action) { None } else { Some(action) };
                        })
                    >
                        {words}
                    </button>
                }
            })
        })
        .into_any()
    };
    view! {
        <div class="decide">
            <div class="buttons">{Action::ALL.map(button).collect_view()}</div>
            {move || {
                let reasons = may.get().map(|may| may.why_not).unwrap_or_default();
                (!reasons.is_empty())
                    .then(|| {
                        view! {
                            <ul class="why-not">
                                {reasons.into_iter().map(|why| view! { <li>{why}</li> }).collect_view()}
                            </ul>
                        }
                    })
            }}
            {move || {
                let close = move || open.set(None);
                match shown.get()? {
                    Action::Apply => {
                        Some(view! { <Apply page sealed=page.plan()? close /> }.into_any())
                    }
                    Action::Withdraw => Some(view! { <Withdraw page close /> }.into_any()),
                    Action::Approve => {
                        Some(view! { <Review page verdict=Verdict::Approve close /> }.into_any())
                    }
                    Action::Reject => {
                        Some(view! { <Review page verdict=Verdict::Reject close /> }.into_any())
                    }
                }
            }}
        </div>
    }
}

#[component]
fn Review(page: Page, verdict: Verdict, close: impl Fn() + Copy + 'static) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let doing = Doing::new();
    let approves = verdict == Verdict::Approve;
    // The digest that this page computed from the bytes it shows; where it could not, the one it was told,
    // which only a rejection may name.
    let digest = move || {
        page.plan()
            .map(|sealed| sealed.digest().to_owned())
            .or_else(|| {
                page.record.value.with_untracked(|record| {
                    record.as_ref().map(|record| record.summary.digest.clone())
                })
            })
    };
    let what = untrack(|| page.plan())
        .map(|sealed| {
            words::counts(
                sealed.plan().revisions.len(),
                sealed.plan().statement_count(),
            )
        })
        .unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(digest) = untrack(digest) else {
            return;
        };
        let body = NewReview {
            verdict,
            digest,
            text: text.get_untracked().trim().to_owned(),
        };
        let path = format!("{}/reviews", page.path_now());
        doing.run(
            async move { http::post::<_, PlanRecord>(&path, &body).await },
            move |record| {
                page.record.set(record);
                close();
            },
        );
    };
    view! {
        <form class="card form panel" on:submit=submit>
            <p>
                {if approves {
                    format!("You approve exactly what stands below: {what}, under the digest above.")
                } else {
                    "The plan will not be applied. Say what should be different.".to_owned()
                }}
            </p>
            <textarea
                rows="3"
                aria-label="Words to the review"
                placeholder=if approves { "Words (optional)" } else { "Why" }
                autofocus
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <Trouble doing />
            <div class="buttons">
                <button class="btn" class:pri=approves class:warn=!approves disabled=move || doing.busy.get()>
                    {if approves { format!("Approve {what}") } else { "Reject the plan".to_owned() }}
                </button>
                <button type="button" class="btn" on:click=move |_| close()>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}

#[component]
fn Withdraw(page: Page, close: impl Fn() + Copy + 'static) -> impl IntoView {
    let doing = Doing::new();
    let withdraw = move |_| {
        let path = format!("{}/withdraw", page.path_now());
        doing.run(
            async move { http::act::<PlanRecord>(&path).await },
            move |record| {
                page.record.set(record);
                close();
            },
        );
    };
    view! {
        <div class="card form panel">
            <p>"A withdrawn plan stays readable, and can be neither approved nor applied any more."</p>
            <Trouble doing />
            <div class="buttons">
                <button type="button" class="btn warn" disabled=move || doing.busy.get() on:click=withdraw>
                    "Withdraw the plan"
                </button>
                <button type="button" class="btn" on:click=move |_| close()>
                    "Cancel"
                </button>
            </div>
        </div>
    }
}

#[component]
fn Apply(page: Page, sealed: Arc<Sealed>, close: impl Fn() + Copy + 'static) -> impl IntoView {
    let plan = sealed.plan();
    let doing = Doing::new();
    let navigate = use_navigate();
    let environment = plan.environment.clone().unwrap_or_default();
    let counts = words::counts(plan.revisions.len(), plan.statement_count());
    let dangerous = words::is_dangerous(plan);
    let destroys = words::destroys(plan);
    let words = words::deed(plan, &environment);
    let apply = move |_| {
        let path = format!("{}/runs", page.path_now());
        let navigate = navigate.clone();
        doing.run(
            async move { http::act::<RunSummary>(&path).await },
            move |run| {
                navigate(&format!("/runs/{}", run.id), Default::default());
            },
        );
    };
    view! {
        <div class="card form panel" class:danger=dangerous>
            <p>
                {words::headline(plan.kind, &environment, &plan.target)}
                ": "
                {counts}
                {match plan.kind {
                    Kind::Upgrade | Kind::Downgrade => {
                        ". Each revision commits with its version row; what is committed stays, whatever comes after."
                    }
                    Kind::Stamp => ". Version rows only; no revision runs.",
                    Kind::Undo => ". The version rows stay as they are.",
                }}
            </p>
            {(!destroys.is_empty())
                .then(|| {
                    view! {
                        <div class="destroys">
                            <p>
                                <b>"It takes away:"</b>
                            </p>
                            <ul>
                                {destroys
                                    .into_iter()
                                    .map(|label| view! { <li><code>{label}</code></li> })
                                    .collect_view()}
                            </ul>
                        </div>
                    }
                })}
            {(dangerous)
                .then(|| {
                    view! {
                        <p class="hint">
                            "Told from the statements' first words; read the statements themselves for the rest."
                        </p>
                    }
                })}
            <Trouble doing />
            <div class="buttons">
                <button
                    type="button"
                    class="btn"
                    class:pri=!dangerous
                    class:destroy=dangerous
                    disabled=move || doing.busy.get()
                    on:click=apply
                >
                    {words}
                </button>
                <button type="button" class="btn" on:click=move |_| close()>
                    "Cancel"
                </button>
            </div>
        </div>
    }
}
