//! What stands around every room: the rail, the bar, the palette, messages, and the keyboard.

mod bar;
mod help;
mod icon;
mod keys;
mod palette;
mod project;
mod toasts;
mod which;

pub use icon::Icon;
pub use keys::in_field;

use crate::state::state;
use bar::Bar;
use help::Help;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::{use_location, use_navigate};
use palette::Palette;
use toasts::Toasts;
use wasm_bindgen::JsCast;
use which::WhichProject;

/// What is open over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    #[default]
    Nothing,
    Palette,
    Help,
    Project,
    /// The question which of a folder's projects is meant.
    Which,
}

#[component]
pub fn Shell() -> impl IntoView {
    let over = RwSignal::new(Over::Nothing);
    keys::listen(over);
    give_focus_back(over);
    follow_question(over);
    leave_with_project();
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
        <Show when=move || over.get() == Over::Which>
            <WhichProject />
        </Show>
        <Toasts />
    }
}

/// What was shown of a project is left when another one is opened.
fn leave_with_project() {
    let state = state();
    let navigate = use_navigate();
    let location = use_location();
    let project = Memo::new(move |_| state.workspace.with(|it| it.as_ref().map(|it| it.key())));
    Effect::new(move |before: Option<Option<String>>| {
        let now = project.get();
        let before = before.flatten();
        let of_project = location.pathname.with_untracked(|path| {
            ["/history/", "/write", "/dry-run", "/changes/"]
                .iter()
                .any(|room| path.starts_with(room))
        });
        if before.is_some() && before != now && of_project {
            navigate("/history", Default::default());
        }
        now
    });
}

/// The question which project is meant lies over the page as long as it stands; to close it is to answer with none.
fn follow_question(over: RwSignal<Over>) {
    let state = state();
    Effect::new(move |_| {
        let asks = state.which.with(Option::is_some);
        let is_open = over.get_untracked() == Over::Which;
        match (asks, is_open) {
            (true, false) => over.set(Over::Which),
            (false, true) => over.set(Over::Nothing),
            _ => {}
        }
    });
    Effect::new(move |_| {
        if over.get() != Over::Which && state.which.with_untracked(Option::is_some) {
            state.choose(None);
        }
    });
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
        let is_dialog = |over| matches!(over, Over::Palette | Over::Help | Over::Which);
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

/// Moves the focus among `items`, in a circle.
fn focus_step(items: &[Element], step: isize) {
    let active = gloo::utils::document().active_element();
    let now = active.and_then(|active| items.iter().position(|item| *item == active));
    let count = items.len();
    let next = match (now, step) {
        (Some(at), 1) => (at + 1) % count,
        (Some(0) | None, -1) => count.saturating_sub(1),
        (Some(at), _) => at - 1,
        (None, _) => 0,
    };
    if let Some(item) = items.get(next) {
        focus(item);
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
            <A href="/changes">
                <Icon name="changes" />
                "Changes"
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
