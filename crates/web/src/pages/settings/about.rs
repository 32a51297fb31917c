//! This build, and whether it works without a network.

use crate::state::state;
use leptos::prelude::*;

#[component]
pub fn About() -> impl IntoView {
    let state = state();
    let offline = move || match state.offline_ready.get() {
        Some(Ok(())) => view! {
            <span class="ok">"Ready: it starts and works with the network cut."</span>
        }
        .into_any(),
        Some(Err(why)) => view! { <span class="wa">"Not ready: "{why}</span> }.into_any(),
        None => view! { "Its files are being put aside." }.into_any(),
    };
    let kept = move || {
        if state.keeps.get() {
            view! { "Drafts and the last project are kept in this browser." }.into_any()
        } else {
            view! {
                <span class="wa">
                    "This browser keeps nothing here (a private window, or no space): drafts last as long as this tab."
                </span>
            }
            .into_any()
        }
    };
    let server = move || match (state.gone.get(), state.session.get()) {
        (true, _) => view! { "No server answers." }.into_any(),
        (false, Some(session)) if session.build.is_empty() => {
            view! { "It answers, and has no pages built into it." }.into_any()
        }
        (false, Some(session)) => view! { "Build " <code>{session.build}</code> }.into_any(),
        (false, None) => view! { "Asking…" }.into_any(),
    };
    view! {
        <section class="card">
            <h2>"About"</h2>
            <dl class="facts">
                <dt>"Pages"</dt>
                <dd>"Cofferdam "{env!("CARGO_PKG_VERSION")}</dd>
                <dt>"Server"</dt>
                <dd>{server}</dd>
                <dt>"Offline"</dt>
                <dd>{offline}</dd>
                <dt>"Kept here"</dt>
                <dd>{kept}</dd>
            </dl>
        </section>
    }
}
