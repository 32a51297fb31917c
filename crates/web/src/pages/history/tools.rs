//! Filters, search, and what can be done with the whole history or a selected range.

use super::Shown;
use super::list::range;
use super::row::{Has, Shape};
use crate::shell::in_field;
use crate::state::state;
use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

#[component]
pub fn Tools(shown: Shown) -> impl IntoView {
    let state = state();
    let navigate = use_navigate();
    let location = use_location();
    let field = NodeRef::<Input>::new();
    let go = move |filter: &str, words: &str| {
        let mut query = Vec::new();
        if !filter.is_empty() {
            query.push(format!("filter={}", crate::http::segment(filter)));
        }
        if !words.is_empty() {
            query.push(format!("q={}", crate::http::segment(words)));
        }
        let path = location.pathname.get_untracked();
        let address = if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        };
        navigate(
            &address,
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    };
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "/" && !in_field(&event) && !event.ctrl_key() {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
                field.select();
            }
        }
    });
    on_cleanup(move || slash.remove());

    let chips = Memo::new(move |_| {
        shown.rows.with(|rows| {
            let count = |fits: &dyn Fn(&super::row::RowData) -> bool| {
                rows.all.iter().filter(|row| fits(row)).count()
            };
            let mut chips = vec![("All".to_owned(), String::new(), rows.all.len())];
            chips.push((
                "Heads".into(),
                "heads".into(),
                count(&|row| row.badges.iter().any(|(class, _)| *class == "hd")),
            ));
            chips.push((
                "Merges".into(),
                "merges".into(),
                count(&|row| row.shape == Shape::Merge),
            ));
            for (index, (name, _)) in rows
                .all
                .first()
                .map(|row| row.marks.clone())
                .unwrap_or_default()
                .into_iter()
                .enumerate()
            {
                let missing = count(&|row| {
                    row.marks
                        .get(index)
                        .is_some_and(|(_, has)| *has == Has::Not)
                });
                if missing > 0 && missing < rows.all.len() {
                    chips.push((format!("Not in {name}"), format!("not-in:{name}"), missing));
                }
            }
            let drafts = count(&|row| row.shape == Shape::Draft);
            if drafts > 0 {
                chips.push(("Drafts".into(), "drafts".into(), drafts));
            }
            let python = count(&|row| row.needs_python > 0);
            if python > 0 {
                chips.push(("Needs Python".into(), "needs-python".into(), python));
            }
            let bare = count(&|row| row.badges.iter().any(|(_, words)| words == "no downgrade"));
            if bare > 0 {
                chips.push(("No downgrade".into(), "no-downgrade".into(), bare));
            }
            chips
        })
    });
    let heads = move || {
        state
            .workspace
            .with(|it| it.as_ref().map(|it| it.heads()).unwrap_or_default())
    };
    let type_words = go.clone();
    view! {
        <div class="tools">
            <div class="chips" role="group" aria-label="Filters">
                <For each=move || chips.get() key=|chip| chip.clone() let((title, filter, count))>
                    {
                        let go = go.clone();
                        let word = filter.clone();
                        let on = move || shown.filter.with(|now| *now == word);
                        let on_too = on.clone();
                        view! {
                            <button
                                type="button"
                                class="chip"
                                class:on=on
                                aria-pressed=move || on_too().to_string()
                                on:click=move |_| go(&filter, &shown.words.get_untracked())
                            >
                                {title}
                                " "
                                <b>{count}</b>
                            </button>
                        }
                    }
                </For>
            </div>
            <div class="tools-right">
                <input
                    type="search"
                    node_ref=field
                    class="find"
                    placeholder="Search  /"
                    aria-label="Search by id or words"
                    prop:value=move || shown.words.get()
                    on:input=move |event| type_words(&shown.filter.get_untracked(), &event_target_value(&event))
                    on:keydown=move |event| {
                        if let ("Escape", Some(field)) = (event.key().as_str(), field.get_untracked()) {
                            let _ = field.blur();
                        }
                    }
                />
                {move || {
                    let heads = heads();
                    (heads.len() > 1)
                        .then(|| {
                            let ids: Vec<&str> = heads.iter().map(|id| id.as_str()).collect();
                            view! {
                                <a class="btn sm" href=format!("/write/merge?heads={}", ids.join(","))>
                                    "Merge "
                                    {heads.len()}
                                    " heads"
                                </a>
                            }
                        })
                }}
                <a class="btn sm" href="/checklist">
                    "Checklist"
                </a>
                <a class="btn sm pri" href="/write/new" aria-keyshortcuts="n">
                    "New revision"
                    <kbd>"n"</kbd>
                </a>
            </div>
        </div>
        <RangeBar shown />
    }
}

/// What can be done with a selected range.
#[component]
fn RangeBar(shown: Shown) -> impl IntoView {
    move || {
        let (newest, oldest) = range(shown)?;
        let (from, to, count) = shown.rows.with(|rows| {
            let from = rows
                .all
                .get(oldest)?
                .parents
                .first()
                .cloned()
                .unwrap_or_else(|| "base".into());
            Some((from, rows.all.get(newest)?.id.clone(), oldest - newest + 1))
        })?;
        Some(view! {
            <div class="range" role="status">
                <span>{count}" revisions selected"</span>
                <a class="btn sm" href=format!("/dry-run?from={from}&to={to}")>
                    "Dry-run them"
                </a>
                <a class="btn sm" href=format!("/dry-run?from={from}&to={to}&view=sql")>
                    "Their SQL"
                </a>
                <a class="btn sm" href=format!("/checklist?from={from}&to={to}")>
                    "Their checklist"
                </a>
                <a class="btn sm" href=format!("/plans?target={to}&kind=upgrade")>
                    "Plan up to the newest"
                </a>
                <button type="button" class="btn sm plain" on:click=move |_| shown.anchor.set(None)>
                    "Clear"
                </button>
            </div>
        })
    }
}
