//! The buttons that write revisions; a query that would break is told before.

use super::asking::Asking;
use super::drawing::Drawn;
use super::gate::Watch;
use super::writing::Writing;
use crate::pages::remote::words::count;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{Part, Phase};
use leptos::prelude::*;
use std::sync::Arc;

/// "Write 2 revisions": those of expand and migrate.
#[component]
pub fn WriteButton(drawn: Arc<Drawn>, asking: Asking, writing: Writing) -> impl IntoView {
    let parts: Vec<Part> = drawn.phases.before_contract().cloned().collect();
    let label = format!("Write {}", count(parts.len(), "revision"));
    view! { <PutButton drawn parts label asking writing /> }
}

/// "Write the contract": where its gate is open on the environment that is looked at.
#[component]
pub fn ContractButton(
    drawn: Arc<Drawn>,
    asking: Asking,
    writing: Writing,
    watch: Watch,
) -> impl IntoView {
    let parts: Vec<Part> = drawn.phases.of(Phase::Contract).cloned().collect();
    let id = drawn.change.id.to_string();
    let why_not = Signal::derive(move || match (watch.can_know(), watch.is_open()) {
        (true, true) => None,
        (true, false) => {
            let name = watch.on.get().unwrap_or_default();
            Some(format!("The gate is shut on {name}"))
        }
        (false, _) => Some(format!(
            "A database answers the gate: sign in at a server, or run cofferdam change contract {id}"
        )),
    });
    view! {
        <PutButton drawn parts label="Write the contract".to_owned() asking writing why_not />
        {move || why_not.get().map(|words| view! { <p class="ch-why-not">{words} "."</p> })}
    }
}

/// Keeps the change as its file, and writes no revision yet.
#[component]
pub fn KeepButton(drawn: Arc<Drawn>, asking: Asking, writing: Writing) -> impl IntoView {
    let keep = move |_| writing.keep(&drawn, asking);
    view! {
        <button type="button" class="btn" disabled=move || writing.is_busy() on:click=keep>
            "Keep for later"
        </button>
    }
}

/// Writes revisions that bring back what the contract took.
#[component]
pub fn RestoreButton(drawn: Arc<Drawn>, asking: Asking, writing: Writing) -> impl IntoView {
    let restore = move |_| {
        let parts = drawn.phases.restoration();
        let mut drawn = (*drawn).clone();
        drawn
            .change
            .written
            .retain(|(phase, _)| *phase != Phase::Contract);
        let words = format!(
            "Wrote {} that bring it back.",
            count(parts.len(), "revision")
        );
        writing.write(Arc::new(drawn), asking, parts, words);
    };
    view! {
        <button type="button" class="btn" disabled=move || writing.is_busy() on:click=restore>
            "Bring back what it took"
        </button>
    }
}

/// Writes `parts`, after the queries, where there are any, have been checked.
#[component]
fn PutButton(
    drawn: Arc<Drawn>,
    parts: Vec<Part>,
    label: String,
    asking: Asking,
    writing: Writing,
    /// Why it cannot be written now.
    #[prop(optional)]
    why_not: Signal<Option<String>>,
) -> impl IntoView {
    // How many queries would break, once that is known and somebody has to decide.
    let breaks = RwSignal::new(None::<usize>);
    let count_of = parts.len();
    let stored = StoredValue::new((drawn, parts));
    let write = move || {
        let (drawn, parts) = stored.get_value();
        breaks.set(None);
        let words = format!(
            "Wrote {} for {}.",
            count(count_of, "revision"),
            drawn.change.id
        );
        writing.write(drawn, asking, parts, words);
    };
    let decide = move |evidence: Option<Evidence>| {
        let rows = evidence.map_or_else(Vec::new, |it| it.matrix.rows);
        match rows.iter().filter(|row| !row.broken.is_empty()).count() {
            0 => write(),
            count => breaks.set(Some(count)),
        }
    };
    let is_pressed = RwSignal::new(false);
    let press = move |_| {
        is_pressed.set(true);
        let (drawn, _) = stored.get_value();
        match asking.evidence(&drawn) {
            Some(evidence) => decide(Some(evidence)),
            None => asking.ask(drawn, decide),
        }
    };
    view! {
        <button
            type="button"
            class="btn pri"
            disabled=move || writing.is_busy() || why_not.with(Option::is_some)
            title=move || why_not.get()
            on:click=press
        >
            {label}
        </button>
        {move || {
            let words = is_pressed.get().then(|| asking.words()).flatten();
            words.map(|words| view! { <p class="ch-why-not" role="status">{words}</p> })
        }}
        {move || {
            breaks
                .get()
                .map(|number| {
                    let words = match number {
                        1 => "1 query would break where its version is at work.".to_owned(),
                        number => format!("{number} queries would break where their version is at work."),
                    };
                    view! {
                        <div class="band caution ch-decide" role="alertdialog" aria-label="Queries would break">
                            <p>{words} " The table below says at which point."</p>
                            <button type="button" class="btn sm" on:click=move |_| breaks.set(None)>
                                "Write nothing"
                            </button>
                            <button type="button" class="btn sm danger" on:click=move |_| write()>
                                "Write all the same"
                            </button>
                        </div>
                    }
                })
        }}
    }
}
