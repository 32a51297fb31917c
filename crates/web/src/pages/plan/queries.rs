//! The evidence that an application's queries outlive a change: the matrix that was kept beside each change of the plan when
//! the plan was made.

use super::Page;
use crate::pages::changes::matrix::MatrixTable;
use crate::pages::remote::When;
use crate::state::state;
use crate::state::workspace::Workspace;
use cofferdam_engine::api::ProjectFile;
use cofferdam_engine::change::queries::Evidence;
use cofferdam_engine::change::{self, Change, ChangeId};
use cofferdam_engine::plan::Plan;
use leptos::prelude::*;

/// A card for each change whose revisions the plan contains, where its queries were checked.
#[component]
pub fn Queries(page: Page) -> impl IntoView {
    let state = state();
    let kept = Memo::new(move |_| {
        let sealed = page.plan()?;
        let files = page
            .record
            .value
            .with(|record| record.as_ref().map(|record| record.changes.clone()))?;
        state
            .workspace
            .with(|workspace| Some(kept(workspace.as_deref()?, sealed.plan(), &files)))
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

/// The changes of the plan's revisions, in the order in which they come, by title, with what `files` keep of their queries.
fn kept(workspace: &Workspace, plan: &Plan, files: &[ProjectFile]) -> Vec<(String, Evidence)> {
    let text = |path: String| {
        let file = files.iter().find(|file| file.path == path)?;
        file.text.as_deref()
    };
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
        let evidence = Evidence::read(text(id.matrix_path())?)?;
        let change = text(id.path()).map(|text| Change::read(id.clone(), text));
        let title = match change {
            Some(Ok(change)) => change.title(),
            _ => id.to_string(),
        };
        Some((title, evidence))
    });
    evidence.collect()
}
