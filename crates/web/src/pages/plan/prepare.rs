//! What has to be there before anything runs: each statement with the query that says whether it is
//! needed. Folded when the database is in use already (the plan starts from a revision).

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
        <details class="part" open=plan.from.is_empty()>
            <summary>
                <h2>"Before anything"</h2>
                <span class="sub">{count}", each only where it is needed: version table and journal"</span>
            </summary>
            {cards}
        </details>
    }
    .into_any()
}
