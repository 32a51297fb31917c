//! Signing in: by name and password, by a one-time link, by an invitation.

mod password;

use super::remote::{Doing, Trouble};
use crate::http;
use crate::state::state;
use cofferdam_engine::api::{Credentials, LinkToken, NewPassword, Session};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
pub use password::ChosenPassword;
use password::SHORTEST;

/// `/sign-in`: the form; with `?token=`, a one-time link that signs in at once.
#[component]
pub fn SignIn() -> impl IntoView {
    let state = state();
    let token = token_in_address();
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let doing = Doing::new();
    let offer = RwSignal::new(false);
    let linked = RwSignal::new(token.get_untracked().is_some());
    let onward = onward();

    // Not before the app has opened its first project, which would come over the server's.
    let link = {
        let onward = onward.clone();
        move |token: String| {
            let onward = onward.clone();
            let body = LinkToken {
                token,
                password: None,
            };
            doing.run(
                async move { http::post::<_, Session>("/session/link", &body).await },
                move |session| {
                    let fresh = session.fresh;
                    state.signed(session);
                    if fresh {
                        offer.set(true);
                    } else {
                        onward();
                    }
                },
            );
        }
    };
    Effect::new(move |_| {
        if state.workspace.with(Option::is_some)
            && !doing.busy.get()
            && let Some(given) = token.get()
        {
            token.set(None);
            linked.set(true);
            link(given);
        }
    });
    // A link that does not work leaves the form.
    Effect::new(move |_| {
        if doing.trouble.with(Option::is_some) {
            linked.set(false);
        }
    });

    let submit = {
        let onward = onward.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let credentials = Credentials {
                name: name.get_untracked().trim().to_owned(),
                password: password.get_untracked(),
            };
            let onward = onward.clone();
            doing.run(
                async move { http::post::<_, Session>("/session", &credentials).await },
                move |session| {
                    state.signed(session);
                    onward();
                },
            );
        }
    };

    let onward = StoredValue::new_local(onward);
    let submit = StoredValue::new_local(submit);
    view! {
        <section class="sheet door">
            <Show
                when=move || offer.get()
                fallback=move || {
                    view! {
                        <form
                            class="card form"
                            on:submit=move |event| submit.with_value(|submit| submit(event))
                        >
                            <h1>"Sign in"</h1>
                            <Show when=move || linked.get()>
                                <p role="status">"Signing in by the link…"</p>
                            </Show>
                            <label>
                                "Name"
                                <input
                                    name="name"
                                    autocomplete="username"
                                    autocapitalize="none"
                                    spellcheck="false"
                                    required
                                    autofocus
                                    prop:value=name
                                    on:input=move |event| name.set(event_target_value(&event))
                                />
                            </label>
                            <label>
                                "Password"
                                <input
                                    name="password"
                                    type="password"
                                    autocomplete="current-password"
                                    required
                                    prop:value=password
                                    on:input=move |event| password.set(event_target_value(&event))
                                />
                            </label>
                            <Trouble doing />
                            <button class="btn pri" disabled=move || doing.busy.get()>
                                "Sign in"
                            </button>
                            <p class="hint">
                                "No account yet? An admin invites you in Settings, or with "
                                <code>"cofferdam user add NAME --role author"</code>
                                "; open the link you are given. On a new server, use the one-time link that "
                                <code>"cofferdam serve"</code> " prints when it starts."
                            </p>
                        </form>
                    }
                }
            >
                <OfferPassword done=move || onward.with_value(|onward| onward()) />
            </Show>
        </section>
    }
}

/// After the first sign-in by a link: a password, so that the next sign-in needs none.
#[component]
fn OfferPassword(done: impl Fn() + Copy + 'static) -> impl IntoView {
    let state = state();
    let chosen = RwSignal::new(None::<String>);
    let doing = Doing::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(password) = chosen.get_untracked() {
            let body = NewPassword {
                password,
                current: None,
            };
            doing.run(
                async move { http::put::<_, Session>("/session/password", &body).await },
                move |session| {
                    state.signed(session);
                    done();
                },
            );
        }
    };
    view! {
        <form class="card form" on:submit=submit>
            <h1>"You are signed in"</h1>
            <p>
                "Nobody has a password on this server yet. Choose one for "
                <b>{move || state.user().map(|user| user.name)}</b>
                ", or sign in next time by the link that " <code>"cofferdam serve"</code> " prints."
            </p>
            <UserNameField />
            <ChosenPassword chosen />
            <Trouble doing />
            <div class="buttons">
                <button class="btn pri" disabled=move || doing.busy.get() || chosen.read().is_none()>
                    "Set password"
                </button>
                <button type="button" class="btn" on:click=move |_| done()>
                    "Not now"
                </button>
            </div>
        </form>
    }
}

/// Tells password managers whose password it is.
#[component]
fn UserNameField() -> impl IntoView {
    let state = state();
    view! {
        <input
            class="visually-hidden"
            autocomplete="username"
            tabindex="-1"
            readonly
            aria-hidden="true"
            prop:value=move || state.user().map(|user| user.name).unwrap_or_default()
        />
    }
}

/// `/invite?token=`: choose a password, and be signed in.
#[component]
pub fn Invite() -> impl IntoView {
    let state = state();
    let token = token_in_address();
    let chosen = RwSignal::new(None::<String>);
    let doing = Doing::new();
    let onward = onward();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(token), Some(password)) = (token.get_untracked(), chosen.get_untracked()) else {
            return;
        };
        let body = LinkToken {
            token,
            password: Some(password),
        };
        let onward = onward.clone();
        doing.run(
            async move { http::post::<_, Session>("/invitations/accept", &body).await },
            move |session| {
                state.signed(session);
                onward();
            },
        );
    };
    let submit = StoredValue::new_local(submit);
    let whole = Memo::new(move |_| token.with(Option::is_some));
    view! {
        <section class="sheet door">
            <Show
                when=move || whole.get()
                fallback=|| {
                    view! {
                        <div class="card form">
                            <h1>"This link is not whole"</h1>
                            <p>
                                "Open the invitation's link as it was given to you; it ends in a token that works once."
                            </p>
                        </div>
                    }
                }
            >
                <form class="card form" on:submit=move |event| submit.with_value(|submit| submit(event))>
                    <h1>"Welcome to Cofferdam"</h1>
                    <p>
                        "Choose a password of at least "{SHORTEST}" characters. The invitation works once."
                    </p>
                    <ChosenPassword chosen />
                    <Trouble doing />
                    <button class="btn pri" disabled=move || doing.busy.get() || chosen.read().is_none()>
                        "Set password and sign in"
                    </button>
                </form>
            </Show>
        </section>
    }
}

/// The token of the address, also when a link is opened while the page stands (then only the fragment changes).
fn token_in_address() -> RwSignal<Option<String>> {
    let token = RwSignal::new(take_token());
    let changed = window_event_listener(leptos::ev::hashchange, move |_| {
        if let Some(given) = take_token() {
            token.set(Some(given));
        }
    });
    on_cleanup(move || changed.remove());
    token
}

/// The token of a one-time link, from the address's query or fragment; it is removed from the address, so
/// that it stays in no history and is in no picture of the screen.
fn take_token() -> Option<String> {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let hash = location.hash().unwrap_or_default();
    let find = |text: &str| {
        let text = text.trim_start_matches(['?', '#']);
        web_sys::UrlSearchParams::new_with_str(text)
            .ok()?
            .get("token")
    };
    let token = find(&search)
        .or_else(|| find(&hash))
        .filter(|token| !token.is_empty())?;
    let rest = web_sys::UrlSearchParams::new_with_str(&search).ok()?;
    rest.delete("token");
    let rest = String::from(rest.to_string());
    let path = location.pathname().unwrap_or_default();
    let address = if rest.is_empty() {
        path
    } else {
        format!("{path}?{rest}")
    };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
    Some(token)
}

/// Goes to where one was before (`?next=`, an address of these pages), or to the history.
fn onward() -> impl Fn() + Clone + 'static {
    let query = use_query_map();
    let navigate = use_navigate();
    move || {
        let next = query
            .read_untracked()
            .get("next")
            .filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'))
            .unwrap_or_else(|| "/history".into());
        navigate(
            &next,
            NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    }
}
