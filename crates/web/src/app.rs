//! The app: state, routes, and the shell around every room.

use crate::pages::changes::Changes;
use crate::pages::changes::new::NewChange;
use crate::pages::changes::one::OneChange;
use crate::pages::checklist::Checklist;
use crate::pages::databases::{DatabaseSchema, Databases};
use crate::pages::dry_run::DryRun;
use crate::pages::history::History;
use crate::pages::plan::Plan;
use crate::pages::plans::Plans;
use crate::pages::run::Run;
use crate::pages::runs::Runs;
use crate::pages::settings::Settings;
use crate::pages::sign_in::{Invite, SignIn};
use crate::pages::write::Write;
use crate::shell::Shell;
use crate::state::State;
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::path;

#[component]
pub fn App() -> impl IntoView {
    State::provide();
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <ParentRoute path=path!("") view=Shell>
                    <Route path=path!("") view=|| view! { <Redirect path="/history" /> } />
                    <Route path=path!("history") view=History />
                    <Route path=path!("history/:rev") view=History />
                    <Route path=path!("changes") view=Changes />
                    <Route path=path!("changes/new") view=NewChange />
                    <Route path=path!("changes/:id") view=OneChange />
                    <Route path=path!("checklist") view=Checklist />
                    <Route path=path!("dry-run") view=DryRun />
                    <Route path=path!("write") view=Write />
                    <Route path=path!("write/:draft") view=Write />
                    <Route path=path!("plans") view=Plans />
                    <Route path=path!("plans/:id") view=Plan />
                    <Route path=path!("runs") view=Runs />
                    <Route path=path!("runs/:id") view=Run />
                    <Route path=path!("databases") view=Databases />
                    <Route path=path!("databases/:name") view=DatabaseSchema />
                    <Route path=path!("settings") view=Settings />
                    <Route path=path!("sign-in") view=SignIn />
                    <Route path=path!("invite") view=Invite />
                    <Route path=path!("*any") view=NotFound />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"There is nothing at this address"</h1>
            <p>
                "It may have been mistyped. "
                <a href="/history">"Go to the history"</a>
            </p>
        </div>
    }
}
