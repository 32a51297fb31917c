//! Ctrl+K: find a revision by id or words, go to a room, run a command.

use super::{Over, stay};
use crate::state::state;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

const SHOWN: usize = 12;

#[derive(Clone, PartialEq)]
struct Entry {
    title: String,
    detail: String,
    address: String,
}

fn entry(title: &str, detail: &str, address: &str) -> Entry {
    Entry {
        title: title.into(),
        detail: detail.into(),
        address: address.into(),
    }
}

#[component]
pub fn Palette(over: RwSignal<Over>) -> impl IntoView {
    let state = state();
    let navigate = use_navigate();
    let words = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let commands = move || {
        let heads = state
            .workspace
            .with(|it| it.as_ref().map_or(0, |it| it.heads().len()));
        let mut all = vec![
            entry("New revision", "after the newest head", "/write/new"),
            entry("Dry run", "prove up, down, up in this tab", "/dry-run"),
            entry("New change", "a breaking change in phases", "/changes/new"),
            entry("History", "go to", "/history"),
            entry("Changes", "go to", "/changes"),
            entry("Plans", "go to", "/plans"),
            entry("Runs", "go to", "/runs"),
            entry("Databases", "go to", "/databases"),
            entry("Drafts", "go to", "/write"),
            entry("Settings", "go to", "/settings"),
        ];
        if heads > 1 {
            all.insert(
                1,
                entry(
                    &format!("Merge {heads} heads"),
                    "write a merge revision",
                    "/write/merge",
                ),
            );
        }
        all
    };
    let found = Memo::new(move |_| {
        let words = words.get().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let fits = |entry: &Entry| {
            let text = format!("{} {}", entry.title, entry.detail).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let revisions: Vec<Entry> = state.with_drafts.with(|workspace| {
            let history = workspace
                .as_ref()
                .and_then(|workspace| workspace.history.as_ref().ok());
            history.map_or_else(Vec::new, |history| {
                history
                    .scripts()
                    .rev()
                    .map(|script| {
                        let revision = &script.revision;
                        entry(
                            &revision.message,
                            revision.id.as_str(),
                            &format!("/history/{}", revision.id),
                        )
                    })
                    .filter(fits)
                    .take(SHOWN)
                    .collect()
            })
        });
        let mut all: Vec<Entry> = commands().into_iter().filter(fits).collect();
        all.extend(revisions);
        all.truncate(SHOWN);
        all
    });
    let go = move |entry: Entry| {
        over.set(Over::Nothing);
        navigate(&entry.address, Default::default());
    };
    let enter = go.clone();
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => chosen.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                if let Some(entry) =
                    found.with_untracked(|all| all.get(chosen.get_untracked()).cloned())
                {
                    enter(entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="veil" on:click=move |_| over.set(Over::Nothing) on:keydown=stay>
            <section
                class="dialog palette"
                role="dialog"
                aria-modal="true"
                aria-label="Find a revision or run a command"
                on:click=|event| event.stop_propagation()
            >
                <input
                    type="text"
                    node_ref=field
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    aria-label="Find a revision or run a command"
                    placeholder="An id, words of a message, or a command"
                    prop:value=move || words.get()
                    on:input=move |event| {
                        words.set(event_target_value(&event));
                        chosen.set(0);
                    }
                    on:keydown=keydown
                />
                <ul id="palette-list" role="listbox">
                    {move || {
                        let go = go.clone();
                        found
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(index, entry)| {
                                let go = go.clone();
                                let to = entry.clone();
                                view! {
                                    <li
                                        id=format!("palette-{index}")
                                        role="option"
                                        class:on=move || chosen.get() == index
                                        aria-selected=move || (chosen.get() == index).to_string()
                                        on:click=move |_| go(to.clone())
                                    >
                                        <span>{entry.title}</span>
                                        <code>{entry.detail}</code>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="empty">"Nothing here has these words."</p>
                </Show>
            </section>
        </div>
    }
}
