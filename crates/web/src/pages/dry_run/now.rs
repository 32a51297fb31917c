//! Where a run is: how far, in which revision, at which statement.

use super::headline::headline;
use crate::dry_run::record::{Proof, State};
use cofferdam_engine::plan::StepKind;
use cofferdam_engine::sql;
use leptos::prelude::*;
use std::sync::Arc;

/// The block that stands for the result while there is none; and what a screen reader hears.
#[component]
pub fn Now(proof: Arc<Proof>) -> impl IntoView {
    let all: usize = proof.phases.iter().map(|phase| phase.entries.len()).sum();
    let under_way = Memo::new({
        let proof = proof.clone();
        move |_| proof.ending.read().is_none()
    });
    let done = Memo::new({
        let proof = proof.clone();
        move |_| {
            proof
                .phases
                .iter()
                .map(|phase| phase.progress.read().done)
                .sum::<usize>()
        }
    });
    let statement = Memo::new({
        let proof = proof.clone();
        move |_| statement(&proof).unwrap_or_default()
    });
    let spoken = Memo::new(move |_| {
        if under_way.get() {
            revision(&proof)
        } else {
            headline(&proof).1
        }
    });
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">{spoken}</p>
        <Show when=move || under_way.get()>
            <div class="card dr-now">
                <progress max=all.to_string() prop:value=move || done.get() as f64 aria-label="Revisions done"></progress>
                <p>{spoken}</p>
                <p class="mono dr-note">{move || statement.get()}</p>
            </div>
        </Show>
    }
}

/// `Up: Add blog_posts table, 3 of 30`.
fn revision(proof: &Proof) -> String {
    let found = proof
        .now
        .get()
        .and_then(|at| Some((at, proof.phases.get(at.phase)?, proof.entry(at)?)));
    match found {
        Some((at, phase, entry)) => {
            let (kind, subject) = (phase.kind.words(), entry.subject.words());
            format!(
                "{kind}: {subject}, {} of {}",
                at.entry + 1,
                phase.entries.len()
            )
        }
        None => "PostgreSQL is starting in this tab".into(),
    }
}

/// The statement under way, in short.
fn statement(proof: &Proof) -> Option<String> {
    let entry = proof.entry(proof.now.get()?)?;
    let work = entry.work.read();
    let running = work
        .statements
        .iter()
        .find(|one| one.state == State::Running)?;
    Some(match running.kind {
        StepKind::Version => "the version row".into(),
        _ => sql::label(&running.sql),
    })
}
