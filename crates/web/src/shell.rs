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
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::components::{A, Outlet};
use palette::Palette;
use toasts::Toasts;
use wasm_bindgen::JsCast;

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
    give_focus_back(over);
    view! {
        <button type="button" class="skip" on:click=|_| focus_room()>
            "Skip to the page"
        </button>
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

/// Not a link: with the page's `<base>`, a link to a place in this page would lead to the first one.
fn focus_room() {
    if let Some(room) = gloo::utils::document().get_element_by_id("room") {
        focus(&room);
    }
}

/// What had the focus before a dialog opened has it again afterwards.
fn give_focus_back(over: RwSignal<Over>) {
    let before = StoredValue::new_local(None::<Element>);
    Effect::new(move |was: Option<Over>| {
        let now = over.get();
        let is_dialog = |over| matches!(over, Over::Palette | Over::Help);
        match (was.is_some_and(is_dialog), is_dialog(now)) {
            (false, true) => before.set_value(gloo::utils::document().active_element()),
            (true, false) => {
                if let Some(element) = before.try_update_value(Option::take).flatten() {
                    focus(&element);
                }
            }
            _ => {}
        }
        now
    });
}

/// Tab stays in a dialog: each has one place for the focus.
fn stay(event: leptos::ev::KeyboardEvent) {
    if event.key() == "Tab" {
        event.prevent_default();
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // An element that has gone meanwhile has no focus to take.
        let _ = element.focus();
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
    let reload = |_| {
        // Refused only by a page that is going away already.
        let _ = gloo::utils::window().location().reload();
    };
    view! {
        <Show when=move || state.outdated.get() && state.update.read().is_none()>
            <p class="update" role="status">
                "The server is another version of Cofferdam than this page."
                <button type="button" class="btn sm" on:click=reload>
                    "Reload"
                </button>
            </p>
        </Show>
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
