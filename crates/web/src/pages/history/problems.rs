//! What is wrong with the project as a whole: a broken history, unreadable files, revisions that a database has
//! and no file.

use crate::state::state;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::history::HistoryError;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[component]
pub fn Problems() -> impl IntoView {
    let state = state();
    let history = move || {
        state.workspace.with(|it| {
            it.as_ref()
                .and_then(|it| it.history.as_ref().err().cloned())
                .unwrap_or_default()
        })
    };
    // A file that is no revision cannot be a row, so it is told here.
    let unreadable = move || {
        state.workspace.with(|it| {
            let Some(it) = it else { return Vec::new() };
            let rows: BTreeSet<&str> = it
                .scripts
                .iter()
                .map(|script| script.path.as_str())
                .collect();
            it.findings
                .iter()
                .filter(|finding| {
                    finding.severity == Severity::Error && !rows.contains(finding.path.as_str())
                })
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
    };
    let config = move || {
        state.workspace.with(|it| {
            it.as_ref()
                .and_then(|it| it.config_error.as_ref().map(ToString::to_string))
        })
    };
    let gone = move || {
        let known: BTreeSet<String> = state.workspace.with(|it| {
            it.as_ref()
                .map(|it| {
                    it.scripts
                        .iter()
                        .map(|script| script.revision.id.to_string())
                        .collect()
                })
                .unwrap_or_default()
        });
        state.environments.with(|all| {
            all.iter()
                .flat_map(|env| {
                    let ids: BTreeSet<&String> = env.heads.iter().chain(&env.applied).collect();
                    ids.into_iter()
                        .filter(|id| !known.contains(*id))
                        .map(|id| format!("{} has revision {id}, and no file of this project does. Put the file back, or stamp the database.", env.name))
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        {move || config().map(|words| view! { <p class="band danger" role="alert">{words}</p> })}
        {move || {
            let errors = history();
            (!errors.is_empty())
                .then(|| {
                    view! {
                        <div class="band danger" role="alert">
                            <b>"These files do not make a history."</b>
                            <ul>{errors.iter().map(one).collect_view()}</ul>
                        </div>
                    }
                })
        }}
        {move || {
            unreadable().into_iter().map(|words| view! { <p class="band danger">{words}</p> }).collect_view()
        }}
        {move || { gone().into_iter().map(|words| view! { <p class="band caution">{words}</p> }).collect_view() }}
    }
}

fn one(error: &HistoryError) -> impl IntoView + use<> {
    let id = match error {
        HistoryError::MissingDown { id, .. }
        | HistoryError::MissingDependency { id, .. }
        | HistoryError::SelfLoop { id, .. }
        | HistoryError::DuplicateId { id, .. } => Some(id.to_string()),
        HistoryError::Cycle { members } => members.first().map(|(id, _)| id.to_string()),
        _ => None,
    };
    view! {
        <li>
            {error.to_string()}
            " "
            {id.map(|id| view! { <a href=format!("/write/{id}")>"Open the file"</a> })}
        </li>
    }
}
