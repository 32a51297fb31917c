//! Deleting a revision, as long as nothing stands on it and no database has it.

use super::desk::Desk;
use super::saving::Saving;
use leptos::prelude::*;

#[component]
pub fn Leaving(desk: Desk, saving: Saving, applied: Memo<Vec<String>>) -> impl IntoView {
    let asked = RwSignal::new(false);
    let path = Memo::new(move |_| {
        desk.base
            .with(|base| base.as_ref().map(|base| base.path.clone()))
    });
    let refused = Memo::new(move |_| {
        let applied = applied.get();
        if !applied.is_empty() {
            return Some(format!(
                "It is applied on {}, so its file stays.",
                applied.join(", ")
            ));
        }
        let above: Vec<String> = desk
            .children()
            .iter()
            .map(|id| id.short().to_owned())
            .collect();
        (!above.is_empty()).then(|| {
            format!(
                "{} comes after it: delete or move that first.",
                above.join(", ")
            )
        })
    });
    move || {
        let path = path.get()?;
        Some(view! {
            <section class="wr-leaving" aria-label="Delete">
                {move || match (refused.get(), asked.get()) {
                    (Some(words), _) => view! { <p class="wr-hint">{words}</p> }.into_any(),
                    (None, false) => {
                        view! {
                            <button type="button" class="btn sm warn" on:click=move |_| asked.set(true)>
                                "Delete revision"
                            </button>
                        }
                            .into_any()
                    }
                    (None, true) => {
                        let path = path.clone();
                        view! {
                            <div class="wr-note danger" role="alert">
                                <p>"Delete "<code>{path}</code>"? No known database has it applied."</p>
                                <button type="button" class="btn sm warn" on:click=move |_| saving.delete()>
                                    "Delete the file"
                                </button>
                                <button type="button" class="btn sm" on:click=move |_| asked.set(false)>
                                    "Keep it"
                                </button>
                            </div>
                        }
                            .into_any()
                    }
                }}
            </section>
        })
    }
}
