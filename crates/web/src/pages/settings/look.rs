//! Light, dark, or as the system says.

use crate::state::look::Look as Scheme;
use crate::state::state;
use leptos::prelude::*;

const ALL: [(Scheme, &str); 3] = [
    (Scheme::System, "As the system"),
    (Scheme::Light, "Light"),
    (Scheme::Dark, "Dark"),
];

#[component]
pub fn Look() -> impl IntoView {
    let look = state().look;
    view! {
        <section class="card">
            <h2>"Look"</h2>
            <div class="pad">
                <div class="segmented" role="radiogroup" aria-label="Colours">
                    {ALL
                        .map(|(scheme, words)| {
                            view! {
                                <label>
                                    <input
                                        class="visually-hidden"
                                        type="radio"
                                        name="look"
                                        prop:checked=move || look.get() == scheme
                                        on:change=move |_| look.set(scheme)
                                    />
                                    {words}
                                </label>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
        </section>
    }
}
