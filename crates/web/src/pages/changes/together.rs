//! Which of the project's open changes get on with each other.

use cofferdam_engine::change::Change;
use cofferdam_engine::change::conflicts::{self, Conflict, Verdict};
use leptos::prelude::*;

/// The pairs of the open changes, those that conflict first; nothing where fewer than two are open.
#[component]
pub fn Together(changes: Vec<Change>) -> impl IntoView {
    let open: Vec<Change> = changes
        .into_iter()
        .filter(|change| conflicts::is_open(change).unwrap_or(false))
        .collect();
    if open.len() < 2 {
        return ().into_any();
    }
    let body = match conflicts::matrix(&open) {
        Ok(matrix) => {
            let mut pairs = matrix.pairs;
            pairs.sort_by_key(|pair| rank(&pair.verdict));
            pairs.into_iter().map(pair).collect_view().into_any()
        }
        Err(error) => view! { <li class="no">{error.to_string()}</li> }.into_any(),
    };
    view! {
        <section class="card ch-together" aria-label="Several at once">
            <h2>"Several at once"</h2>
            <ul class="ch-body">{body}</ul>
        </section>
    }
    .into_any()
}

/// Whether a new change gets on with those that are open; a sentence for each that it does not.
#[component]
pub fn Beside(change: Change, others: Vec<Change>) -> impl IntoView {
    let found = others
        .iter()
        .filter(|other| other.id != change.id && conflicts::is_open(other).unwrap_or(false))
        .filter_map(|other| conflicts::between(&change, other).ok())
        .filter(|found| found.verdict != Verdict::Commute);
    let found: Vec<Conflict> = found.collect();
    (!found.is_empty()).then(|| {
        let all = found.into_iter().map(pair);
        view! { <ul class="band caution ch-notes" aria-label="Other open changes">{all.collect_view()}</ul> }
    })
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Exclude => 0,
        Verdict::Waits { .. } => 1,
        Verdict::Commute => 2,
    }
}

fn pair(found: Conflict) -> impl IntoView {
    let (tone, words) = match &found.verdict {
        Verdict::Commute => ("good", "commute".to_owned()),
        Verdict::Waits { until, .. } => ("caution", format!("waits for {until}")),
        Verdict::Exclude => ("danger", "exclude each other".to_owned()),
    };
    let link = |id: &str| {
        let href = format!("/changes/{id}");
        view! { <a href=href><code>{id.to_owned()}</code></a> }
    };
    let objects = found.objects.join(", ");
    view! {
        <li class="ch-pair">
            <span class=format!("badge {tone}")>{words}</span>
            " "
            {link(found.one.as_str())}
            " and "
            {link(found.other.as_str())}
            ": "
            {found.reason}
            {(!objects.is_empty()).then(|| view! { <span class="n">" (" {objects} ")"</span> })}
        </li>
    }
}
