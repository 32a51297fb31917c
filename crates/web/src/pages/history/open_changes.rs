//! The breaking changes that are under way, above the list, with where each stands.

use crate::pages::changes::Stands;
use crate::state::state;
use cofferdam_engine::change::{Change, Phase};
use leptos::prelude::*;

/// Those that have revisions, and whose contract is not written; nothing where there are none.
#[component]
pub fn OpenChanges() -> impl IntoView {
    let here = state();
    let open = Memo::new(move |_| {
        let workspace = here.workspace.get();
        let all = workspace.map_or_else(Vec::new, |workspace| workspace.changes());
        let is_open = |change: &Change| {
            !change.written.is_empty() && change.revisions(Phase::Contract).next().is_none()
        };
        all.into_iter()
            .flatten()
            .filter(is_open)
            .collect::<Vec<Change>>()
    });
    move || {
        let open = open.get();
        let words = match open.len() {
            0 => return None,
            1 => "1 open change".to_owned(),
            count => format!("{count} open changes"),
        };
        let rows = open.into_iter().map(|change| {
            let href = format!("/changes/{}", change.id);
            let title = change.title();
            view! {
                <li>
                    <a href=href>{title}</a>
                    <Stands change />
                </li>
            }
        });
        Some(view! {
            <details class="open-changes">
                <summary>{words}</summary>
                <ul>{rows.collect_view()}</ul>
            </details>
        })
    }
}
