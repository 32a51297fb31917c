//! The open project's name, and the menu with which another one is opened.

use super::Over;
use crate::js::files::lends_folders;
use crate::state::{Origin, state};
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    view! {
        <div class="proj-menu">
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
