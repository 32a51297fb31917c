//! The bar: project, environments, search, network, person.

use super::project::ProjectMenu;
use super::{Icon, Over};
use crate::state::state;
use cofferdam_engine::api::EnvironmentState;
use cofferdam_engine::history::History;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[component]
pub fn Bar(over: RwSignal<Over>) -> impl IntoView {
    view! {
        <header class="bar">
            <ProjectMenu over />
            <Environments />
            <button
                type="button"
                class="search"
                aria-keyshortcuts="Control+K"
                on:click=move |_| over.set(Over::Palette)
            >
                <span>"Find a revision or run a command"</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <Network />
            <Person />
        </header>
    }
}

/// A chip an environment: how far it is.
#[component]
fn Environments() -> impl IntoView {
    let state = state();
    let chips = Memo::new(move |_| {
        let workspace = state.workspace.get();
        let history = workspace
            .as_ref()
            .and_then(|workspace| workspace.history.as_deref().ok());
        state.environments.with(|all| {
            all.iter()
                .enumerate()
                .map(|(index, one)| (index, one.name.clone(), standing(one, history)))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="envs" role="list" aria-label="Environments">
            <For each=move || chips.get() key=|chip| chip.clone() let((index, name, words))>
                <a class="env" role="listitem" href="/databases">
                    <span class=format!("mark f e{}", index % 6) aria-hidden="true"></span>
                    {name}
                    " "
                    <b>{words}</b>
                </a>
            </For>
        </div>
    }
}

/// How far an environment is, in two words.
fn standing(environment: &EnvironmentState, history: Option<&History>) -> String {
    if environment.error.is_some() {
        return "unreachable".into();
    }
    if environment.half_applied.is_some() {
        return "half applied".into();
    }
    let Some(history) = history else {
        return "not compared".into();
    };
    let applied: BTreeSet<&str> = environment.applied.iter().map(String::as_str).collect();
    let there = history
        .scripts()
        .filter(|script| applied.contains(script.revision.id.as_str()))
        .count();
    match (applied.len() - there, history.len() - there) {
        (0, 0) => "at head".into(),
        (0, behind) => format!("{behind} behind"),
        (unknown, _) => format!("{unknown} without a file"),
    }
}

/// What the app can reach.
#[component]
fn Network() -> impl IntoView {
    let state = state();
    let words = move || match (
        state.online.get(),
        state.gone.get(),
        state.session.read().is_some(),
    ) {
        (false, ..) => "Offline, everything but apply works",
        (true, false, true) => "Connected",
        _ => "No server, everything but apply works",
    };
    let off = move || state.gone.get() || !state.online.get();
    view! {
        <span class="net" class:off=off role="status" title=words>
            <i aria-hidden="true"></i>
            <span>{words}</span>
        </span>
    }
}

#[component]
fn Person() -> impl IntoView {
    let state = state();
    let user = move || {
        state
            .session
            .with(|session| session.as_ref().and_then(|session| session.user.clone()))
    };
    move || match user() {
        Some(user) => {
            let words = format!("Signed in as {}, {}", user.name, user.role.as_str());
            view! {
                <a class="ava" href="/settings" title=words.clone() aria-label=words>
                    {user.name.chars().take(2).collect::<String>()}
                </a>
            }
            .into_any()
        }
        None if state.session.read().is_some() && !state.gone.get() => view! {
            <a class="btn sm" href="/sign-in">
                "Sign in"
            </a>
        }
        .into_any(),
        None => view! {
            <a class="ava" href="/settings" aria-label="Settings">
                <Icon name="person" />
            </a>
        }
        .into_any(),
    }
}
