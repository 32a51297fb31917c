//! The open project's name, and the menu with which another one is opened.

use super::{Over, focus_step};
use crate::js::files::lends_folders;
use crate::state::{Origin, state};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{Element, Node};
use wasm_bindgen::JsCast;

#[component]
pub fn ProjectMenu(over: RwSignal<Over>) -> impl IntoView {
    let state = state();
    let name = move || {
        state.workspace.with(|workspace| {
            workspace
                .as_ref()
                .map_or_else(String::new, |workspace| workspace.name())
        })
    };
    let origin = move || {
        state.workspace.with(|workspace| {
            workspace
                .as_ref()
                .map_or("", |workspace| match workspace.origin {
                    Origin::Example => "built-in example",
                    Origin::Folder { .. } => "folder on this machine",
                    Origin::Files { .. } => "copy of your files",
                    Origin::Server { .. } => "from the server",
                })
        })
    };
    let open = move || over.get() == Over::Project;
    let close = move || over.set(Over::Nothing);
    let refresh = move |_| {
        close();
        spawn_local(async move {
            state.ask_session().await;
            if state.is_signed_in() {
                state.reopen_server_project().await;
            } else {
                state.say("Sign in to open the server's project.");
            }
        });
    };
    let is_one_of_several = move || {
        state.workspace.with(|it| {
            let origin = it.as_ref().map(|it| &it.origin);
            matches!(
                origin,
                Some(Origin::Folder {
                    candidate: Some(_),
                    ..
                })
            )
        })
    };
    let changed_example = move || {
        state.workspace.with(|it| {
            it.as_ref()
                .is_some_and(|it| it.origin == Origin::Example && !it.only_here.is_empty())
        })
    };
    let earlier = move || {
        let now = state
            .workspace
            .with(|it| it.as_ref().map_or_else(String::new, |it| it.key()));
        let mut kept = state.kept.get();
        kept.retain(|kept| kept.key != now && kept.key != Origin::Example.key());
        kept
    };
    let place = NodeRef::<Div>::new();
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|it| it.dyn_into::<Node>().ok());
        let inside = place
            .get_untracked()
            .is_some_and(|place| place.contains(target.as_ref()));
        if !inside && over.get_untracked() == Over::Project {
            close();
        }
    });
    on_cleanup(move || outside.remove());
    view! {
        <div class="proj-menu" node_ref=place on:keydown=move_focus>
            <button
                type="button"
                class="proj"
                aria-haspopup="menu"
                aria-expanded=move || open().to_string()
                on:click=move |_| over.set(if open() { Over::Nothing } else { Over::Project })
            >
                <b>{name}</b>
                <span>{origin}</span>
            </button>
            <Show when=open>
                <div class="menu" role="menu" aria-label="Open a project">
                    <Show when=move || state.session.read().is_some()>
                        <button type="button" role="menuitem" on:click=refresh>
                            "The server's project"
                        </button>
                    </Show>
                    <Show when=lends_folders>
                        <button
                            type="button"
                            role="menuitem"
                            on:click=move |_| {
                                close();
                                state.pick_folder();
                            }
                        >
                            "Open a folder, and save into it"
                            <span>"Cofferdam's or Alembic's"</span>
                        </button>
                    </Show>
                    <Show when=is_one_of_several>
                        <button
                            type="button"
                            role="menuitem"
                            on:click=move |_| {
                                close();
                                state.pick_another();
                            }
                        >
                            "Another Alembic project of this folder"
                        </button>
                    </Show>
                    <button
                        type="button"
                        role="menuitem"
                        on:click=move |_| {
                            close();
                            state.pick_files(true);
                        }
                    >
                        "Open a copy of a folder"
                        <span>"Cofferdam's or Alembic's"</span>
                    </button>
                    <button
                        type="button"
                        role="menuitem"
                        on:click=move |_| {
                            close();
                            state.pick_files(false);
                        }
                    >
                        "Open revision files"
                    </button>
                    <button
                        type="button"
                        role="menuitem"
                        on:click=move |_| {
                            close();
                            spawn_local(async move { state.open_example().await });
                        }
                    >
                        "The built-in example"
                    </button>
                    <button
                        type="button"
                        role="menuitem"
                        on:click=move |_| {
                            close();
                            state.open_alembic_example();
                        }
                    >
                        "A built-in Alembic project"
                    </button>
                    <Show when=changed_example>
                        <button
                            type="button"
                            role="menuitem"
                            on:click=move |_| {
                                close();
                                state.reset_example();
                            }
                        >
                            "The example as it was at first"
                        </button>
                    </Show>
                    <For each=earlier key=Clone::clone let(kept)>
                        {
                            let key = kept.key.clone();
                            view! {
                                <button
                                    type="button"
                                    role="menuitem"
                                    on:click=move |_| {
                                        close();
                                        state.open_kept(key.clone());
                                    }
                                >
                                    {kept.name}
                                    ", as it was last open"
                                </button>
                            }
                        }
                    </For>
                    <button
                        type="button"
                        role="menuitem"
                        on:click=move |_| {
                            close();
                            state.download_project();
                        }
                    >
                        "Download this project as a zip"
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// The arrows go through the menu.
fn move_focus(event: leptos::ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let document = gloo::utils::document();
    let menu = document.query_selector(".proj-menu .menu").ok().flatten();
    let first = menu.and_then(|menu| menu.first_element_child());
    let items: Vec<Element> = std::iter::successors(first, Element::next_element_sibling).collect();
    event.prevent_default();
    focus_step(&items, step);
}
