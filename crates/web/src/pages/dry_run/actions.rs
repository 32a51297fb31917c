//! The buttons: prove, upgrade, downgrade, cancel, SQL.

use crate::dry_run::bench;
use crate::dry_run::order::Mode;
use leptos::prelude::*;

/// Starts runs in one of three ways; while one is under way, offers to cancel it.
#[component]
pub fn Actions(
    /// Why nothing can be run, in words.
    obstacle: Signal<Option<String>>,
    /// Why the range cannot be taken back.
    one_way: Signal<Option<String>>,
    /// The mode that the address names.
    mode: Signal<Mode>,
    #[prop(into)] start: Callback<Mode>,
    sql: Signal<bool>,
    #[prop(into)] show_sql: Callback<bool>,
) -> impl IntoView {
    let running = bench::running();
    let idle = {
        let running = running.clone();
        Signal::derive(move || !running.get())
    };
    let button = move |of: Mode, words: &'static str| {
        let main = Signal::derive(move || mode.get() == of);
        let off = move || {
            obstacle.with(Option::is_some) || (of != Mode::Upgrade && one_way.with(Option::is_some))
        };
        view! {
            <button
                type="button"
                class=move || if main.get() { "btn pri" } else { "btn" }
                disabled=off
                on:click=move |_| start.run(of)
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="dr-actions">
            <Show
                when=move || idle.get()
                fallback=|| {
                    view! {
                        <button type="button" class="btn" on:click=|_| bench::cancel()>
                            "Cancel the run" <kbd>"Esc"</kbd>
                        </button>
                    }
                }
            >
                {button(Mode::Prove, "Prove up, down, up")} {button(Mode::Upgrade, "Upgrade")}
                {button(Mode::Downgrade, "Downgrade")}
            </Show>
            <button
                type="button"
                class="btn dr-sql-button"
                aria-pressed=move || sql.get().to_string()
                disabled=move || obstacle.with(Option::is_some)
                on:click=move |_| show_sql.run(!sql.get_untracked())
            >
                "SQL"
            </button>
        </div>
        {move || {
            let words = obstacle.get().or_else(|| one_way.get().map(|why| format!("Upgrade only: {why}")));
            words.map(|words| {
                // An error of the engine may be whole sentences, and end in its rule.
                let end = if words.ends_with(['.', ']']) { "" } else { "." };
                view! { <p class="dr-obstacle">{words} {end}</p> }
            })
        }}
    }
}
