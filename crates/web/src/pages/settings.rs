//! `/settings`: look, this build, working offline, users.

mod about;
mod account;
mod look;
mod users;

use leptos::prelude::*;

#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <section class="sheet settings-page">
            <header class="page-head">
                <h1>"Settings"</h1>
            </header>
            <look::Look />
            <account::Account />
            <users::Users />
            <about::About />
        </section>
    }
}
