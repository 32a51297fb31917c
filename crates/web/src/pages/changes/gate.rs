//! The gate before the contract: what it asks, what was measured on an environment, and who opens it.

use super::drawing::Drawn;
use crate::http;
use crate::pages::remote::{Doing, Missing, Remote, Trouble, When};
use crate::state::state;
use cofferdam_engine::api::Role;
use cofferdam_engine::change::Change;
use cofferdam_engine::change::gate::{Condition, Gate, Measured};
use cofferdam_engine::change::parity::Compared;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use serde_json::json;
use std::sync::Arc;

/// The code of what a person confirms begins so.
const CONFIRM: &str = "confirm: ";

/// The gate of a written change on one environment, which the address names.
#[derive(Clone, Copy)]
pub struct Watch {
    id: StoredValue<String>,
    gate: Remote<Gate>,
    /// The environments that there are.
    names: Memo<Vec<String>>,
    pub on: Memo<Option<String>>,
    choose: SignalSetter<Option<String>>,
}

impl Watch {
    pub fn new(change: &Change) -> Self {
        let here = state();
        let (chosen, choose) = query_signal_with_options::<String>(
            "environment",
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
        let names = Memo::new(move |_| {
            let all = here.environments;
            all.with(|all| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>())
        });
        let on = Memo::new(move |_| {
            let names = names.get();
            let chosen = chosen.get().filter(|name| names.contains(name));
            chosen.or_else(|| names.first().cloned())
        });
        let watch = Watch {
            id: StoredValue::new(change.id.to_string()),
            gate: Remote::new(),
            names,
            on,
            choose,
        };
        watch.gate.follow(move || watch.question());
        watch
    }

    /// The address of one of the change's rooms on the server.
    fn path(self, room: &str) -> Option<String> {
        let id = self.id.with_value(|id| http::segment(id));
        state().project_path(&format!("changes/{id}/{room}"))
    }

    fn question(self) -> Option<String> {
        let name = http::segment(&self.on.get()?);
        Some(format!("{}?environment={name}", self.path("gate")?))
    }

    fn measure(self) {
        if let Some(question) = untrack(|| self.question()) {
            self.gate.load(question);
        }
    }

    /// Whether somebody can say how it stands.
    pub fn can_know(self) -> bool {
        Missing::of(state()).is_none() && self.names.with(|names| !names.is_empty())
    }

    pub fn is_open(self) -> bool {
        self.gate
            .value
            .with(|gate| gate.as_ref().is_some_and(Gate::is_open))
    }
}

#[component]
pub fn GateCard(drawn: Arc<Drawn>, watch: Option<Watch>) -> impl IntoView {
    let asked = drawn.conditions.clone();
    let body = match watch {
        Some(watch) => view! { <Live asked watch /> }.into_any(),
        None => view! {
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
fn Live(asked: Vec<Condition>, watch: Watch) -> impl IntoView {
    let Watch {
        gate,
        names,
        on,
        choose,
        ..
    } = watch;
    let asked = StoredValue::new(asked);
    view! {
        <Show
            when=move || watch.can_know()
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
                <button type="button" class="btn sm plain" on:click=move |_| watch.measure()>
                    "Measure again"
                </button>
            </label>
            {move || gate.error.get().map(|error| view! { <p class="trouble" role="alert">{error.to_string()}</p> })}
            {move || {
                let now = gate.value.get()?;
                Some(match now.passed.clone() {
                    Some(at) => view! {
                        <p class="ch-verdict">
                            <span class="badge good">"passed"</span>
                            "The contract was applied here " <When at /> "."
                        </p>
                    }
                    .into_any(),
                    None => view! { <Answers now watch /> }.into_any(),
                })
            }}
        </Show>
    }
}

#[component]
fn Answers(now: Gate, watch: Watch) -> impl IntoView {
    let here = state();
    let doing = Doing::new();
    let compared = RwSignal::new(None::<Compared>);
    let is_open = now.is_open();
    let may = move |role: Role| here.user().is_some_and(|user| user.role >= role);
    let ask = move |room: &'static str, mut body: serde_json::Value| {
        let address = untrack(|| watch.path(room));
        let (Some(address), Some(name)) = (address, watch.on.get_untracked()) else {
            return;
        };
        body["environment"] = name.into();
        doing.run(
            async move { http::post::<_, Gate>(&address, &body).await },
            move |answer| watch.gate.set(answer),
        );
    };
    let compare = move |_| {
        let address = untrack(|| watch.path("parity"));
        let (Some(address), Some(name)) = (address, watch.on.get_untracked()) else {
            return;
        };
        let body = json!({ "environment": name });
        doing.run(
            async move { http::post::<_, Compared>(&address, &body).await },
            move |found| {
                compared.set(Some(found));
                watch.measure();
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
