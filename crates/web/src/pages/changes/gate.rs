//! The gate before the contract: what it asks, what was measured on an environment, and who opens it.

use super::drawing::Drawn;
use crate::http;
use crate::pages::remote::{Doing, Missing, Remote, Trouble, When};
use crate::state::state;
use cofferdam_engine::api::{Role, User};
use cofferdam_engine::change::gate::{Condition, Gate, Measured};
use cofferdam_engine::change::parity::Compared;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use serde_json::json;
use std::sync::Arc;

/// The code of what a person confirms begins so.
const CONFIRM: &str = "confirm: ";

/// The environment in the address, on which the gate is measured.
pub fn environment() -> (Memo<Option<String>>, SignalSetter<Option<String>>) {
    query_signal_with_options::<String>(
        "environment",
        NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        },
    )
}

#[component]
pub fn GateCard(drawn: Arc<Drawn>) -> impl IntoView {
    let is_written = !drawn.change.written.is_empty();
    let asked = drawn.conditions.clone();
    let body = match is_written {
        true => view! { <Live drawn=drawn.clone() /> }.into_any(),
        false => view! {
            <ul class="ch-conditions">{asked.into_iter().map(open_question).collect_view()}</ul>
            <p class="ch-foot">"Measured on each database by itself, once the revisions before it are applied there."</p>
        }
        .into_any(),
    };
    view! {
        <div class="ch-between" role="listitem">
            <section class="ch-gate" aria-label="Gate">
                <h3>"Deploy the new version, then the gate"</h3>
                {body}
            </section>
        </div>
    }
}

fn open_question(condition: Condition) -> impl IntoView {
    view! {
        <li>
            <span class="ch-mark" aria-hidden="true">"○"</span>
            <span>{condition.words}</span>
        </li>
    }
}

/// The gate of a change whose revisions are written: measured where a server can.
#[component]
fn Live(drawn: Arc<Drawn>) -> impl IntoView {
    let here = state();
    let (chosen, choose) = environment();
    let id = drawn.change.id.to_string();
    let asked = StoredValue::new(drawn.conditions.clone());
    let gate = Remote::<Gate>::new();
    let path = move |room: &str| {
        let id = http::segment(&id);
        here.project_path(&format!("changes/{id}/{room}"))
    };
    let path = StoredValue::new_local(path);
    let names = Memo::new(move |_| {
        let all = here.environments;
        all.with(|all| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>())
    });
    let on = Memo::new(move |_| {
        let names = names.get();
        chosen
            .get()
            .filter(|name| names.contains(name))
            .or_else(|| names.first().cloned())
    });
    gate.follow(move || {
        let name = http::segment(&on.get()?);
        let address = path.try_with_value(|path| path("gate")).flatten()?;
        Some(format!("{address}?environment={name}"))
    });
    let again = move |_| {
        let name = on.get_untracked().map(|name| http::segment(&name));
        let address = untrack(|| path.with_value(|path| path("gate")));
        if let (Some(name), Some(address)) = (name, address) {
            gate.load(format!("{address}?environment={name}"));
        }
    };
    let missing = move || Missing::of(here).is_some() || names.with(Vec::is_empty);
    view! {
        <Show
            when=move || !missing()
            fallback=move || {
                view! {
                    <ul class="ch-conditions">
                        {asked.get_value().into_iter().map(open_question).collect_view()}
                    </ul>
                    <p class="ch-foot">
                        "A database answers these: sign in at a Cofferdam server, or run "
                        <code>"cofferdam change gate"</code>
                    </p>
                }
            }
        >
            <label class="ch-on">
                "On "
                <select
                    aria-label="Environment"
                    prop:value=move || on.get().unwrap_or_default()
                    on:change=move |event| choose.set(Some(event_target_value(&event)))
                >
                    {move || {
                        let now = on.get();
                        names
                            .get()
                            .into_iter()
                            .map(|name| {
                                let selected = now.as_deref() == Some(&name);
                                view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
                            })
                            .collect_view()
                    }}
                </select>
                <button type="button" class="btn sm plain" on:click=again>
                    "Measure again"
                </button>
            </label>
            {move || gate.error.get().map(|error| view! { <p class="trouble" role="alert">{error.to_string()}</p> })}
            {move || gate.value.get().map(|now| view! { <Answers now gate on path /> })}
        </Show>
    }
}

#[component]
fn Answers<P>(
    now: Gate,
    gate: Remote<Gate>,
    on: Memo<Option<String>>,
    path: StoredValue<P, LocalStorage>,
) -> impl IntoView
where
    P: Fn(&str) -> Option<String> + 'static,
{
    let here = state();
    let doing = Doing::new();
    let compared = RwSignal::new(None::<Compared>);
    let is_open = now.is_open();
    let may = move |role: Role| here.user().is_some_and(|user: User| user.role >= role);
    let ask = move |room: &'static str, mut body: serde_json::Value| {
        let address = untrack(|| path.with_value(|path| path(room)));
        let (Some(address), Some(name)) = (address, on.get_untracked()) else {
            return;
        };
        body["environment"] = name.into();
        doing.run(
            async move { http::post::<_, Gate>(&address, &body).await },
            move |answer| gate.set(answer),
        );
    };
    let compare = move |_| {
        let addresses = untrack(|| path.with_value(|path| (path("parity"), path("gate"))));
        let ((Some(parity), Some(measure)), Some(name)) = (addresses, on.get_untracked()) else {
            return;
        };
        let body = json!({ "environment": name });
        doing.run(
            async move { http::post::<_, Compared>(&parity, &body).await },
            move |found| {
                compared.set(Some(found));
                gate.load(format!("{measure}?environment={}", http::segment(&name)));
            },
        );
    };
    let rows = now.conditions.into_iter().map(|one| {
        let words = one.condition.code.strip_prefix(CONFIRM).map(str::to_owned);
        let is_parity = one.condition.code == "parity";
        let is_shut = one.holds != Some(true);
        let button = match words {
            Some(words) if is_shut => Some(
                view! {
                    <button
                        type="button"
                        class="btn sm"
                        disabled=move || doing.busy.get() || !may(Role::Reviewer)
                        title=move || (!may(Role::Reviewer)).then_some("A reviewer or an admin confirms it")
                        on:click=move |_| ask("confirm", json!({ "words": words }))
                    >
                        "Confirm"
                    </button>
                }
                .into_any(),
            ),
            None if is_parity => Some(
                view! {
                    <button type="button" class="btn sm" disabled=move || doing.busy.get() on:click=compare>
                        {if is_shut { "Compare both sides" } else { "Compare again" }}
                    </button>
                }
                .into_any(),
            ),
            _ => None,
        };
        view! { <li>{answer(one)} {button}</li> }
    });
    let rows = rows.collect_view();
    let reason = RwSignal::new(String::new());
    let force = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        ask("force", json!({ "reason": reason.get_untracked() }));
    };
    let forced = now.forced.clone();
    view! {
        <p class="ch-verdict" role="status">
            <span class=if is_open { "badge good" } else { "badge caution" }>
                {if is_open { "open" } else { "shut" }}
            </span>
            {forced.map(|words| view! { <span>"by force: " {words}</span> })}
        </p>
        <ul class="ch-conditions">{rows}</ul>
        {move || compared.get().map(differences)}
        <Trouble doing />
        <Show when=move || !is_open && may(Role::Admin)>
            <details class="ch-force">
                <summary>"Open it by force"</summary>
                <form on:submit=force>
                    <label>
                        "Why may the contract run all the same? It stays in the database with your name."
                        <input
                            type="text"
                            required
                            prop:value=move || reason.get()
                            on:input=move |event| reason.set(event_target_value(&event))
                        />
                    </label>
                    <button type="submit" class="btn danger" disabled=move || doing.busy.get() || reason.read().trim().is_empty()>
                        "Open the gate by force"
                    </button>
                </form>
            </details>
        </Show>
    }
}

/// One condition with what was found.
fn answer(one: Measured) -> impl IntoView {
    let (class, mark, words) = match one.holds {
        Some(true) => ("ok", "✓", "holds"),
        Some(false) => ("wa", "○", "does not hold"),
        None => ("wa", "?", "is not known, so the gate is shut"),
    };
    let help = (one.holds != Some(true)).then_some(one.condition.help);
    view! {
        <span class=format!("ch-mark {class}") aria-label=words role="img">{mark}</span>
        <span>
            {one.condition.words}
            <span class="ch-found">
                {one.found}
                {one.at.map(|at| view! { ", " <When at /> })}
            </span>
            {help.map(|help| view! { <span class="ch-help">{help}</span> })}
        </span>
    }
}

/// What comparing found, with the rows that disagree.
fn differences(found: Compared) -> impl IntoView {
    let words = found.words();
    let head: Vec<String> = found.columns.clone();
    let rows = found.samples.into_iter().map(|row| {
        let cells = row.into_iter().map(|cell| match cell {
            Some(text) => view! { <td><code>{text}</code></td> }.into_any(),
            None => view! { <td class="n">"NULL"</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows: Vec<_> = rows.collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <div class="ch-scroll">
                <table>
                    <thead>
                        <tr>{head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <p role="status">{words}</p>
        {table}
    }
}
