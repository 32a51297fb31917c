//! Users and invitations, for admins.

use crate::http;
use crate::pages::remote::{CopyButton, Doing, Remote, Trouble};
use crate::state::state;
use cofferdam_engine::api::{Invitation, NewUser, Role, User};
use leptos::prelude::*;

const ROLES: [(Role, &str); 3] = [
    (
        Role::Author,
        "author: writes revisions, makes plans, comments",
    ),
    (
        Role::Reviewer,
        "reviewer: also approves and rejects other people's plans",
    ),
    (
        Role::Admin,
        "admin: also applies approved plans and adds users",
    ),
];

#[component]
pub fn Users() -> impl IntoView {
    let state = state();
    let admin = Memo::new(move |_| state.user().is_some_and(|user| user.role == Role::Admin));
    view! {
        <Show when=move || admin.get()>
            <List />
        </Show>
    }
}

#[component]
fn List() -> impl IntoView {
    let users = Remote::<Vec<User>>::new();
    users.load("/users".into());
    view! {
        <section class="card">
            <h2>"Users" <span class="n">{move || users.value.with(|users| users.as_ref().map(Vec::len))}</span></h2>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Role"</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        users
                            .value
                            .get()
                            .unwrap_or_default()
                            .into_iter()
                            .map(|user| {
                                view! {
                                    <tr>
                                        <td>{user.name}</td>
                                        <td>{user.role.as_str()}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
            {move || {
                users
                    .error
                    .get()
                    .map(|error| view! { <p class="no pad" role="alert">{error.to_string()}</p> })
            }}
            <Invite users />
        </section>
    }
}

#[component]
fn Invite(users: Remote<Vec<User>>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Author);
    let made = RwSignal::new(None::<Invitation>);
    let doing = Doing::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewUser {
            name: name.get_untracked().trim().to_owned(),
            role: role.get_untracked(),
        };
        made.set(None);
        doing.run(
            async move { http::post::<_, Invitation>("/users", &body).await },
            move |invitation| {
                made.set(Some(invitation));
                name.set(String::new());
                users.load("/users".into());
            },
        );
    };
    view! {
        <form class="form invite" on:submit=submit aria-label="Invite a user">
            <label>
                "Name"
                <input
                    name="name"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </label>
            <label>
                "Role"
                <select
                    name="role"
                    on:change=move |event| {
                        if let Ok(chosen) = event_target_value(&event).parse() {
                            role.set(chosen);
                        }
                    }
                >
                    {ROLES
                        .map(|(option, words)| {
                            view! {
                                <option value=option.as_str() prop:selected=move || role.get() == option>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <button class="btn" disabled=move || doing.busy.get() || name.read().trim().is_empty()>
                "Invite"
            </button>
            <Trouble doing />
        </form>
        <div role="status">
            {move || {
                made.get()
                    .map(|invitation| {
                        view! {
                            <div class="band good">
                                <p>
                                    "Give this link to "
                                    <b>{invitation.user.name}</b>
                                    ". It works once, lets them choose a password, and is not shown again."
                                </p>
                                <p class="link">
                                    <code>{invitation.link.clone()}</code>
                                    <CopyButton text=Signal::stored(invitation.link) label="Copy link" />
                                </p>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
