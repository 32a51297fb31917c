//! A statement as a card: its exact text, what kind of statement it is, how a crash is recovered from,
//! and what people say about it.

use super::Page;
use super::discussion::{CommentForm, Said};
use crate::pages::effect::{does, hazard};
use crate::pages::remote::words;
use crate::pages::remote::{CopyButton, Sql};
use crate::state::judging;
use cofferdam_engine::plan::{Recovery, Sealed, Step, StepAt, StepKind};
use leptos::prelude::*;
use std::sync::Arc;

/// The id of a statement's card.
pub fn element_id(at: StepAt) -> String {
    format!("st-{}-{}-{}", at.revision, at.segment, at.step)
}

#[component]
pub fn Statement(page: Page, sealed: Arc<Sealed>, at: StepAt) -> impl IntoView {
    let Some(step) = sealed.plan().step(at).cloned() else {
        return ().into_any();
    };
    let writing = RwSignal::new(false);
    let may = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().is_some_and(|record| record.may.comment))
    });
    let comments = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .iter()
                .flat_map(|record| &record.comments)
                .filter(|comment| comment.at == Some(at))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let version = step.kind == StepKind::Version;
    let takes = (!version)
        .then(|| words::destroys_what(&step.sql))
        .flatten();
    let ordinal = step.place.as_ref().map(|place| place.ordinal);
    let judged = page.judged.with(|all| {
        let steps = all.get(at.revision)?;
        steps.get(ordinal.filter(|_| !version)?).cloned()
    });
    let judged = judged.unwrap_or(judging::Step {
        effect: None,
        hazards: vec![],
    });
    let place = step
        .place
        .as_ref()
        .map(|place| format!("line {}", place.line));
    view! {
        <article id=element_id(at) tabindex="-1" class="st" class:version=version class:takes=takes.is_some()>
            <Sql text=step.sql.clone() />
            <div class="fx">
                {version.then(|| view! { <span class="badge info">"version table"</span> })}
                {takes.is_some().then(|| view! { <span class="badge danger">"takes away"</span> })}
                <span class="label">{cofferdam_engine::sql::label(&step.sql)}</span>
                <span class="meas">{place}</span>
                <CopyButton text=Signal::stored(step.sql.clone()) label="Copy" plain=true />
                <Show when=move || may.get() && !writing.get()>
                    <button type="button" class="btn sm plain" on:click=move |_| writing.set(true)>
                        "Comment"
                    </button>
                </Show>
            </div>
            {judged.effect.map(does)}
            {judged
                .hazards
                .into_iter()
                .map(|found| hazard(Some(found.rule), found.severity, found.message, found.allowed))
                .collect_view()}
            <Tolerates step=step.clone() />
            <Recovers step />
            {move || {
                let comments = comments.get();
                (!comments.is_empty())
                    .then(|| {
                        view! {
                            <ul class="comments">
                                {comments
                                    .into_iter()
                                    .map(|comment| view! { <Said comment /> })
                                    .collect_view()}
                            </ul>
                        }
                    })
            }}
            <Show when=move || writing.get()>
                <CommentForm page at=Some(at) done=move || writing.set(false) focus=true />
            </Show>
        </article>
    }
    .into_any()
}

#[component]
fn Tolerates(step: Step) -> impl IntoView {
    (!step.tolerate.is_empty()).then(|| {
        view! {
            <p class="tag">
                "Skipped, not failed, where the database answers "
                <code>{step.tolerate.join(", ")}</code>
                ": what was never done need not be taken back."
            </p>
        }
    })
}

/// What happens when the connection breaks during a statement outside a transaction.
#[component]
fn Recovers(step: Step) -> impl IntoView {
    step.recovery.map(|recovery| match recovery {
        Recovery::Repeat => {
            view! { <p class="tag">"After a crash it is run again; that is always right."</p> }
                .into_any()
        }
        Recovery::Ask => view! {
            <p class="tag caution">
                <b>"After a crash nobody can know whether it took effect: "</b>
                "the run stops, and a person decides."
            </p>
        }
        .into_any(),
        Recovery::Check { check, repair } => view! {
            <div class="recovery">
                <p class="tag">
                    <span class="badge info">"check"</span>
                    " sent after a crash, to see whether it took effect:"
                </p>
                <Sql text=check />
                {repair
                    .map(|repair| {
                        view! {
                            <p class="tag">
                                <span class="badge info">"repair"</span>
                                " sent where it was left broken:"
                            </p>
                            <Sql text=repair />
                        }
                    })}
            </div>
        }
        .into_any(),
    })
}
