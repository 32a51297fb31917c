//! A combobox over the states of the history: type words or an id, or walk the list.

use super::choice::{Choice, matching, named};
use crate::dry_run::range::Place;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;

/// One end of the range.
#[component]
pub fn Picker(
    label: &'static str,
    id: &'static str,
    choices: Signal<Vec<Choice>>,
    place: Signal<Place>,
    #[prop(into)] pick: Callback<Place>,
    /// What the closed field shows at its right; the choice's detail where it is none.
    #[prop(optional)]
    note: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let chosen = Memo::new(move |_| choices.with(|choices| named(choices, &place.get())));
    let found = Memo::new(move |_| {
        if open.get() {
            choices.with(|choices| matching(choices, &typed.read()))
        } else {
            Vec::new()
        }
    });
    let list_id = format!("{id}-list");
    let option_id = move |index: usize| format!("{id}-option-{index}");

    let shut = move || {
        open.set(false);
        typed.set(String::new());
    };
    let show = move || {
        typed.set(String::new());
        active.set(0);
        open.set(true);
    };
    let take = move |choice: &Choice| {
        pick.run(choice.place.clone());
        shut();
    };
    let enter = move || {
        let choice = found.with(|found| found.get(active.get_untracked()).cloned());
        let text = typed.get_untracked();
        match choice {
            Some(choice) => take(&choice),
            // A label or a short id, which the list does not hold as such.
            None if !text.trim().is_empty() => {
                pick.run(Place::read(text.trim()));
                shut();
            }
            None => shut(),
        }
    };
    let keydown = move |event: KeyboardEvent| {
        let count = found.with(Vec::len);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open.get_untracked() => show(),
            "ArrowDown" => active.update(|at| *at = (*at + 1).min(count.saturating_sub(1))),
            "ArrowUp" => active.update(|at| *at = at.saturating_sub(1)),
            "Home" if typed.read_untracked().is_empty() => active.set(0),
            "Enter" if open.get_untracked() => enter(),
            "Escape" if open.get_untracked() => shut(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // The active line stays in sight.
    Effect::new(move |_| {
        let at = active.get();
        if open.get()
            && let Some(line) = document().get_element_by_id(&option_id(at))
        {
            line.scroll_into_view_with_bool(false);
        }
    });

    let value = move || {
        if open.get() {
            typed.get()
        } else {
            chosen.read().name.clone()
        }
    };
    let beside = move || {
        let note = note.and_then(|note| note.get());
        note.unwrap_or_else(|| chosen.read().detail.clone())
    };
    let line = move |(index, choice): (usize, Choice)| {
        let name = choice.name.clone();
        let detail = choice.detail.clone();
        let environment = matches!(choice.place, Place::Environment(_));
        let chosen_now = choice.place == place.get_untracked();
        view! {
            <li
                id=option_id(index)
                role="option"
                class:on=move || active.get() == index
                aria-selected=chosen_now.to_string()
                // Before the input loses its focus.
                on:mousedown=move |event| {
                    event.prevent_default();
                    take(&choice);
                }
                on:mousemove=move |_| {
                    if active.get_untracked() != index {
                        active.set(index);
                    }
                }
            >
                <span class="dr-pick-mark" class:environment=environment></span>
                <span class="mono">{name}</span>
                <span class="dr-detail">{detail}</span>
            </li>
        }
    };
    view! {
        <label for=id>{label}</label>
        <div class="dr-picker" class:open=move || open.get()>
            <span
                class="dr-pick-mark"
                class:environment=move || matches!(chosen.read().place, Place::Environment(_))
            ></span>
            <input
                node_ref=input
                id=id
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-controls=list_id.clone()
                aria-expanded=move || open.get().to_string()
                aria-activedescendant=move || {
                    (open.get() && !found.read().is_empty()).then(|| option_id(active.get()))
                }
                placeholder=move || chosen.read().name.clone()
                prop:value=value
                on:focus=move |_| show()
                on:click=move |_| {
                    if !open.get_untracked() {
                        show();
                    }
                }
                on:blur=move |_| shut()
                on:input=move |event| {
                    open.set(true);
                    active.set(0);
                    typed.set(event_target_value(&event));
                }
                on:keydown=keydown
            />
            <span class="dr-detail" aria-hidden="true">
                {move || (!open.get()).then(beside)}
            </span>
            <ul id=list_id role="listbox" aria-label=label hidden=move || !open.get()>
                {move || found.get().into_iter().enumerate().map(line).collect_view()}
                <Show when=move || open.get() && found.read().is_empty()>
                    <li class="dr-none">"No revision has these words. Enter takes them as a label or the beginning of an id."</li>
                </Show>
            </ul>
        </div>
    }
}
