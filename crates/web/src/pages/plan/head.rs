//! The plan's head: what it is, where it goes, its digest as this page computed it, and what has
//! changed since it was made.

use super::Page;
use crate::pages::remote::words::{self, PlanBadge};
use crate::pages::remote::{CopyButton, GateShut, Ids, When};
use crate::state::state;
use cofferdam_engine::offline;
use leptos::prelude::*;

#[component]
pub fn Head(page: Page) -> impl IntoView {
    let summary = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().map(|record| record.summary.clone()))
    });
    let note = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.note.clone())
                .unwrap_or_default()
        })
    });
    let state =
        Memo::new(move |_| summary.with(|summary| summary.as_ref().map(|summary| summary.state)));
    // All but the state stays as it was made.
    let made = Memo::new(move |_| {
        summary.with(|summary| {
            summary
                .as_ref()
                .map(|summary| (summary.id, summary.created_at.clone()))
        })
    });
    view! {
        {move || {
            made.track();
            summary.get_untracked().map(|summary| {
                let counts = words::counts(summary.revisions as usize, summary.statements as usize);
                view! {
                    <header class="page-head">
                        <div>
                            <h1>
                                {words::headline(summary.kind, &summary.environment, &summary.target)}
                                " "
                                {move || state.get().map(|state| view! { <PlanBadge state /> })}
                            </h1>
                            <p class="meta">
                                <span>"Plan #"{summary.id}" by "{summary.author}", "<When at=summary.created_at /></span>
                                <span>
                                    <Ids ids=summary.from />
                                    " → "
                                    <Ids ids=summary.to />
                                </span>
                                <span>{counts}</span>
                            </p>
                        </div>
                        <Script page />
                    </header>
                }
            })
        }}
        {move || {
            let note = note.get();
            (!note.is_empty()).then(|| view! { <p class="note">{note}</p> })
        }}
        <Digest page />
        <Stale page />
        <Gate page />
    }
}

/// The gate that keeps it from being approved and applied.
#[component]
fn Gate(page: Page) -> impl IntoView {
    let gate = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().and_then(|record| record.gate.clone()))
    });
    move || {
        gate.get().map(|gate| {
            view! {
                <div class="band caution" role="status">
                    <GateShut gate />
                </div>
            }
        })
    }
}

/// The plan as a script for psql.
#[component]
fn Script(page: Page) -> impl IntoView {
    let state = state();
    let script = Signal::derive(move || {
        page.plan()
            .map(|sealed| offline::script(sealed.plan(), state.transactions()))
            .unwrap_or_default()
    });
    let download = move |_| {
        let name = page.record.value.with_untracked(|record| {
            record.as_ref().map(|record| {
                let summary = &record.summary;
                format!(
                    "plan-{}-{}-{}.sql",
                    summary.id, summary.environment, summary.kind
                )
            })
        });
        if let Some(name) = name {
            crate::js::files::download(&name, &script.get_untracked());
        }
    };
    view! {
        <Show when=move || page.plan().is_some()>
            <div class="buttons">
                <CopyButton text=script label="Copy SQL" />
                <button type="button" class="btn sm" on:click=download>
                    "Download SQL"
                </button>
            </div>
        </Show>
    }
}

#[component]
fn Digest(page: Page) -> impl IntoView {
    move || {
        match page.sealed.get()? {
        Ok(sealed) => {
            let digest = sealed.digest().to_owned();
            Some(
                view! {
                    <p class="digest">
                        <span>"Digest "<code>{digest.clone()}</code></span>
                        <CopyButton text=Signal::stored(digest) label="Copy digest" />
                        <span class="ok">"✓ computed again in this page: the same"</span>
                    </p>
                }
                .into_any(),
            )
        }
        Err(error) => Some(
            view! {
                <div class="band danger" role="alert">
                    <p>
                        <b>"These bytes are not the plan that they say they are. "</b>
                        {error}
                    </p>
                    <p>"It can be neither approved nor applied from here. What the server sent stands below, as it came."</p>
                </div>
            }
            .into_any(),
        ),
    }
    }
}

#[component]
fn Stale(page: Page) -> impl IntoView {
    let stale = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.stale.clone())
                .unwrap_or_default()
        })
    });
    let again = move || {
        page.record.value.with_untracked(|record| {
            record.as_ref().map(|record| {
                let summary = &record.summary;
                let part = |text: &str| crate::http::segment(text);
                format!(
                    "/plans?env={}&kind={}&target={}",
                    part(&summary.environment),
                    summary.kind,
                    part(&summary.target)
                )
            })
        })
    };
    move || {
        let stale = stale.get();
        (!stale.is_empty()).then(|| {
            view! {
                <div class="band caution" role="status">
                    <p>
                        <b>"Something has changed since this plan was made, so it cannot be applied."</b>
                    </p>
                    <ul>{stale.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                    <p>
                        <a class="btn sm" href=again()>
                            "Make the plan again"
                        </a>
                    </p>
                </div>
            }
        })
    }
}
