//! A schema as a tree: opened and closed by mouse or arrow keys, searched, copied; with marks where two are compared.

mod keys;
mod line;
mod rows;

use crate::pages::remote::CopyButton;
use cofferdam_engine::catalog::{Catalog, CatalogError, tree};
use leptos::prelude::*;
use line::LineView;
use rows::{Line, Path, Tree, Wanted};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lines that are drawn at once; more come when they are asked for.
const DRAWN: usize = 300;

/// What the lines of one tree share.
#[derive(Clone, Copy)]
struct Shared {
    /// Stands before the ids of its elements.
    name: StoredValue<String>,
    open: RwSignal<BTreeSet<Path>>,
    lines: Memo<Vec<Line>>,
    /// Where each shown line stands in `lines`.
    places: Memo<BTreeMap<Path, usize>>,
    /// The line that Tab comes to.
    current: RwSignal<Path>,
    drawn: RwSignal<usize>,
}

impl Shared {
    fn element_id(self, path: &[usize]) -> String {
        self.name
            .with_value(|name| format!("{name}-{}", rows::id(path)))
    }

    fn toggle(self, path: &Path) {
        self.open.update(|open| {
            if !open.remove(path) {
                open.insert(path.clone());
            }
        });
    }

    /// The line that Tab comes to: the chosen one, as long as it is shown.
    fn is_current(self, path: &Path) -> bool {
        let current = self.current.get();
        match self.places.with(|places| places.contains_key(&current)) {
            true => current == *path,
            false => self
                .lines
                .with(|lines| lines.first().is_some_and(|line| line.path == *path)),
        }
    }
}

/// The tree of `after`, compared with `before` where there is one. `name` tells trees of one page apart.
///
/// # Errors
/// Where they are of different major versions.
pub fn view(
    name: &str,
    label: String,
    before: Option<&Catalog>,
    after: &Catalog,
) -> Result<AnyView, CatalogError> {
    let nodes = match before {
        Some(before) => tree::compared(before, after)?,
        None => tree::tree(after),
    };
    let text = tree::lines(&nodes);
    let is_compared = before.is_some();
    let tree = Tree::new(nodes);
    let name = name.to_owned();
    Ok(view! { <CatalogTree name label tree text is_compared /> }.into_any())
}

#[component]
fn CatalogTree(
    name: String,
    label: String,
    tree: Arc<Tree>,
    /// All of it, to be copied.
    text: String,
    is_compared: bool,
) -> impl IntoView {
    let (objects, differing) = tree.counts();
    let search = RwSignal::new(String::new());
    let only_changes = RwSignal::new(is_compared && differing > 0);
    let open = RwSignal::new(tree.first_open());
    let stored = StoredValue::new(tree);
    let lines = Memo::new(move |_| {
        let words = search.read().to_lowercase();
        let wanted = Wanted {
            words: words.split_whitespace().map(str::to_owned).collect(),
            only_changes: only_changes.get(),
        };
        stored.with_value(|tree| tree.lines(&open.read(), &wanted))
    });
    let places = Memo::new(move |_| {
        lines.with(|lines| {
            let places = lines.iter().enumerate();
            places.map(|(at, line)| (line.path.clone(), at)).collect()
        })
    });
    let shared = Shared {
        name: StoredValue::new(name),
        open,
        lines,
        places,
        current: RwSignal::new(Path::new()),
        drawn: RwSignal::new(DRAWN),
    };
    let more = move || {
        let all = lines.with(Vec::len);
        let left = all.saturating_sub(shared.drawn.get());
        (left > 0).then(|| {
            view! {
                <button type="button" class="btn sm ct-more" on:click=move |_| shared.drawn.update(|drawn| *drawn += 4 * DRAWN)>
                    {format!("Show more of {left} further lines")}
                </button>
            }
        })
    };
    let nothing = move || {
        lines.with(Vec::is_empty).then(|| {
            let words = match (objects, search.read().trim()) {
                (0, _) => "There is nothing in this schema.".to_owned(),
                (_, "") => "Nothing differs.".to_owned(),
                (_, words) => format!("Nothing in it is called or contains “{words}”."),
            };
            view! { <p class="ct-nothing" role="status">{words}</p> }
        })
    };
    view! {
        <div class="ct">
            <div class="ct-tools">
                {(differing > 0)
                    .then(|| {
                        view! {
                            <div class="chips" role="group" aria-label="What is shown">
                                <Chip words="Changes" count=differing on=only_changes.into() set=Callback::new(move |()| only_changes.set(true)) />
                                <Chip
                                    words="Whole schema"
                                    count=objects
                                    on=Signal::derive(move || !only_changes.get())
                                    set=Callback::new(move |()| only_changes.set(false))
                                />
                            </div>
                        }
                    })}
                <input
                    type="search"
                    class="find"
                    placeholder="Find by name or words"
                    aria-label="Find in the schema"
                    prop:value=move || search.get()
                    on:input=move |event| search.set(event_target_value(&event))
                />
                <CopyButton text=Signal::stored(text) label="Copy as text" />
            </div>
            <ul class="ct-tree" role="tree" aria-label=label on:keydown=move |event| keys::press(shared, &event)>
                <For
                    each=move || {
                        lines.with(|lines| lines.iter().take(shared.drawn.get()).cloned().collect::<Vec<_>>())
                    }
                    key=|line| line.path.clone()
                    let(line)
                >
                    <LineView shared line />
                </For>
            </ul>
            {nothing}
            {more}
        </div>
    }
}

#[component]
fn Chip(words: &'static str, count: usize, on: Signal<bool>, set: Callback<()>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            class:on=on
            aria-pressed=move || on.get().to_string()
            on:click=move |_| set.run(())
        >
            {words}
            " "
            <b>{count}</b>
        </button>
    }
}
