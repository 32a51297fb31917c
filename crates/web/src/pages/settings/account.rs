//! Who is signed in; signing out; another password.

use crate::http;
use crate::pages::remote::{Doing, Trouble};
use crate::pages::sign_in::ChosenPassword;
use crate::state::state;
use cofferdam_engine::api::{NewPassword, Session};
use leptos::prelude::*;

#[component]
pub fn Account() -> impl IntoView {
    let state = state();
    let doing = Doing::new();
    let leave = move |_| {
        doing.run(
            async { http::delete::<Option<serde_json::Value>>("/session").await },
            move |_| {
                state.signed_off();
            },
        );
    };
    view! {
        <section class="card">
            <h2>"Account"</h2>
            <div class="pad">
                {move || match state.user() {
                    Some(user) => {
                        view! {
                            <p>
                                "Signed in as "
                                <b>{user.name}</b>
                                ", "
                                {user.role.as_str()}
                                "."
                            </p>
                            <Trouble doing />
                            <button type="button" class="btn" disabled=move || doing.busy.get() on:click=leave>
                                "Sign out"
                            </button>
                            <NewPasswordForm />
                        }
                            .into_any()
                    }
                    None if state.gone.get() => {
                        view! { <p>"No server here: history, writing and dry runs work without one."</p> }
                            .into_any()
                    }
                    None => {
                        view! {
                            <p>"Nobody is signed in."</p>
                            <a class="btn pri" href="/sign-in?next=/settings">
                                "Sign in"
                            </a>
                        }
                            .into_any()
                    }
                }}
            </div>
        </section>
    }
}

/// Sets a password: the first, or another one.
#[component]
fn NewPasswordForm() -> impl IntoView {
    let state = state();
    let current = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<String>);
    let done = RwSignal::new(false);
    let doing = Doing::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(password) = chosen.get_untracked() else {
            return;
        };
        let current = Some(current.get_untracked()).filter(|text| !text.is_empty());
        let body = NewPassword { password, current };
        doing.run(
            async move { http::put::<_, Session>("/session/password", &body).await },
            move |session| {
                done.set(true);
                state.signed(session);
            },
        );
    };
    view! {
        <details class="password">
            <summary>"Set another password"</summary>
            <form class="form" on:submit=submit>
                <label>
                    "Password so far (leave empty if you have none)"
                    <input
                        name="current-password"
                        type="password"
                        autocomplete="current-password"
                        prop:value=current
                        on:input=move |event| current.set(event_target_value(&event))
                    />
                </label>
                <ChosenPassword chosen />
                <Trouble doing />
                <p role="status" class="ok">
                    {move || done.get().then_some("It is set. Every other session of yours is signed out.")}
                </p>
                <div class="buttons">
                    <button class="btn" disabled=move || doing.busy.get() || chosen.read().is_none()>
                        "Set password"
                    </button>
                </div>
            </form>
        </details>
    }
}
