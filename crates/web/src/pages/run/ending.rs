//! How a run ended, what was kept, and what can be done next.

use super::progress::Progress;
use super::steps::ErrorWords;
use crate::http;
use crate::pages::remote::words;
use crate::pages::remote::{Doing, Remote, Trouble};
use crate::state::state;
use cofferdam_engine::api::{NewPlan, PlanRecord, RunSummary};
use cofferdam_engine::plan::{Kind, Sealed};
use cofferdam_engine::revision::Direction;
use cofferdam_engine::run::{Outcome, Refusal};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use serde::Serialize;
use std::sync::Arc;

/// What comes next, as a new plan.
#[derive(Clone)]
struct Next {
    words: String,
    kind: Kind,
    target: String,
    /// It undoes something.
    warn: bool,
}

/// An ended run in words.
struct Words {
    tone: &'static str,
    title: String,
    text: Vec<String>,
    next: Vec<Next>,
}

#[component]
pub fn Ending(progress: Progress, run: Remote<RunSummary>, sealed: Arc<Sealed>) -> impl IntoView {
    // The events say it first; the summary of a run whose events are gone says it too.
    let outcome = Memo::new(move |_| {
        progress.outcome.get().or_else(|| {
            run.value
                .with(|run| run.as_ref().and_then(|run| run.outcome.clone()))
        })
    });
    view! {
        <div role="status">
            {move || {
                let outcome = outcome.get()?;
                let words = tell(&outcome, &sealed, progress.revisions_done());
                let must_decide = matches!(outcome, Outcome::Refused { refusal: Refusal::MustDecide { .. } });
                let error = match outcome {
                    Outcome::Failed { at: None, error, .. } => Some(error),
                    _ => None,
                };
                Some(
                    view! {
                        <div class=format!("band {}", words.tone)>
                            <h2>{words.title}</h2>
                            {words.text.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
                            {error.map(|error| view! { <ErrorWords error /> })}
                            {must_decide.then(|| view! { <WhatHappened run /> })}
                            <NextSteps run next=words.next />
                        </div>
                    },
                )
            }}
        </div>
    }
}

/// Buttons that make the next plan and open it, and the way back to the database.
#[component]
fn NextSteps(run: Remote<RunSummary>, next: Vec<Next>) -> impl IntoView {
    let state = state();
    let doing = Doing::new();
    let navigate = use_navigate();
    let buttons = next
        .into_iter()
        .map(|next| {
            let navigate = navigate.clone();
            let warn = next.warn;
            let words = next.words.clone();
            let make = move |_| {
                let environment = run
                    .value
                    .with_untracked(|run| run.as_ref().map(|run| run.environment.clone()));
                let (Some(environment), Some(path)) =
                    (environment, state.project_path_now("plans"))
                else {
                    return;
                };
                let body = NewPlan {
                    environment,
                    kind: next.kind,
                    target: next.target.clone(),
                    note: String::new(),
                };
                let navigate = navigate.clone();
                doing.run(
                    async move { http::post::<_, PlanRecord>(&path, &body).await },
                    move |plan| {
                        navigate(&format!("/plans/{}", plan.summary.id), Default::default())
                    },
                );
            };
            view! {
                <button
                    type="button"
                    class="btn sm"
                    class:warn=warn
                    disabled=move || doing.busy.get()
                    on:click=make
                >
                    {words}
                </button>
            }
        })
        .collect_view();
    view! {
        <Trouble doing />
        <div class="buttons">
            {buttons}
            <a class="btn sm" href="/databases">
                "Look at the databases"
            </a>
        </div>
    }
}

/// What a person says of a statement of which nobody else can know; the plan is applied again with it.
#[derive(Clone, Copy, Serialize)]
struct Start {
    in_flight: &'static str,
}

/// A crash left a statement open: a person looks at the database and says what became of it.
#[component]
fn WhatHappened(run: Remote<RunSummary>) -> impl IntoView {
    let state = state();
    let doing = Doing::new();
    let navigate = use_navigate();
    let answer = move |in_flight: &'static str| {
        let plan = run
            .value
            .with_untracked(|run| run.as_ref().map(|run| run.plan));
        let Some(path) =
            plan.and_then(|plan| state.project_path_now(&format!("plans/{plan}/runs")))
        else {
            return;
        };
        let navigate = navigate.clone();
        doing.run(
            async move { http::post::<_, RunSummary>(&path, &Start { in_flight }).await },
            move |run| navigate(&format!("/runs/{}", run.id), Default::default()),
        );
    };
    let button = move |in_flight: &'static str, words: &'static str| {
        let answer = answer.clone();
        view! {
            <button
                type="button"
                class="btn sm"
                disabled=move || doing.busy.get()
                on:click=move |_| answer(in_flight)
            >
                {words}
            </button>
        }
    };
    view! {
        <Trouble doing />
        <div class="buttons">
            {button("done", "It took effect: go on after it")}
            {button("again", "It did not: run it again")}
        </div>
    }
}

fn tell(outcome: &Outcome, sealed: &Sealed, done: usize) -> Words {
    let plan = sealed.plan();
    let again = |words: &str| Next {
        words: words.into(),
        kind: plan.kind,
        target: plan.target.clone(),
        warn: plan.kind != Kind::Upgrade,
    };
    let undo = |revision: &str| Next {
        words: format!("Plan undoing {revision}"),
        kind: Kind::Undo,
        target: revision.into(),
        warn: true,
    };
    let kept = match done {
        0 => "No revision is finished.".to_owned(),
        1 => "1 revision is finished, and stays.".to_owned(),
        n => format!("{n} revisions are finished, and stay."),
    };
    // A half-applied revision is the one that the run ended in.
    let stopped = |at: &Option<cofferdam_engine::plan::StepAt>| {
        at.and_then(|at| plan.revisions.get(at.revision)?.revision.clone())
            .map(|id| id.to_string())
            .unwrap_or_default()
    };
    let halves = |revision: &str, text: &mut Vec<String>| {
        text.push(format!(
            "{revision} is half applied: a part of it is committed, and its version row is not changed. Until it is resumed or undone, nothing else runs on this database."
        ));
        vec![again("Plan resuming it"), undo(revision)]
    };
    match outcome {
        Outcome::Done => Words {
            tone: "good",
            title: "Done".into(),
            text: vec![match plan.kind {
                Kind::Upgrade if plan.revisions.len() == 1 => "1 revision ran, and is committed.".into(),
                Kind::Upgrade => format!("{} revisions ran, and every one is committed.", plan.revisions.len()),
                Kind::Downgrade => format!("{} undone and committed.", words::count(plan.revisions.len(), "revision")),
                Kind::Stamp => "The version rows are changed.".into(),
                Kind::Undo => format!("What {} had done is taken back; the version rows are as they were.", plan.target),
            }],
            next: vec![],
        },
        Outcome::Failed { at, what, error, half_applied } => {
            let mut text = Vec::new();
            if let Some(step) = at.and_then(|at| plan.step(at)) {
                let label = cofferdam_engine::sql::label(&step.sql);
                text.push(format!("{label}: {} (SQLSTATE {})", error.message, error.code));
            }
            text.push(kept);
            let next = if *half_applied {
                halves(&stopped(at), &mut text)
            } else {
                text.push("The transaction of the failed statement was rolled back: nothing of it is left.".into());
                if at.is_some() {
                    text.push("Mend the revision's file, or the data that it met, and plan the rest.".into());
                }
                vec![again("Plan the rest again")]
            };
            Words { tone: "danger", title: format!("Could not {what}"), text, next }
        }
        Outcome::Cancelled { at, half_applied } => {
            let mut text = vec![kept];
            let next = if *half_applied {
                halves(&stopped(at), &mut text)
            } else {
                text.push("What was under way was rolled back.".into());
                vec![again("Plan the rest")]
            };
            Words { tone: "caution", title: "Stopped".into(), text, next }
        }
        Outcome::Lost { message, .. } => Words {
            tone: "danger",
            title: "Broken off".into(),
            text: vec![
                sentence(message),
                kept,
                "Whether the last statement took effect will be found out by the next run; look at the databases for what is half applied.".into(),
            ],
            next: vec![again("Plan the rest")],
        },
        Outcome::Refused { refusal } => refused(refusal, plan.kind, again, undo),
    }
}

fn refused(
    refusal: &Refusal,
    kind: Kind,
    again: impl Fn(&str) -> Next,
    undo: impl Fn(&str) -> Next,
) -> Words {
    let next = match refusal {
        Refusal::Moved { .. } => vec![again("Make the plan again")],
        Refusal::HalfApplied {
            revision,
            direction,
            ..
        } => {
            let (same, target) = match direction {
                Direction::Upgrade => (kind == Kind::Upgrade, revision.as_str()),
                Direction::Downgrade => (kind == Kind::Downgrade, "-1"),
            };
            let resume = if same {
                again("Plan resuming it")
            } else {
                Next {
                    words: format!("Plan resuming the {direction}"),
                    kind: if *direction == Direction::Upgrade {
                        Kind::Upgrade
                    } else {
                        Kind::Downgrade
                    },
                    target: target.to_owned(),
                    warn: *direction == Direction::Downgrade,
                }
            };
            vec![resume, undo(revision)]
        }
        Refusal::FileChanged { revision } => vec![undo(revision)],
        Refusal::MustDecide { revision, .. } => vec![undo(revision)],
        Refusal::Locked { .. }
        | Refusal::NotHalfApplied { .. }
        | Refusal::SessionChanged { .. } => vec![],
    };
    let text = match refusal {
        Refusal::MustDecide { revision, sql } => format!(
            "A crash left it open whether this statement of {revision} took effect: {sql} Look at the database, then say what became of it."
        ),
        Refusal::Locked { holder } => format!(
            "Another run is under way on this database{}. Apply the plan again when it has ended.",
            holder
                .as_ref()
                .map(|holder| format!(" ({holder})"))
                .unwrap_or_default()
        ),
        other => other.to_string(),
    };
    Words {
        tone: "caution",
        title: "Nothing was run".into(),
        text: vec![text],
        next,
    }
}

/// A message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
