//! The Alembic projects of a folder that has several, to choose one.

use super::focus_step;
use crate::js::python::Candidate;
use crate::state::state;
use leptos::html::Ul;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};
use wasm_bindgen::JsCast;

#[component]
pub fn WhichProject() -> impl IntoView {
    let state = state();
    let list = NodeRef::<Ul>::new();
    Effect::new(move |_| {
        let first = list
            .get()
            .and_then(|list| list.query_selector("button").ok()?);
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            // It is on the page by now.
            let _ = first.focus();
        }
    });
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let step = match (event.key().as_str(), event.shift_key()) {
            ("ArrowDown", _) | ("Tab", false) => 1,
            ("ArrowUp", _) | ("Tab", true) => -1,
            _ => return,
        };
        event.prevent_default();
        let Some(dialog) = gloo::utils::document()
            .query_selector(".which")
            .ok()
            .flatten()
        else {
            return;
        };
        let Ok(buttons) = dialog.query_selector_all("button") else {
            return;
        };
        let buttons: Vec<Element> = (0..buttons.length())
            .filter_map(|at| buttons.get(at)?.dyn_into().ok())
            .collect();
        focus_step(&buttons, step);
    };
    move || {
        let which = state.which.get()?;
        let count = which.candidates.len();
        Some(view! {
            <div class="veil" on:click=move |_| state.choose(None) on:keydown=keys>
                <section
                    class="dialog which"
                    role="dialog"
                    aria-modal="true"
                    aria-labelledby="which-head"
                    on:click=|event| event.stop_propagation()
                >
                    <h2 id="which-head">"Which Alembic project?"</h2>
                    <p>"There are "{count}" in "<b>{which.folder}</b>". Each has its own history."</p>
                    <ul node_ref=list>
                        {which
                            .candidates
                            .into_iter()
                            .map(|candidate| {
                                let (place, file) = words(&candidate);
                                view! {
                                    <li>
                                        <button type="button" on:click=move |_| state.choose(Some(candidate.clone()))>
                                            <b>{place}</b>
                                            <code>{file}</code>
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    <button type="button" class="btn" on:click=move |_| state.choose(None)>
                        "Open none"
                    </button>
                </section>
            </div>
        })
    }
}

/// What tells one from the others, and the file that it stands in.
fn words(candidate: &Candidate) -> (String, String) {
    let (folder, name) = candidate
        .file
        .rsplit_once('/')
        .unwrap_or(("", &candidate.file));
    let place = match (&candidate.section, folder) {
        (Some(section), _) => section.clone(),
        (None, "") => "The folder itself".to_owned(),
        (None, folder) => folder.to_owned(),
    };
    let file = match (&candidate.section, folder) {
        (Some(section), _) => format!("{} [{section}]", candidate.file),
        (None, _) => name.to_owned(),
    };
    (place, file)
}
