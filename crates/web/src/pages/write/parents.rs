//! What a revision comes after: heads are offered first, and any other revision may be taken.

use super::desk::Desk;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;

/// Revisions listed at once; the search narrows them down.
const SHOWN: usize = 40;

#[derive(Clone, PartialEq)]
struct Choice {
    id: RevisionId,
    message: String,
    is_head: bool,
}

/// The ids that the header names, in its order.
fn down(desk: Desk) -> Memo<Option<Vec<RevisionId>>> {
    Memo::new(move |_| {
        desk.sheet
            .with(|sheet| sheet.revision().map(|revision| revision.down.clone()))
    })
}

fn toggle(desk: Desk, id: &RevisionId) {
    let renames = desk.said_by_itself();
    desk.change_header(|revision| {
        if revision.down.contains(id) {
            revision.down.retain(|other| other != id);
        } else {
            revision.down.push(id.clone());
        }
    });
    if renames {
        desk.say_what_it_merges();
    }
}

#[component]
pub fn Parents(desk: Desk, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let down = down(desk);
    let open = RwSignal::new(false);
    view! {
        <div class="wr-parents">
            <div class="wr-label">
                <span id="wr-after">"After"</span>
                <button
                    type="button"
                    class="btn sm"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="wr-choices"
                    disabled=move || locked.get() || down.with(Option::is_none)
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {move || if open.get() { "Done" } else { "Change" }}
                </button>
            </div>
            <ul class="wr-chosen" aria-labelledby="wr-after">
                {move || {
                    let ids = down.get().unwrap_or_default();
                    if ids.is_empty() {
                        return view! { <li class="wr-none">"nothing: a base"</li> }.into_any();
                    }
                    ids.into_iter()
                        .map(|id| {
                            let message = desk
                                .saved()
                                .and_then(|saved| saved.message(&id))
                                .unwrap_or_else(|| "not in the history".into());
                            view! {
                                <li>
                                    <a href=format!("/history/{id}") title=id.to_string()>
                                        <code>{id.short().to_owned()}</code>
                                    </a>
                                    <span>{message}</span>
                                </li>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
            <div id="wr-choices">{move || open.get().then(|| view! { <Choices desk down /> })}</div>
            <Notes desk down />
        </div>
    }
}

/// Every revision with a box to tick.
#[component]
fn Choices(desk: Desk, down: Memo<Option<Vec<RevisionId>>>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let all = Memo::new(move |_| {
        let own = desk.revision_id();
        let Some(saved) = desk.saved() else {
            return Vec::new();
        };
        let heads = saved.heads();
        let mut choices: Vec<Choice> = saved
            .newest_first()
            .filter(|script| Some(&script.revision.id) != own.as_ref())
            .map(|script| Choice {
                id: script.revision.id.clone(),
                message: script.revision.message.clone(),
                is_head: heads.contains(&script.revision.id),
            })
            .collect();
        choices.sort_by_key(|choice| !choice.is_head);
        choices
    });
    let found = move || {
        let words = words.get().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        all.with(|all| {
            all.iter()
                .filter(|choice| {
                    let text = format!("{} {}", choice.id, choice.message.to_lowercase());
                    words.iter().all(|word| text.contains(word))
                })
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="wr-choices">
            <input
                type="search"
                aria-label="Find a revision"
                placeholder="Find by id or words"
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
            />
            <ul>
                <For each=found key=|choice| (choice.id.clone(), choice.is_head) let(choice)>
                    <ChoiceRow desk down choice />
                </For>
            </ul>
            <p class="wr-hint">
                {move || {
                    let all = all.with(Vec::len);
                    (all > SHOWN).then(|| format!("{SHOWN} of {all} are listed at most; search for others."))
                }}
            </p>
        </div>
    }
}

#[component]
fn ChoiceRow(desk: Desk, down: Memo<Option<Vec<RevisionId>>>, choice: Choice) -> impl IntoView {
    let id = choice.id.clone();
    let checked = move || down.with(|down| down.as_ref().is_some_and(|down| down.contains(&id)));
    let id = choice.id.clone();
    view! {
        <li>
            <label>
                <input type="checkbox" prop:checked=checked on:change=move |_| toggle(desk, &id) />
                <code>{choice.id.short().to_owned()}</code>
                <span>{choice.message}</span>
                {choice.is_head.then(|| view! { <span class="badge hd">"head"</span> })}
            </label>
        </li>
    }
}

/// What the choice means for the history.
#[component]
fn Notes(desk: Desk, down: Memo<Option<Vec<RevisionId>>>) -> impl IntoView {
    let notes = move || {
        let (Some(ids), Some(saved)) = (down.get(), desk.saved()) else {
            return Vec::new();
        };
        let own = desk.revision_id();
        let mut notes = Vec::new();
        if !desk.is_new() && desk.kept_at.get().is_none() {
            return notes;
        }
        if ids.is_empty() && !saved.outlines.is_empty() && desk.is_new() {
            notes.push("It will stand beside the rest of the history, as another base.".to_owned());
        }
        for id in &ids {
            let others: Vec<String> = saved
                .children(id)
                .into_iter()
                .filter(|child| Some(child) != own.as_ref())
                .map(|child| child.short().to_owned())
                .collect();
            if !others.is_empty() && ids.len() == 1 {
                notes.push(format!(
                    "{} already has {} after it: this makes a branch, and the history gets another head to merge.",
                    id.short(),
                    others.join(", "),
                ));
            }
        }
        notes
    };
    view! {
        <div role="status">
            {move || notes().into_iter().map(|note| view! { <p class="wr-note info">{note}</p> }).collect_view()}
        </div>
    }
}
