//! Everything that was reported, a line each.

use super::progress::Progress;
use leptos::prelude::*;

#[component]
pub fn Log(progress: Progress) -> impl IntoView {
    view! {
        <section class="card run-log">
            <h2>"Log" <span class="n">{move || progress.log.read().len()}</span></h2>
            <div class="scroll" tabindex="0" role="group" aria-label="Log">
                <ol>
                    <For each=move || progress.log.get() key=|entry| entry.seq let:entry>
                        <li>
                            <time datetime=entry.at.clone() title=entry.at.clone()>
                                {clock(&entry.at)}
                            </time>
                            <span class=entry.tone>{entry.words}</span>
                        </li>
                    </For>
                </ol>
            </div>
            {move || {
                progress
                    .log
                    .read()
                    .is_empty()
                    .then(|| view! { <p class="none">"Nothing reported yet."</p> })
            }}
        </section>
    }
}

/// The time of day of an RFC 3339 time, here.
fn clock(at: &str) -> String {
    let date = js_sys::Date::new(&at.into());
    if date.get_time().is_nan() {
        return at.to_owned();
    }
    format!(
        "{:02}:{:02}:{:02}",
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}
