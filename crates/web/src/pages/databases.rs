//! `/databases`: where each environment stands, and what can be done about it.

mod card;
mod schema;

use super::remote::{Missing, Shape};
use crate::state::state;
use card::Card;
use leptos::prelude::*;
use leptos::task::spawn_local;
pub use schema::DatabaseSchema;

#[component]
pub fn Databases() -> impl IntoView {
    let state = state();
    let all = state.environments;
    // The state's list is asked for when somebody comes back to the tab; here also on opening.
    let looked = RwSignal::new(false);
    let slug = Memo::new(move |_| state.slug());
    Effect::new(move |_| {
        if slug.with(Option::is_some) {
            spawn_local(async move {
                state.reconnect().await;
                looked.try_set(true);
            });
        }
    });
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>"Databases"</h1>
                    <p class="sub">"Which revisions each one has, and what stands between it and the head."</p>
                </div>
            </header>
            {move || {
                (state.gone.get() && !all.read().is_empty())
                    .then(|| {
                        view! {
                            <p class="band caution" role="status">
                                "Shown as it was loaded before; the server cannot be reached."
                            </p>
                        }
                    })
            }}
            {move || {
                let all = all.get();
                if !all.is_empty() {
                    return view! {
                        <div class="databases">
                            {all.into_iter().map(|state| view! { <Card state /> }).collect_view()}
                        </div>
                    }
                    .into_any();
                }
                if let Some(missing) = Missing::of(state) {
                    missing.view("Databases", None)
                } else if !looked.get() {
                    view! { <Shape /> }.into_any()
                } else {
                    view! {
                        <div class="empty">
                            <h2>"No environments"</h2>
                            <p>"An environment is a named database. Add one to "<code>"cofferdam.toml"</code>":"</p>
                            <pre class="sql">
                                "[environments.staging]\nurl_env = \"STAGING_DATABASE_URL\"\n"
                            </pre>
                        </div>
                    }
                    .into_any()
                }
            }}
        </section>
    }
}
