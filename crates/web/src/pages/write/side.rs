//! The panel beside the editor: the header's values, the file's name, and how the statements run.

use super::desk::{self, Desk};
use super::drafting::Drafting;
use super::no_way_back::NoWayBack;
use super::parents::Parents;
use super::statements::Statements;
use leptos::prelude::*;

/// `locked`: the revision is applied somewhere, and shown only.
#[component]
pub fn Side(desk: Desk, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let readable = Memo::new(move |_| desk.sheet.with(|sheet| sheet.script.is_some()));
    let input = NodeRef::<leptos::html::Input>::new();
    input.on_load(move |input| {
        // A new revision begins with what it does.
        if untrack(|| desk.is_new() && desk.kept_at.get().is_none() && desk.said_by_itself()) {
            // Fails only for elements that are gone.
            let _ = input.focus();
        }
    });
    let message = move || {
        desk.sheet.with(|sheet| {
            sheet
                .revision()
                .map(|revision| revision.message.clone())
                .unwrap_or_default()
        })
    };
    let author = move || {
        desk.sheet
            .with(|sheet| {
                sheet
                    .revision()
                    .and_then(|revision| revision.author.clone())
            })
            .unwrap_or_default()
    };
    let date = move || {
        desk.sheet.with(|sheet| {
            sheet
                .revision()
                .and_then(|revision| revision.create_date.clone())
        })
    };
    let id = Memo::new(move |_| desk.revision_id().map(|id| id.to_string()));
    view! {
        <aside class="wr-side" aria-label="Revision">
            {move || {
                (!readable.get())
                    .then(|| {
                        view! {
                            <p class="wr-note danger" role="status">
                                "The file cannot be read as a revision; the list below the editor says why."
                            </p>
                        }
                    })
            }}
            <div class="wr-field">
                <label for="wr-message">"Message"</label>
                <input
                    id="wr-message"
                    node_ref=input
                    type="text"
                    autocomplete="off"
                    placeholder="What it does, in a few words"
                    disabled=move || locked.get() || !readable.get()
                    prop:value=message
                    on:input=move |event| {
                        let message = event_target_value(&event);
                        desk.change_header(|revision| revision.message = message);
                    }
                />
            </div>
            <Parents desk locked />
            <FileName desk locked />
            <div class="wr-field">
                <label for="wr-author">"Author"<span class="wr-optional">"optional"</span></label>
                <input
                    id="wr-author"
                    type="text"
                    autocomplete="name"
                    disabled=move || locked.get() || !readable.get()
                    prop:value=author
                    on:change=move |event| {
                        let name = event_target_value(&event).trim().to_owned();
                        desk.shop.remember_author(&name);
                        desk.change_header(|revision| revision.author = Some(name).filter(|name| !name.is_empty()));
                    }
                />
            </div>
            <dl class="wr-facts">
                <dt>"Id"</dt>
                <dd>
                    <code>{move || id.get().unwrap_or_else(|| "none yet".into())}</code>
                </dd>
                {move || date().map(|date| view! { <dt>"Created"</dt><dd>{date}</dd> })}
            </dl>
            <NoWayBack desk />
            <Drafting desk locked />
            <Statements desk />
        </aside>
    }
}

/// The file's name, and the one that the project's template would give it.
#[component]
fn FileName(desk: Desk, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let path = Memo::new(move |_| desk.sheet.with(|sheet| sheet.path.clone()));
    let name = move || path.with(|path| path.rsplit('/').next().unwrap_or(path).to_owned());
    let old_message = Memo::new(move |_| {
        let base = desk.base.get()?;
        desk.shop
            .sheet(&base.path, &base.text)
            .revision()
            .map(|revision| revision.message.clone())
    });
    // A saved file keeps whatever name it has, as long as its message stays.
    let usual = Memo::new(move |_| {
        desk.sheet.with(|sheet| {
            let revision = sheet
                .revision()
                .filter(|revision| old_message.get().as_ref() != Some(&revision.message))?;
            desk.usual_path(revision)
                .filter(|usual| *usual != sheet.path)
        })
    });
    let wrong = RwSignal::new(None::<String>);
    let set = move |name: String| match desk.path_named(&name) {
        Ok(path) => {
            wrong.set(None);
            desk.rename(path);
        }
        Err(words) => wrong.set(Some(words)),
    };
    view! {
        <div class="wr-field">
            <label for="wr-file">"File"</label>
            <textarea
                id="wr-file"
                class="mono wr-file"
                rows="2"
                autocomplete="off"
                spellcheck="false"
                disabled=move || locked.get()
                prop:value=name
                title=move || path.get()
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                aria-describedby="wr-file-wrong"
                on:change=move |event| set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        set(event_target_value(&event));
                    }
                }
            ></textarea>
            <p class="wr-error" id="wr-file-wrong">
                {move || wrong.get()}
            </p>
            {move || {
                usual
                    .get()
                    .filter(|_| !locked.get())
                    .map(|usual| {
                        let words = desk::name_of(&usual).to_owned();
                        view! {
                            <p class="wr-hint">
                                "The project would name it "<code>{words}</code>
                                <button
                                    type="button"
                                    class="btn sm"
                                    on:click=move |_| {
                                        wrong.set(None);
                                        desk.rename(usual.clone());
                                    }
                                >
                                    "Rename the file"
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
