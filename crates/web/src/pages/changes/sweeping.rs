//! The end of what a contract put into quarantine: a revision that removes it, once nobody wants it back.

use super::writing::Writing;
use crate::pages::remote::{Missing, When};
use crate::pages::write::clock;
use crate::state::state;
use cofferdam_engine::api::EnvironmentState;
use cofferdam_engine::change::{Change, KEPT_DAYS, Phase};
use cofferdam_engine::revision::RevisionId;
use js_sys::Date;
use leptos::prelude::*;

/// Why it may not be swept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TooEarly {
    /// Nobody says how long the contract is applied.
    Unknown,
    Unasked(String),
    NotApplied(String),
    /// On that environment, since then.
    Young(String, String),
}

/// Writes the sweep, after one more question.
#[component]
pub fn SweepButton(change: Change, writing: Writing) -> impl IntoView {
    let here = state();
    let last = change.revisions(Phase::Contract).last().cloned();
    let id = change.id.clone();
    let why_not = Memo::new(move |_| {
        let Some(last) = &last else {
            return Some(TooEarly::Unknown);
        };
        match Missing::of(here) {
            Some(_) => Some(TooEarly::Unknown),
            None => here.environments.with(|all| too_early(all, last)),
        }
    });
    let is_asked = RwSignal::new(false);
    let command = format!("cofferdam change sweep {id}");
    let id = StoredValue::new(id);
    view! {
        <button
            type="button"
            class="btn"
            disabled=move || writing.is_busy() || why_not.with(Option::is_some)
            on:click=move |_| is_asked.set(true)
        >
            "Sweep the quarantine"
        </button>
        {move || {
            let words = match why_not.get()? {
                TooEarly::Unknown => {
                    format!("A database says how long the contract is applied: sign in at a server, or run {command}.").into_any()
                }
                TooEarly::Unasked(name) => {
                    format!("{name} cannot be asked how long the contract is applied there.").into_any()
                }
                TooEarly::NotApplied(name) => {
                    format!("It is swept when the contract is applied everywhere; on {name} it is not.").into_any()
                }
                TooEarly::Young(name, at) => {
                    view! {
                        {format!("What the contract took rests for {KEPT_DAYS} days; on {name} it was applied ")}
                        <When at />
                        "."
                    }
                        .into_any()
                }
            };
            Some(view! { <p class="ch-why-not">{words}</p> })
        }}
        <Show when=move || is_asked.get()>
            <div class="band caution ch-decide" role="alertdialog" aria-label="Sweep the quarantine">
                <p>
                    "What the contract took is removed for good on every database that the revision is applied to."
                </p>
                <button type="button" class="btn sm" on:click=move |_| is_asked.set(false)>
                    "Keep it"
                </button>
                <button
                    type="button"
                    class="btn sm danger"
                    on:click=move |_| {
                        is_asked.set(false);
                        writing.sweep(id.get_value());
                    }
                >
                    "Write the sweep"
                </button>
            </div>
        </Show>
    }
}

/// The first environment on which the contract, whose last revision is `last`, is not applied for long enough.
fn too_early(environments: &[EnvironmentState], last: &RevisionId) -> Option<TooEarly> {
    if environments.is_empty() {
        return Some(TooEarly::Unknown);
    }
    let youngest = clock::millis() - f64::from(KEPT_DAYS) * 24.0 * 60.0 * 60.0 * 1e3;
    environments.iter().find_map(|one| {
        if one.error.is_some() {
            return Some(TooEarly::Unasked(one.name.clone()));
        }
        let is_applied = one.applied.iter().any(|id| id == last.as_str());
        let file = one
            .journal
            .iter()
            .find(|file| file.revision == last.as_str());
        match file.filter(|_| is_applied) {
            None => Some(TooEarly::NotApplied(one.name.clone())),
            // Where the moment cannot be read it is not long ago.
            Some(file) if Date::parse(&file.at) <= youngest => None,
            Some(file) => Some(TooEarly::Young(one.name.clone(), file.at.clone())),
        }
    })
}
