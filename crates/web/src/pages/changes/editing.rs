//! Other SQL for a part of a change, before it is written as a revision.

use super::drawing::Revision;
use cofferdam_engine::change::{Edit, Part};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

/// What a person wrote otherwise, on the page and not yet in a file.
#[derive(Clone, Copy)]
pub struct Edits(pub RwSignal<Vec<Edit>>);

impl Edits {
    pub fn new(edits: Vec<Edit>) -> Self {
        Edits(RwSignal::new(edits))
    }

    fn put(self, edit: Edit) {
        self.0.update(|edits| {
            edits.retain(|one| (one.phase, &one.message) != (edit.phase, &edit.message));
            edits.push(edit);
        });
    }

    fn take_back(self, part: &Part) {
        self.0.update(|edits| edits.retain(|one| !one.is_for(part)));
    }
}

/// The buttons below a part's SQL, and the form that they open.
#[component]
pub fn EditPart(revision: Revision, edits: Edits) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let is_edited = revision.is_edited();
    let revision = StoredValue::new(revision);
    let take_back = move |_| revision.with_value(|revision| edits.take_back(&revision.made));
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || {
                view! {
                    <button type="button" class="btn sm plain" on:click=move |_| is_open.set(true)>
                        "Edit the SQL"
                    </button>
                    <Show when=move || is_edited>
                        <button type="button" class="btn sm plain" on:click=take_back>
                            "Take the edit back"
                        </button>
                    </Show>
                }
            }
        >
            <EditForm revision=revision.get_value() edits is_open />
        </Show>
    }
}

#[component]
fn EditForm(revision: Revision, edits: Edits, is_open: RwSignal<bool>) -> impl IntoView {
    let Revision { part, made, .. } = revision;
    let upgrade = RwSignal::new(part.upgrade);
    let downgrade = RwSignal::new(part.downgrade);
    let refused = RwSignal::new(None::<String>);
    let made = StoredValue::new(made);
    let apply = move || {
        let edit = made.with_value(|made| {
            let is_same = upgrade.with_untracked(|text| text.trim() == made.upgrade.trim())
                && downgrade.with_untracked(|text| text.trim() == made.downgrade.trim());
            match is_same {
                true => Ok(None),
                false => {
                    Edit::new(made, upgrade.get_untracked(), downgrade.get_untracked()).map(Some)
                }
            }
        });
        match edit {
            Ok(Some(edit)) => edits.put(edit),
            Ok(None) => {
                is_open.set(false);
                made.with_value(|made| edits.take_back(made));
            }
            Err(error) => refused.set(Some(format!("{error}."))),
        }
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            apply();
        }
        "Escape" => is_open.set(false),
        _ => {}
    };
    let area = move |label: &'static str, text: RwSignal<String>| {
        let rows = text.with_untracked(|text| text.lines().count().clamp(4, 24));
        view! {
            <label>
                {label}
                <textarea
                    class="mono"
                    rows=rows
                    spellcheck="false"
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                    on:keydown=keys
                ></textarea>
            </label>
        }
    };
    let shown = NodeRef::<Div>::new();
    Effect::new(move |_| {
        // The timeline stands below each other while something is edited.
        if let Some(form) = shown.get() {
            form.scroll_into_view();
        }
    });
    view! {
        <div class="ch-edit" node_ref=shown>
            {area("Upgrade", upgrade)}
            {area("Its way back", downgrade)}
            {move || refused.get().map(|words| view! { <p class="band danger" role="alert">{words}</p> })}
            <p class="ch-actions">
                <button type="button" class="btn sm pri" on:click=move |_| apply()>
                    "Use this SQL"
                </button>
                <button type="button" class="btn sm" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
            </p>
        </div>
    }
}
