//! The range as a script for psql: the exact statements that a run sends, to read, copy and keep.

use super::figures::counted;
use crate::dry_run::order::Mode;
use crate::dry_run::range::Range;
use crate::highlight::highlight_sql;
use crate::js::{clipboard, files};
use crate::state::state;
use cofferdam_engine::offline;
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run;
use leptos::prelude::*;
use std::sync::Arc;

/// The SQL of `range`, up or down.
#[component]
pub fn RangeSql(range: Arc<Range>, mode: Mode) -> impl IntoView {
    let down = RwSignal::new(mode == Mode::Downgrade);
    let one_way = range.down.as_ref().err().map(ToString::to_string);
    let plans = {
        let range = range.clone();
        move || -> Vec<Sealed> {
            if down.get() {
                range.down.clone().unwrap_or_default()
            } else {
                range.up.clone()
            }
        }
    };
    let state = state();
    let text = Memo::new(move |_| {
        let transactions = state.transactions();
        plans()
            .iter()
            .map(|sealed| offline::script(sealed.plan(), transactions))
            .collect::<String>()
    });
    let name = format!("{}-{}", range.from.words(), range.to.words());
    let file = move || {
        format!(
            "{name}-{}.sql",
            if down.get_untracked() {
                "downgrade"
            } else {
                "upgrade"
            }
        )
    };
    let copied = RwSignal::new(false);
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            copied.set(clipboard::copy(&text.get_untracked()).await.is_ok());
        });
    };
    let choice = move |way: bool, words: &'static str, off: bool| {
        view! {
            <button
                type="button"
                class="chip"
                class:on=move || down.get() == way
                aria-pressed=move || (down.get() == way).to_string()
                disabled=off
                on:click=move |_| {
                    copied.set(false);
                    down.set(way);
                }
            >
                {words}
            </button>
        }
    };
    let digests = {
        let range = range.clone();
        move || {
            let plans = if down.get() {
                range.down.as_deref().unwrap_or_default()
            } else {
                range.up.as_slice()
            };
            plans
                .iter()
                .map(|sealed| sealed.digest().to_owned())
                .collect::<Vec<_>>()
                .join(", ")
        }
    };
    let besides = {
        let range = range.clone();
        move || {
            let plans = if down.get() {
                range.down.as_deref().unwrap_or_default()
            } else {
                range.up.as_slice()
            };
            let mut all = plans
                .first()
                .map(|sealed| run::bookkeeping(sealed.plan()))
                .unwrap_or_default();
            // One of a kind is enough: they differ in the revision that they name.
            let mut seen = Vec::new();
            all.retain(|(why, _)| {
                !seen.contains(why) && {
                    seen.push(*why);
                    true
                }
            });
            all.into_iter()
                .map(|(why, sql)| view! { <dt>{why}</dt> <dd class="mono">{sql}</dd> })
                .collect_view()
        }
    };
    let summary = counted(range.statement_count() as u64, "statement", "statements");
    view! {
        <section class="card dr-sql">
            <h2>
                "SQL" {choice(false, "Upgrade", false)} {choice(true, "Downgrade", one_way.is_some())}
                <span class="n">
                    <button type="button" class="btn sm" on:click=copy>
                        {move || if copied.get() { "Copied" } else { "Copy" }}
                    </button>
                    <button
                        type="button"
                        class="btn sm"
                        on:click=move |_| files::download(&file(), &text.get_untracked())
                    >
                        "Download"
                    </button>
                </span>
            </h2>
            <p class="dr-note">
                {summary} " up. What a run sends is this, byte for byte, with the version rows; psql can run it as it stands. Plan "
                <code class="dr-digest">{digests}</code>
            </p>
            <pre class="dr-script mono" tabindex="0" aria-label="The SQL of the range">
                {move || highlight_sql(&text.get())}
            </pre>
            <details class="dr-besides">
                <summary>"What a run sends besides, to hold its session and its journal together"</summary>
                <dl>{besides}</dl>
            </details>
        </section>
    }
}
