//! `/plans/:id`: what would run, whole; its reviews and discussion; approve, reject, withdraw, apply.

mod bookkeeping;
mod checklist;
mod decide;
mod discussion;
mod hazards;
mod head;
mod prepare;
mod queries;
mod revision;
mod statement;

use super::remote::{Loaded, Remote};
use crate::http::segment;
use crate::state::{judging, state};
use cofferdam_engine::api::PlanRecord;
use cofferdam_engine::plan::Sealed;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    record: Remote<PlanRecord>,
    /// The plan as this page itself read it and checked its digest; or why it could not.
    sealed: Memo<Option<Result<Arc<Sealed>, String>>>,
    /// The plan's address below `/api/v1`.
    path: Memo<Option<String>>,
    /// What its statements do, by revision and place in the section.
    judged: Memo<Vec<Vec<judging::Step>>>,
}

impl Page {
    fn path_now(self) -> String {
        self.path.get_untracked().unwrap_or_default()
    }

    fn plan(self) -> Option<Arc<Sealed>> {
        self.sealed.get().and_then(Result::ok)
    }
}

#[component]
pub fn Plan() -> impl IntoView {
    let params = use_params_map();
    let record = Remote::<PlanRecord>::new();
    let state = state();
    let path = Memo::new(move |_| {
        let id = params.read().get("id")?;
        state.project_path(&format!("plans/{}", segment(&id)))
    });
    record.follow(move || path.get());
    let bytes = Memo::new(move |_| {
        record.value.with(|record| {
            record
                .as_ref()
                .map(|record| (record.text.clone(), record.summary.digest.clone()))
        })
    });
    let sealed = Memo::new(move |_| {
        bytes.with(|bytes| {
            bytes.as_ref().map(|(text, digest)| {
                Sealed::verify(text, digest)
                    .map(Arc::new)
                    .map_err(|error| error.to_string())
            })
        })
    });
    let judged = Memo::new(move |_| {
        sealed.with(|sealed| match sealed {
            Some(Ok(sealed)) => state
                .workspace
                .with(|workspace| judging::plan(workspace.as_deref(), sealed.plan())),
            _ => Vec::new(),
        })
    });
    let page = Page {
        record,
        sealed,
        path,
        judged,
    };
    view! {
        <section class="sheet">
            <Loaded remote=record what="Plans">
                <head::Head page />
                <decide::Decide page />
                <div class="plan-columns">
                    <div class="plan-body">
                        <checklist::PlanChecklist page />
                        <hazards::Hazards page />
                        <queries::Queries page />
                        <Body page />
                    </div>
                    <aside class="plan-side" aria-label="Reviews, discussion and runs">
                        <discussion::Reviews page />
                        <discussion::Discussion page />
                        <discussion::Runs page />
                    </aside>
                </div>
            </Loaded>
        </section>
    }
}

/// The statements, in the order in which they are sent.
#[component]
fn Body(page: Page) -> impl IntoView {
    move || match page.sealed.get() {
        None => ().into_any(),
        Some(Err(_)) => {
            // The bytes themselves, since they cannot be trusted to be a plan.
            let text = page.record.value.with_untracked(|record| {
                record
                    .as_ref()
                    .map(|record| record.text.clone())
                    .unwrap_or_default()
            });
            view! { <pre class="sql raw" tabindex="0">{text}</pre> }.into_any()
        }
        Some(Ok(sealed)) => {
            let plan = sealed.plan();
            if plan.is_empty() {
                return view! {
                    <div class="empty">
                        <h2>"Nothing to run"</h2>
                        <p>"The database is at the target already."</p>
                    </div>
                }
                .into_any();
            }
            let many = plan.revisions.len();
            let revisions = (0..many)
                .map(|index| {
                    let sealed = sealed.clone();
                    view! { <revision::Revision page sealed index /> }
                })
                .collect_view();
            view! {
                <prepare::Prepare sealed=sealed.clone() />
                {revisions}
                <bookkeeping::Bookkeeping sealed=sealed.clone() />
            }
            .into_any()
        }
    }
}
