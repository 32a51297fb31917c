//! A page whose value may be there, on its way, or out of reach.

use super::Remote;
use crate::state::{State, state};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Shows `children` once the value has come, and says plainly what is missing before. `what` begins a
/// sentence: "Plans need the server …".
#[component]
pub fn Loaded<T: Send + Sync + 'static>(
    remote: Remote<T>,
    what: &'static str,
    /// The page itself says that the line is broken.
    #[prop(optional)]
    live: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let here = state();
    let there = Memo::new(move |_| remote.value.with(Option::is_some));
    move || {
        if there.get() {
            let children = children.clone();
            return view! {
                {(!live).then(|| view! { <Late remote /> })}
                {children()}
            }
            .into_any();
        }
        match remote.error.get() {
            None => match Missing::of(here) {
                Some(missing) => missing.view(what, None),
                None => view! { <Shape /> }.into_any(),
            },
            Some(error) if error.is_signed_out() => Missing::Account.view(what, None),
            Some(error) if error.is_offline() => {
                Missing::Server.view(what, Some(error.to_string()))
            }
            Some(error) => view! {
                <div class="missing" role="alert">
                    <h2>"This cannot be shown"</h2>
                    <p>{error.to_string()}</p>
                </div>
            }
            .into_any(),
        }
    }
}

/// Says that what is shown was loaded earlier.
#[component]
fn Late<T: Send + Sync + 'static>(remote: Remote<T>) -> impl IntoView {
    move || {
        remote.error.get().map(|error| {
            view! {
                <p class="band caution" role="status">
                    {if error.is_signed_out() {
                        "Shown as it was loaded before; you are no longer signed in.".to_owned()
                    } else {
                        format!("Shown as it was loaded before. {error}")
                    }}
                </p>
            }
        })
    }
}

/// What has to be there before a page can show anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Server,
    Account,
    /// The open project is not the server's.
    Project,
}

impl Missing {
    pub fn of(state: State) -> Option<Self> {
        if state.gone.get() {
            Some(Missing::Server)
        } else if state.signed_out() {
            Some(Missing::Account)
        } else if state.elsewhere() {
            Some(Missing::Project)
        } else {
            None
        }
    }

    /// Says so; `what` begins a sentence.
    pub fn view(self, what: &'static str, why: Option<String>) -> AnyView {
        match self {
            Missing::Server => view! { <NoServer what why=why.unwrap_or_default() /> }.into_any(),
            Missing::Account => view! { <SignInNeeded what /> }.into_any(),
            Missing::Project => view! { <OtherProject what /> }.into_any(),
        }
    }
}

/// The shape of what comes, so that nothing jumps.
#[component]
pub fn Shape() -> impl IntoView {
    view! {
        <div class="shape" role="status" aria-label="Loading">
            <i></i>
            <i></i>
            <i></i>
            <i></i>
        </div>
    }
}

/// Another project is open than the server's.
#[component]
fn OtherProject(what: &'static str) -> impl IntoView {
    let state = state();
    let open = move |_| {
        if let Some(session) = state.session.get_untracked() {
            state.signed(session);
        }
    };
    view! {
        <div class="missing">
            <h2>{what}" belong to the server's project"</h2>
            <p>
                "What is open now is "
                {move || state.workspace.with(|workspace| workspace.as_ref().map(|it| it.name()))}
                ", which the server does not have. It stays as it is while the server's project is open."
            </p>
            <p>
                <button type="button" class="btn pri" on:click=open>
                    "Open the server's project"
                </button>
            </p>
        </div>
    }
}

/// Nobody is signed in.
#[component]
fn SignInNeeded(what: &'static str) -> impl IntoView {
    let location = use_location();
    let href = move || {
        let here = format!(
            "{}{}",
            location.pathname.get(),
            search(&location.search.get())
        );
        format!("/sign-in?next={}", crate::http::segment(&here))
    };
    view! {
        <div class="missing">
            <h2>{what}" need an account"</h2>
            <p>
                "Sign in, and this page comes back. History, writing and dry runs work without an account."
            </p>
            <p>
                <a class="btn pri" href=href>
                    "Sign in"
                </a>
            </p>
        </div>
    }
}

/// There is no server, or it does not answer.
#[component]
fn NoServer(what: &'static str, #[prop(optional, into)] why: String) -> impl IntoView {
    view! {
        <div class="missing">
            <h2>{what}" need the server"</h2>
            {(!why.is_empty()).then(|| view! { <p>{why}</p> })}
            <p>
                "Without it this page works for history, writing and dry runs. To have a server, run "
                <code>"cofferdam serve"</code> " in the project's folder."
            </p>
            <p>
                <a class="btn" href="/history">
                    "Open the history"
                </a>
            </p>
        </div>
    }
}

fn search(text: &str) -> String {
    if text.is_empty() || text.starts_with('?') {
        text.to_owned()
    } else {
        format!("?{text}")
    }
}
