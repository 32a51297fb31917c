//! The live list: every phase and revision, all there from the start, each with its mark and time.

use super::figures::{counted, time};
use super::mark::Mark;
use crate::dry_run::record::{At, Entry, Kind, Phase, Proof, State, Subject};
use leptos::prelude::*;
use leptos::web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use std::sync::Arc;

/// The list of `proof`; a click on a line selects it.
#[component]
pub fn Phases(
    proof: Arc<Proof>,
    selected: Signal<Option<At>>,
    #[prop(into)] select: Callback<At>,
) -> impl IntoView {
    follow(&proof, selected);
    let phases = proof
        .phases
        .iter()
        .enumerate()
        .map(|(index, phase)| match phase.kind {
            Kind::Boot => view! { <Boot phase=phase.clone() proof=proof.clone() /> }.into_any(),
            Kind::Replay | Kind::Climb => {
                view! { <Folded index phase=phase.clone() proof=proof.clone() selected select /> }
                    .into_any()
            }
            Kind::Up | Kind::Down | Kind::UpAgain => {
                view! { <Lines index phase=phase.clone() selected select /> }.into_any()
            }
        });
    view! { <div class="dr-phases">{phases.collect_view()}</div> }
}

/// Keeps the line under way in sight, as long as nobody reads another one.
fn follow(proof: &Proof, selected: Signal<Option<At>>) {
    let (now, ending) = (proof.now.clone(), proof.ending.clone());
    Effect::new(move |_| {
        let Some(at) = now.get() else { return };
        let beside = document()
            .body()
            .is_some_and(|body| body.client_width() > NARROW);
        if selected.get_untracked().is_none()
            && ending.read_untracked().is_none()
            && beside
            && let Some(line) = document().get_element_by_id(&line_id(at))
        {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Up to this width, in pixels, list and result stand below each other (dry-run.css).
const NARROW: i32 = 860;

fn line_id(at: At) -> String {
    format!("dr-line-{}-{}", at.phase, at.entry)
}

#[component]
fn Boot(phase: Phase, proof: Arc<Proof>) -> impl IntoView {
    let progress = phase.progress.clone();
    let state = Signal::derive(move || progress.read().state);
    let postgres = proof.postgres.clone();
    let words = move || match (postgres.get(), state.get()) {
        (Some(version), _) => format!("PostgreSQL {version} in this tab"),
        (None, State::Failed) => "PostgreSQL did not start".into(),
        (None, State::Stopped) => "PostgreSQL was not started".into(),
        (None, _) => "Starting PostgreSQL in this tab".into(),
    };
    view! {
        <div class="dr-line">
            <Mark state />
            <span class="dr-what">{words}</span>
            <PhaseTime phase />
        </div>
    }
}

/// A database that was there after this time had been started before the click.
const WARM_MS: f64 = 50.0;

#[component]
fn PhaseTime(phase: Phase) -> impl IntoView {
    let progress = phase.progress;
    let words = move || {
        let now = progress.get();
        let warm = phase.kind == Kind::Boot && now.elapsed_ms < WARM_MS;
        (now.state == State::Done).then(|| {
            if warm {
                "was warm".into()
            } else {
                time(now.elapsed_ms)
            }
        })
    };
    view! { <span class="dr-time mono">{words}</span> }
}

/// A phase that is only a way to where the range begins: one line, its seed, and whatever failed.
#[component]
fn Folded(
    index: usize,
    phase: Phase,
    proof: Arc<Proof>,
    selected: Signal<Option<At>>,
    select: Callback<At>,
) -> impl IntoView {
    let seed = phase
        .entries
        .iter()
        .position(|entry| matches!(entry.subject, Subject::Seed { .. }));
    let revisions = phase.entries.len() - usize::from(seed.is_some());
    let place = if phase.kind == Kind::Replay {
        &proof.from
    } else {
        &proof.to
    };
    let place = place.words().to_owned();
    let progress = phase.progress.clone();
    let state = Signal::derive({
        let progress = progress.clone();
        move || progress.read().state
    });
    let words = move || {
        let all = counted(revisions as u64, "revision", "revisions");
        let now = progress.get();
        match now.state {
            State::Waiting => format!("Replay {all} to {place}"),
            State::Done => format!("{all} replayed to {place}"),
            _ => format!("Replaying to {place}: {} of {all}", now.done.min(revisions)),
        }
    };
    let failed = {
        let (ending, phase) = (proof.ending.clone(), phase.clone());
        move || {
            let at = match ending.get()? {
                crate::dry_run::record::Ending::Failed { at, .. }
                    if at.phase == index && Some(at.entry) != seed =>
                {
                    at
                }
                _ => return None,
            };
            let entry = phase.entries.get(at.entry)?.clone();
            Some(view! { <Line at entry selected select /> })
        }
    };
    let seed = seed.and_then(|at| {
        Some((
            At {
                phase: index,
                entry: at,
            },
            phase.entries.get(at)?.clone(),
        ))
    });
    view! {
        <div class="dr-line">
            <Mark state />
            <span class="dr-what">{words}</span>
            <PhaseTime phase />
        </div>
        {seed.map(|(at, entry)| view! { <Line at entry selected select /> })}
        {failed}
    }
}

#[component]
fn Lines(
    index: usize,
    phase: Phase,
    selected: Signal<Option<At>>,
    select: Callback<At>,
) -> impl IntoView {
    let all = phase.entries.len();
    let progress = phase.progress.clone();
    let words = move || {
        let now = progress.get();
        match now.state {
            State::Done => format!("{} of {all} in {}", now.done, time(now.elapsed_ms)),
            _ => format!("{} of {all}", now.done),
        }
    };
    let lines = phase.entries.iter().enumerate().map(|(entry, found)| {
        let at = At {
            phase: index,
            entry,
        };
        view! { <Line at entry=found.clone() selected select /> }
    });
    view! {
        <h2 class="dr-phase">
            <span>{phase.kind.words()}</span>
            <span class="mono">{words}</span>
        </h2>
        {lines.collect_view()}
    }
}

/// One revision or seed.
#[component]
fn Line(at: At, entry: Entry, selected: Signal<Option<At>>, select: Callback<At>) -> impl IntoView {
    let work = entry.work;
    let look = Memo::new(move |_| {
        let work = work.read();
        let time = (work.state == State::Done).then(|| time(work.elapsed_ms()));
        (work.state, work.differs, time, work.notice_count())
    });
    let chosen = move || selected.get() == Some(at);
    let words = match &entry.subject {
        Subject::Revision { message, id, .. } if message.is_empty() => {
            id.as_ref().map_or_else(String::new, ToString::to_string)
        }
        Subject::Revision { message, .. } => message.clone(),
        Subject::Seed { path, .. } => format!("Seed rows of {path}"),
    };
    let title = words.clone();
    view! {
        <button
            type="button"
            id=line_id(at)
            class="dr-line"
            class:on=chosen
            aria-current=move || chosen().then_some("true")
            on:click=move |_| select.run(at)
        >
            <Mark
                state=Signal::derive(move || look.get().0)
                differs=Signal::derive(move || look.get().1)
            />
            <span class="dr-what" title=title>
                {words}
            </span>
            <span class="dr-time mono">
                {move || {
                    let notices = look.get().3 as u64;
                    (notices > 0)
                        .then(|| view! { <span class="dr-notices">{counted(notices, "notice", "notices")}</span> })
                }} {move || look.get().2}
            </span>
        </button>
    }
}
