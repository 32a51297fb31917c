//! What a statement does and what is dangerous about it, below the statement.

use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::Rule;
use cofferdam_engine::lock::TableUse;
use cofferdam_engine::sql::effect::{Effect, describe};
use leptos::prelude::*;

/// What a statement does, its strongest lock, and who waits.
pub fn does(effect: Effect) -> impl IntoView {
    let (work, lock) = match &effect {
        Effect::Known(facts) => (
            facts.work_in_words(),
            facts.locks.iter().max_by_key(|lock| lock.mode).cloned(),
        ),
        Effect::Unknown { .. } => (describe(&effect), None),
    };
    let lock = lock.map(|lock| {
        let waits: Vec<&str> = TableUse::ALL
            .into_iter()
            .filter(|used| lock.mode.blocks(*used))
            .map(TableUse::as_str)
            .collect();
        let who = match waits.as_slice() {
            [] => "nobody who reads or writes waits".to_owned(),
            [one] => format!("{one} waits"),
            [first @ .., last] => format!("{} and {last} wait", first.join(", ")),
        };
        let class = format!("lk l{}", lock.mode as u8);
        view! {
            <span class=class>{lock.mode.as_str()}</span>
            <span class="who">{format!("on {}: {who}", lock.relation)}</span>
        }
    });
    view! {
        <p class="does">
            <span>{work}</span>
            {lock}
        </p>
    }
}

/// A hazard in words, with the safe way where that is SQL.
pub fn hazard(
    rule: Option<&'static Rule>,
    severity: Severity,
    message: String,
    allowed: Option<String>,
) -> impl IntoView {
    let class = match (&allowed, severity) {
        (Some(_), _) => "hz ok",
        (None, Severity::Error) => "hz",
        (None, Severity::Warning) => "hz c",
        (None, Severity::Note) => "hz n",
    };
    view! {
        <div class=class>
            {message}
            " "
            {rule.map(|rule| view! { <span class="code">{rule.code}</span> })}
            {allowed.map(|reason| view! { <p class="why">"Allowed: " {reason}</p> })}
            {rule
                .filter(|rule| rule.is_example())
                .map(|rule| view! { <details><summary>"The safe way"</summary><pre>{rule.instead}</pre></details> })}
        </div>
    }
}
