//! What stands around every room: the rail, the bar, the palette, messages, and the keyboard.

mod bar;
mod help;
mod icon;
mod keys;
mod palette;
mod project;
mod toasts;

pub use icon::Icon;
pub use keys::in_field;

use crate::state::state;
use bar::Bar;
use help::Help;
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use palette::Palette;
use toasts::Toasts;

/// What is open over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    #[default]
    Nothing,
    Palette,
    Help,
    Project,
}

#[component]
pub fn Shell() -> impl IntoView {
    let over = RwSignal::new(Over::Nothing);
    keys::listen(over);
    view! {
        <a class="skip" href="#room">
            "Skip to the page"
        </a>
        <div class="app">
            <Rail />
            <Bar over />
            <main id="room" tabindex="-1">
                <Update />
                <Outlet />
            </main>
        </div>
        <Show when=move || over.get() == Over::Palette>
            <Palette over />
        </Show>
        <Show when=move || over.get() == Over::Help>
            <Help over />
        </Show>
        <Toasts />
    }
}

/// The rooms.
#[component]
fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label="Rooms">
            <A href="/history" attr:class="logo-link" attr:aria-label="Cofferdam, to the history">
                <Icon name="logo" />
            </A>
            <A href="/history">
                <Icon name="history" />
                "History"
            </A>
            <A href="/dry-run">
                <Icon name="dry-run" />
                "Dry run"
            </A>
            <A href="/plans">
                <Icon name="plans" />
                "Plans"
            </A>
            <A href="/runs">
                <Icon name="runs" />
                "Runs"
            </A>
            <A href="/databases">
                <Icon name="databases" />
                "Databases"
            </A>
            <span class="sp"></span>
            <A href="/settings">
                <Icon name="settings" />
                "Settings"
            </A>
        </nav>
    }
}

/// A new version waits until the person says so, never in the middle of a run.
#[component]
fn Update() -> impl IntoView {
    let state = state();
    let apply = move |_| {
        if let Some(update) = state.update.get_untracked() {
            update.apply();
        }
    };
    view! {
        <Show when=move || state.update.read().is_some()>
            <p class="update" role="status">
                "A new version of Cofferdam is ready."
                <button type="button" class="btn sm" on:click=apply>
                    "Reload"
                </button>
            </p>
        </Show>
    }
}
