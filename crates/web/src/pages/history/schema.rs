//! What a revision changes in the schema, and the schema after it: replayed in the tab's own PostgreSQL when somebody asks.

use crate::dry_run::aside::Aside;
use crate::dry_run::bench;
use crate::dry_run::range::{Project, Range};
use crate::dry_run::record::{Ending, Ends, Proof};
use crate::dry_run::stop::UnderWay;
use crate::pages::catalog;
use crate::pages::dry_run::difference::Differences;
use crate::pages::dry_run::failure::Failure;
use crate::pages::dry_run::figures::counted;
use crate::pages::dry_run::now::Now;
use crate::pages::dry_run::project::{self, Opening};
use cofferdam_engine::catalog::diff;
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::verify::ordered;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[derive(Clone)]
enum Stage {
    Asked,
    Running(Arc<Proof>),
    Known(Arc<Ends>),
    /// With what the run says of itself, where one began.
    Failed(Arc<Proof>),
}

#[component]
pub fn Schema(id: RevisionId) -> impl IntoView {
    let opening = project::project(Memo::new(|_| false));
    move || {
        match opening.get() {
        Opening::Loading => view! { <p class="empty" role="status">"Opening the history…"</p> }.into_any(),
        Opening::Broken(reasons) => view! {
            <div class="empty">
                <h2>"There is no schema to show"</h2>
                <p>"The files make no history that could be run:"</p>
                <ul>{reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
            </div>
        }
        .into_any(),
        Opening::Ready(project) => view! { <Ready project id=id.clone() /> }.into_any(),
    }
    }
}

#[component]
fn Ready(project: Arc<Project>, id: RevisionId) -> impl IntoView {
    let aside = Range::of_revision(&project, &id)
        .map_err(|error| error.to_string())
        .and_then(|range| Aside::new(range).map_err(|error| error.to_string()));
    let aside = match aside {
        Ok(aside) => aside,
        Err(error) => {
            return view! {
                <div class="empty">
                    <h2>"The schema cannot be computed"</h2>
                    <p>{error}</p>
                </div>
            }
            .into_any();
        }
    };
    let count = aside.count() as u64;
    let stage = RwSignal::new(match aside.known() {
        Some(ends) => Stage::Known(ends),
        None => Stage::Asked,
    });
    let under_way = UnderWay::new();
    on_cleanup(move || under_way.stop());
    let range = StoredValue::new((project, id.clone()));
    let start = Callback::new(move |()| {
        let (project, id) = range.get_value();
        let aside = Range::of_revision(&project, &id).ok();
        let Some(aside) = aside.and_then(|range| Aside::new(range).ok()) else {
            return;
        };
        under_way.set(aside.stop.clone());
        stage.set(Stage::Running(aside.proof.clone()));
        spawn_local(async move {
            let ran = aside.run(&project).await;
            stage.try_set(match ran {
                Ok(ends) => Stage::Known(ends),
                Err(Ending::Cancelled) => Stage::Asked,
                Err(_) => Stage::Failed(aside.proof.clone()),
            });
        });
    });
    let busy = bench::running();
    view! {
        {move || match stage.get() {
            Stage::Asked => {
                let busy = busy.clone();
                view! {
                    <div class="empty">
                        <h2>"What this revision changes in the schema"</h2>
                        <p>
                            {format!("The history up to here ({}) is replayed in a PostgreSQL of this tab, and its schema is read before and after. Nothing leaves this machine; it takes about 230 MB of memory while it runs.", counted(count, "revision", "revisions"))}
                        </p>
                        <p>
                            <button type="button" class="btn pri" disabled=busy.clone() on:click=move |_| start.run(())>
                                "Compute the schema"
                            </button>
                        </p>
                        <p class="dr-note" role="status">
                            {move || busy.get().then_some("A dry run is under way; the schema can be computed when it has ended.")}
                        </p>
                    </div>
                }
                .into_any()
            }
            Stage::Running(proof) => view! {
                <div class="sc-cards">
                    <Now proof />
                    <p>
                        <button type="button" class="btn sm" on:click=move |_| under_way.stop()>
                            "Cancel"
                        </button>
                    </p>
                </div>
            }
            .into_any(),
            Stage::Failed(proof) => view! {
                <div class="sc-cards">
                    <p class="band danger" role="alert">
                        "The schema is not known: the replay did not come to its end."
                    </p>
                    <Failure proof />
                    <p>
                        <button type="button" class="btn" on:click=move |_| start.run(())>
                            "Compute it again"
                        </button>
                    </p>
                </div>
            }
            .into_any(),
            Stage::Known(ends) => view! { <Known id=id.clone() ends /> }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Known(id: RevisionId, ends: Arc<Ends>) -> impl IntoView {
    let shown = diff(&ends.before, &ends.after).and_then(|found| {
        let label = format!("The schema after {id}");
        let tree = catalog::view("schema", label, Some(&ends.before), &ends.after)?;
        Ok((ordered(found).0, tree))
    });
    match shown {
        Err(error) => view! { <p class="band danger">{error.to_string()}</p> }.into_any(),
        Ok((found, tree)) => {
            let words = match found.len() {
                0 => "It changes no schema, only rows or nothing.".to_owned(),
                count => counted(count as u64, "change", "changes"),
            };
            let differences = (!found.is_empty()).then(|| view! { <Differences found /> });
            view! {
                <div class="sc-cards">
                    <section class="card">
                        <h2>"What it changes in the schema" <span class="n">{words}</span></h2>
                        {differences}
                    </section>
                    <section class="card">
                        <h2>"The schema after it" <span class="n">{format!("PostgreSQL {}", ends.after.major)}</span></h2>
                        {tree}
                    </section>
                    <p class="dr-note">
                        "With owners, privileges and comments; without system schemas, what belongs to extensions, and the version table."
                    </p>
                </div>
            }
            .into_any()
        }
    }
}
