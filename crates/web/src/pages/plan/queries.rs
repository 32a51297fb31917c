//! The evidence that an application's queries outlive a change: the matrix that is kept beside each change of the plan.

use super::Page;
use crate::pages::changes::matrix::MatrixTable;
use crate::pages::remote::When;
use crate::state::state;
use crate::state::workspace::Workspace;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{self, ChangeId};
use cofferdam_engine::plan::Plan;
use leptos::prelude::*;

/// A card for each change whose revisions the plan contains, where its queries were checked.
#[component]
pub fn Queries(page: Page) -> impl IntoView {
    let state = state();
    let kept = Memo::new(move |_| {
        let sealed = page.plan()?;
        state
            .workspace
            .with(|workspace| Some(kept(workspace.as_deref()?, sealed.plan())))
    });
    move || {
        let cards = kept.get()?.into_iter().map(|(title, evidence)| {
            let Evidence {
                postgres,
                at,
                matrix,
                ..
            } = evidence;
            view! {
                <section class="card ch-queries" aria-label=format!("Queries of {title}")>
                    <h2>{format!("Queries of {title}")}</h2>
                    <div class="ch-body">
                        <p class="ch-foot">
                            {format!("Prepared at every point on PostgreSQL {postgres}, ")}
                            <When at />
                        </p>
                        <MatrixTable matrix />
                    </div>
                </section>
            }
        });
        Some(cards.collect_view())
    }
}

/// The changes of the plan's revisions, in the order in which they come, by title, with what is kept of their queries.
fn kept(workspace: &Workspace, plan: &Plan) -> Vec<(String, Evidence)> {
    let Ok(history) = &workspace.history else {
        return Vec::new();
    };
    let mut changes: Vec<ChangeId> = Vec::new();
    for id in plan
        .revisions
        .iter()
        .filter_map(|one| one.revision.as_ref())
    {
        let script = history.get(id);
        let change = script.and_then(|script| change::of_revision(&script.revision));
        if let Some((change, _)) = change.filter(|(change, _)| !changes.contains(change)) {
            changes.push(change);
        }
    }
    let evidence = changes.into_iter().filter_map(|id| {
        let file = workspace.files.get(&id.matrix_path())?;
        let title = match workspace.change(id.as_str()) {
            Some(Ok(change)) => change.title(),
            _ => id.to_string(),
        };
        Some((title, Evidence::read(&file.text())?))
    });
    evidence.collect()
}
