//! The plan's revisions and statements with what has become of each.

use super::progress::{Progress, RevisionState, StepState};
use crate::pages::remote::words;
use crate::pages::remote::{SqlAt, millis};
use crate::pages::trouble::means;
use cofferdam_engine::plan::{Mode, Sealed, Step, StepAt, StepKind};
use cofferdam_engine::run::{DbError, Notice};
use leptos::prelude::*;
use std::sync::Arc;

/// How far the run is, as a bar and in words.
#[component]
pub fn Bar(progress: Progress, sealed: Arc<Sealed>) -> impl IntoView {
    let total = progress.total();
    let words = move || {
        let done = progress.settled.get();
        format!("{done} of {} done, ", words::count(total, "step"))
    };
    // Told aloud: revisions, not every statement.
    let aloud = move || match progress.waiting.get() {
        Some(Some(holder)) => {
            format!("another run holds the lock on this database ({holder}); waiting for it")
        }
        Some(None) => "another run holds the lock on this database; waiting for it".into(),
        None if progress.paused.get() => {
            "paused: no transaction is open, and the lock is kept".into()
        }
        None => words::count(progress.revisions_done(), "whole revision"),
    };
    view! {
        <div class="run-bar">
            <progress max=total.max(1) prop:value=move || progress.settled.get() aria-label="Steps done"></progress>
            <p>
                {words}
                <span aria-live="polite">{aloud}</span>
            </p>
            <p class="run-now" class:over=move || progress.outcome.read().is_some()>
                {move || {
                    let at = progress.now.get()?;
                    let label = cofferdam_engine::sql::label(&sealed.plan().step(at)?.sql);
                    let show = move |_| {
                        if let Some(row) = document().get_element_by_id(&row_id(at)) {
                            row.scroll_into_view();
                        }
                    };
                    Some(
                        view! {
                            "Now "
                            <code>{label}</code>
                            <button type="button" class="btn sm plain" on:click=show>
                                "Show"
                            </button>
                        },
                    )
                }}
            </p>
        </div>
    }
}

fn row_id(at: StepAt) -> String {
    format!(
        "step-{}-{}-{}",
        at.revision + 1,
        at.segment + 1,
        at.step + 1
    )
}

#[component]
pub fn Steps(progress: Progress, sealed: Arc<Sealed>) -> impl IntoView {
    let plan = sealed.plan();
    (0..plan.revisions.len())
        .map(|index| {
            let planned = &plan.revisions[index];
            let message = if planned.message.is_empty() {
                planned.path.clone()
            } else {
                planned.message.clone()
            };
            let id = planned.revision.as_ref().map(|id| {
                view! {
                    <a class="id" href=format!("/history/{id}") title=id.to_string()>
                        <code>{id.short().to_owned()}</code>
                    </a>
                }
            });
            let segments = planned
                .segments
                .iter()
                .enumerate()
                .map(|(segment, part)| {
                    let steps = part
                        .steps
                        .iter()
                        .enumerate()
                        .filter(|(_, found)| !found.is_of_cursor())
                        .map(|(step, found)| {
                            let at = StepAt {
                                revision: index,
                                segment,
                                step,
                            };
                            view! { <StepRow progress at step=found.clone() /> }
                        })
                        .collect_view();
                    view! {
                        <ol class="tx" class:solo=part.mode == Mode::Outside>
                            {steps}
                        </ol>
                    }
                })
                .collect_view();
            view! {
                <section class="part revision">
                    <header>
                        <RevisionMark progress index />
                        <h2>{message}</h2>
                        {id}
                    </header>
                    {segments}
                </section>
            }
        })
        .collect_view()
}

#[component]
fn RevisionMark(progress: Progress, index: usize) -> impl IntoView {
    move || {
        let (tone, mark, words) = match progress.revision(index).map(|state| state.get())? {
            RevisionState::Waiting => ("dim", "○", "waiting"),
            RevisionState::Running => ("now", "●", "running"),
            RevisionState::Done => ("ok", "✓", "done"),
            RevisionState::Stopped => ("no", "✕", "stopped"),
        };
        Some(
            view! { <span class=format!("mark-state {tone}") role="img" aria-label=words title=words>{mark}</span> },
        )
    }
}

#[component]
fn StepRow(progress: Progress, at: StepAt, step: Step) -> impl IntoView {
    let Some(state) = progress.step(at) else {
        return ().into_any();
    };
    let sql = step.sql.clone();
    let label = cofferdam_engine::sql::label(&step.sql);
    let failed = Memo::new(move |_| state.with(|state| matches!(state, StepState::Failed(_))));
    view! {
        <li class="step" class:failed=failed id=row_id(at)>
            <details open=failed>
                <summary>
                    <Mark state />
                    <code class="label">{label}</code>
                    {(step.kind == StepKind::Version)
                        .then(|| view! { <span class="badge info">"version table"</span> })}
                    <Figures state />
                </summary>
                {move || {
                    let position = state
                        .with(|state| match state {
                            StepState::Failed(error) => error.position,
                            _ => None,
                        });
                    view! { <SqlAt text=sql.clone() position /> }
                }}
            </details>
            {move || {
                state
                    .with(|state| match state {
                        StepState::Failed(error) => Some(view! { <ErrorWords error=(**error).clone() /> }.into_any()),
                        StepState::Done { notices, .. } if !notices.is_empty() => {
                            Some(view! { <Notices notices=notices.clone() /> }.into_any())
                        }
                        _ => None,
                    })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Mark(state: RwSignal<StepState>) -> impl IntoView {
    move || {
        let (tone, mark, words) = state.with(|state| match state {
            StepState::Waiting => ("dim", "○", "waiting"),
            StepState::Running { .. } => ("now spin", "◐", "running"),
            StepState::Done { .. } => ("ok", "✓", "done"),
            StepState::Skipped { .. } => ("dim", "–", "skipped"),
            StepState::RolledBack => ("wa", "↶", "rolled back"),
            StepState::Retrying { .. } => ("wa", "↻", "waiting to be tried again"),
            StepState::Failed(_) => ("no", "✕", "failed"),
            StepState::Stopped => ("wa", "■", "stopped"),
            StepState::Lost => ("no", "?", "lost"),
        });
        view! { <span class=format!("mark-state {tone}") role="img" aria-label=words title=words>{mark}</span> }
    }
}

/// Time and rows, or why there are none.
#[component]
fn Figures(state: RwSignal<StepState>) -> impl IntoView {
    move || match state.get() {
        StepState::Waiting => ().into_any(),
        StepState::Running { since, batches } => view! {
            <span class="meas">{batches}</span>
            <Elapsed since />
        }
        .into_any(),
        StepState::Done {
            affected,
            elapsed_ms,
            ..
        } => {
            let rows = affected
                .map(|rows| words::count(usize::try_from(rows).unwrap_or(usize::MAX), "row"));
            view! {
                <span class="meas">{rows}</span>
                <span class="meas">{words::duration(elapsed_ms)}</span>
            }
            .into_any()
        }
        StepState::Skipped { reason } => {
            view! { <span class="meas">"skipped: "{reason}</span> }.into_any()
        }
        StepState::RolledBack => view! { <span class="meas wa">"rolled back"</span> }.into_any(),
        StepState::Retrying { next, of, wait_ms } => {
            let wait = words::duration(wait_ms as f64);
            view! { <span class="meas wa">{format!("rolled back, try {next} of {of} in {wait}")}</span> }
                .into_any()
        }
        StepState::Failed(error) => view! { <span class="meas no">{error.code}</span> }.into_any(),
        StepState::Stopped => view! { <span class="meas wa">"stopped here"</span> }.into_any(),
        StepState::Lost => {
            view! { <span class="meas no">"the connection broke here"</span> }.into_any()
        }
    }
}

/// The time since a statement began, counted on.
#[component]
fn Elapsed(since: String) -> impl IntoView {
    let begun = millis(&since).unwrap_or_else(js_sys::Date::now);
    let gone = move || (js_sys::Date::now() - begun).max(0.0);
    let elapsed = RwSignal::new(gone());
    let timer = StoredValue::new_local(Some(gloo::timers::callback::Interval::new(
        200,
        move || {
            elapsed.try_set(gone());
        },
    )));
    on_cleanup(move || {
        timer.try_update_value(Option::take);
    });
    view! { <span class="meas now">{move || words::duration(elapsed.get())}</span> }
}

#[component]
pub fn ErrorWords(error: DbError) -> impl IntoView {
    let means = means(&error);
    let line = |name: &'static str, words: Option<String>| {
        words.map(|words| view! { <dt>{name}</dt><dd>{words}</dd> })
    };
    let about = [
        ("table", &error.table),
        ("column", &error.column),
        ("constraint", &error.constraint),
    ]
    .into_iter()
    .filter_map(|(what, name)| name.as_ref().map(|name| format!("{what} {name}")))
    .collect::<Vec<_>>()
    .join(", ");
    view! {
        <div class="hz" role="alert">
            <p>
                <b>{error.message}</b>
                " "
                <span class="code">"SQLSTATE "{error.code}</span>
            </p>
            <dl>
                {line("Detail", error.detail)}
                {line("Hint", error.hint)}
                {line("About", (!about.is_empty()).then_some(about))}
                {line("Context", error.context)}
            </dl>
            {means}
        </div>
    }
}

#[component]
fn Notices(notices: Vec<Notice>) -> impl IntoView {
    view! {
        <ul class="notices">
            {notices
                .into_iter()
                .map(|notice| {
                    view! {
                        <li>
                            <b>{notice.severity}</b>
                            " "
                            {notice.message}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
