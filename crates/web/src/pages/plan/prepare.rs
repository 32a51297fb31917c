//! What has to be there before anything runs: each statement with the query that says whether it is
//! needed. Folded; the line above says what they are.

use crate::pages::remote::{Sql, words};
use cofferdam_engine::plan::Sealed;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Prepare(sealed: Arc<Sealed>) -> impl IntoView {
    let plan = sealed.plan();
    if plan.prepare.is_empty() {
        return ().into_any();
    }
    let count = words::count(plan.prepare.len(), "statement");
    let labels: Vec<String> = plan
        .prepare
        .iter()
        .map(|preparation| cofferdam_engine::sql::label(&preparation.sql))
        .collect();
    let cards = plan
        .prepare
        .iter()
        .map(|preparation| {
            view! {
                <article class="st">
                    <p class="tag">
                        <span class="badge info">"preparation"</span>
                        " sent only where this answers "
                        <code>"false"</code>
                        ":"
                    </p>
                    <Sql text=preparation.check.clone() />
                    <p class="tag">"the statement:"</p>
                    <Sql text=preparation.sql.clone() />
                </article>
            }
        })
        .collect_view();
    view! {
        <details class="part">
            <summary>
                <h2>"Before anything"</h2>
                <span class="sub">{count}", each only where it is needed: "{labels.join(", ")}</span>
            </summary>
            {cards}
        </details>
    }
    .into_any()
}
