//! The statements around the plan's own: lock, journal, transaction control.

use crate::pages::remote::{Sql, words};
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Bookkeeping(sealed: Arc<Sealed>) -> impl IntoView {
    let all = run::bookkeeping(sealed.plan());
    let count = words::count(all.len(), "statement");
    let cards = all
        .into_iter()
        .map(|(name, sql)| {
            view! {
                <article class="st">
                    <p class="tag">
                        <span class="badge info">"bookkeeping"</span>
                        " "
                        {name}
                    </p>
                    <Sql text=sql />
                </article>
            }
        })
        .collect_view();
    view! {
        <details class="part">
            <summary>
                <h2>"Also sent: bookkeeping"</h2>
                <span class="sub">{count}", around the ones above"</span>
            </summary>
            <p class="hint">
                "A run takes a lock, reads the version rows, and journals what it commits. An ellipsis stands for what is known only then: the run's id, who applies it, who approved it."
            </p>
            {cards}
        </details>
    }
    .into_any()
}
