//! `/history/:rev?tab=&q=&filter=`: the graph as rows on the left, the selected revision on the right.

mod detail;
mod drawing;
mod list;
mod open_changes;
mod problems;
mod row;
mod schema;
mod statements;
mod tools;

use crate::state::state;
use detail::Detail;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use list::List;
use open_changes::OpenChanges;
use problems::Problems;
use tools::Tools;

/// What the page shows, from the address.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The selected revision's id.
    pub selected: Memo<Option<String>>,
    /// The other end of a selected range.
    pub anchor: RwSignal<Option<String>>,
    pub words: Memo<String>,
    pub filter: Memo<String>,
    /// Every row, newest first.
    pub rows: Memo<row::Rows>,
    /// Those that the filter lets through.
    pub listed: Memo<row::Rows>,
}

#[component]
pub fn History() -> impl IntoView {
    let state = state();
    let params = use_params_map();
    let query = use_query_map();
    let asked = move |key: &'static str| query.read().get(key).unwrap_or_default();
    let selected = Memo::new(move |_| params.read().get("rev").filter(|id| !id.is_empty()));
    let words = Memo::new(move |_| asked("q"));
    let filter = Memo::new(move |_| asked("filter"));
    let rows = Memo::new(move |_| row::rows(state));
    let listed = Memo::new(move |_| rows.with(|rows| rows.only(&filter.get(), &words.get())));
    let shown = Shown {
        selected,
        anchor: RwSignal::new(None),
        words,
        filter,
        rows,
        listed,
    };
    let loading = move || state.workspace.read().is_none();
    let empty = move || {
        state.workspace.with(|it| {
            it.as_ref()
                .is_some_and(|it| it.files.is_empty() || it.scripts.is_empty())
        }) && rows.with(|rows| rows.all.is_empty())
    };
    // What keeps it from being read stands above.
    let troubled = move || {
        state
            .workspace
            .with(|it| it.as_ref().is_some_and(|it| it.trouble.is_some()))
    };
    let alembic = move || {
        state
            .workspace
            .with(|it| it.as_ref().is_some_and(|it| it.python.is_some()))
    };
    // Files came, and none of them where revisions are looked for.
    let elsewhere = move || {
        state.workspace.with(|it| {
            let it = it.as_ref()?;
            let locations = it.config.project.locations().join(", ");
            if let Some(python) = &it.python {
                let file = &python.setup.file;
                return Some(format!("There is no revision in {locations} yet, where they belong by {file}."));
            }
            let others = it.files.keys().filter(|path| path.ends_with(".sql")).count();
            (others > 0).then(|| {
                format!("The project has {others} SQL files, and none of them is a revision in {locations:?}, where its cofferdam.toml (or the lack of one) says that revisions are.")
            })
        })
    };
    view! {
        <div class="split" class:has-selection=move || selected.read().is_some()>
            <section class="pane" aria-label="History">
                <Tools shown />
                <Problems />
                <OpenChanges />
                <Show when=loading>
                    <ul class="rows skeleton" aria-label="Loading">
                        {(0..12).map(|_| view! { <li><i></i><span></span></li> }).collect_view()}
                    </ul>
                </Show>
                <Show when=move || empty() && !troubled()>
                    <div class="empty">
                        <h2>"No revisions yet"</h2>
                        <p>{elsewhere}</p>
                        <p hidden=alembic>
                            "A project is a folder with "<code>"cofferdam.toml"</code>" and revision files, or an Alembic project as it is, with its "<code>"alembic.ini"</code>" and Python files. Open one from the project's name above, or write the first revision."
                        </p>
                        <a class="btn pri" href="/write/new">
                            "Write the first revision"
                        </a>
                    </div>
                </Show>
                <Show when=move || !empty()>
                    <List shown />
                </Show>
            </section>
            <section class="pane detail" aria-label="Revision">
                <Detail shown />
            </section>
        </div>
    }
}
