//! What is saved in this browser and nowhere else, and the ways to take it out.

use super::context::Shop;
use crate::save::download_zip;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn OnlyHere(shop: Shop) -> impl IntoView {
    let files = Memo::new(move |_| shop.only_here());
    let zip = move |_| {
        let files = files.get_untracked();
        spawn_local(async move {
            if let Err(error) =
                download_zip(&format!("{}-changed", shop.project_name()), files).await
            {
                shop.say(format!("The archive cannot be made: {error}."), None);
            }
        });
    };
    move || {
        files.with(|files| {
            let words = match files.len() {
                0 => return None,
                1 => "1 file is saved only in this browser. Download it to put it into your repository.".to_owned(),
                n => format!(
                    "{n} files are saved only in this browser. Download them to put them into your repository."
                ),
            };
            let paths = files.iter().map(|(path, _)| view! { <li><code>{path.clone()}</code></li> }).collect_view();
            Some(view! {
                <section class="wr-only-here" aria-label="Saved only in this browser">
                    <p>{words}</p>
                    <ul>{paths}</ul>
                    <div class="wr-actions">
                        <button type="button" class="btn" on:click=zip>
                            "Download what changed"
                        </button>
                        <button type="button" class="btn" on:click=move |_| shop.download_project()>
                            "Download the whole project"
                        </button>
                    </div>
                </section>
            })
        })
    }
}
