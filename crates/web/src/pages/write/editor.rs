//! The editor with the whole file.

use super::desk::Desk;
use crate::js::editor::{Editor, Language, Options};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn TextEditor(desk: Desk, locked: bool) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    let failed = RwSignal::new(None::<String>);
    place.on_load(move |parent| {
        let options = Options {
            doc: desk.text_now(),
            label: "Revision file".into(),
            language: desk.sheet.with_untracked(|sheet| Language::of(&sheet.path)),
            read_only: locked,
            ..Options::default()
        };
        spawn_local(async move {
            match Editor::mount(&parent, &options, move |text| desk.typed(text)).await {
                // The page may have gone meanwhile.
                Ok(editor) if parent.is_connected() => desk.mounted(editor),
                Ok(_) => {}
                Err(words) => {
                    failed.try_set(Some(words));
                }
            }
        });
    });
    on_cleanup(move || desk.unmounted());
    view! {
        <div class="wr-editor" node_ref=place></div>
        {move || {
            failed
                .get()
                .map(|words| {
                    view! {
                        <div class="wr-plain">
                            <p class="wr-note caution">"The editor could not be loaded ("{words}"). This one is plain."</p>
                            <textarea
                                class="mono"
                                aria-label="Revision file"
                                spellcheck="false"
                                readonly=locked
                                prop:value=move || desk.sheet.with(|sheet| sheet.text.clone())
                                on:input=move |event| desk.typed(event_target_value(&event))
                            ></textarea>
                        </div>
                    }
                })
        }}
    }
}
