//! What is wrong with the project as a whole: a broken history, unreadable files, revisions that a database has
//! and no file.

use crate::pages::write::{address, sentence};
use crate::state::{Workspace, state};
use cofferdam_engine::finding::{Code, Severity};
use cofferdam_engine::history::HistoryError;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Errors that are told at once; one missing file may be the cause of thousands.
const TOLD: usize = 30;

/// Files that one error links to; a circle may go through thousands.
const LINKS: usize = 6;

#[component]
pub fn Problems() -> impl IntoView {
    let state = state();
    let history = move || {
        state.workspace.with(|it| {
            let Some(it) = it else { return Vec::new() };
            let errors = it.history.as_ref().err().map_or(&[][..], Vec::as_slice);
            let linked = errors.iter().take(TOLD).map(|error| {
                let files = files(error).into_iter().take(LINKS);
                (
                    sentence(error),
                    files.map(|path| link(it, path)).collect::<Vec<_>>(),
                )
            });
            let mut told: Vec<_> = linked.collect();
            if errors.len() > TOLD {
                told.push((format!("And {} more.", errors.len() - TOLD), Vec::new()));
            }
            told
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
                .map(|finding| {
                    // Bytes that are no text are not edited as text.
                    let file = (finding.code != Code::NotUtf8).then(|| link(it, &finding.path));
                    (finding.to_string(), file)
                })
                .collect::<Vec<_>>()
        })
    };
    let trouble = move || {
        let it = state.workspace.get()?;
        let words = it.trouble.clone()?;
        let end = if words.ends_with('.') { "" } else { "." };
        Some(format!("{words}{end}"))
    };
    let notices = move || {
        let it = state.workspace.get();
        let python = it.and_then(|it| it.python.clone());
        python.map_or_else(Vec::new, |python| python.setup.notices.clone())
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
        {move || state.busy.get().map(|words| view! { <p class="band" role="status">{words}</p> })}
        {move || trouble().map(|words| view! { <p class="band danger" role="alert">{words}</p> })}
        {move || notices().into_iter().map(|words| view! { <p class="band caution">{words}"."</p> }).collect_view()}
        {move || {
            let errors = history();
            (!errors.is_empty())
                .then(|| {
                    view! {
                        <div class="band danger" role="alert">
                            <b>"These files do not make a history."</b>
                            " They are listed below by name; nothing is lost, and nothing can run until this is put right."
                            <ul>{errors.into_iter().map(one).collect_view()}</ul>
                        </div>
                    }
                })
        }}
        {move || {
            unreadable()
                .into_iter()
                .map(|(words, file)| view! { <p class="band danger">{words} " " {file.map(open)}</p> })
                .collect_view()
        }}
        {move || { gone().into_iter().map(|words| view! { <p class="band caution">{words}</p> }).collect_view() }}
    }
}

/// The address and the path of a file.
type Link = (String, String);

fn link(workspace: &Workspace, path: &str) -> Link {
    let word = address::of_file(workspace, path);
    (format!("/write/{word}"), path.to_owned())
}

/// The files that an error is about.
fn files(error: &HistoryError) -> Vec<&str> {
    match error {
        HistoryError::MissingDown { path, .. }
        | HistoryError::MissingDependency { path, .. }
        | HistoryError::AmbiguousDependency { path, .. }
        | HistoryError::SelfLoop { path, .. } => vec![path],
        HistoryError::DuplicateId { first, second, .. }
        | HistoryError::DuplicateLabel { first, second, .. } => vec![first, second],
        HistoryError::LabelIsId { path, other, .. } => vec![path, other],
        HistoryError::Cycle { members } => members.iter().map(|(_, path)| path.as_str()).collect(),
    }
}

fn one((words, files): (String, Vec<Link>)) -> impl IntoView {
    view! {
        <li>
            {words}
            {files.into_iter().map(|file| view! { " " {open(file)} }).collect_view()}
        </li>
    }
}

fn open((address, path): Link) -> impl IntoView {
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    view! { <a href=address>"Open " {name}</a> }
}
