//! One environment.

use crate::http::segment;
use crate::pages::remote::words::count;
use crate::pages::remote::{Ids, When};
use crate::state::state;
use cofferdam_engine::api::{EnvironmentState, HalfApplied, LastRun};
use cofferdam_engine::revision::Direction;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Card(state: EnvironmentState) -> impl IntoView {
    let name = state.name.clone();
    let policy = [
        (
            state.approval,
            "approval needed",
            "Only approved plans run here.",
        ),
        (
            state.protected,
            "protected",
            "Never reset, never downgraded to base without being named twice.",
        ),
        (
            state.embedded,
            "embedded",
            "In the server's own PostgreSQL.",
        ),
    ];
    let badges = policy
        .into_iter()
        .filter(|(on, _, _)| *on)
        .map(|(_, word, title)| view! { <span class="badge info" title=title>{word}</span> })
        .collect_view();
    let version = state
        .server_version
        .as_ref()
        .map(|version| format!("PostgreSQL {version}"));
    let words = if state.approval {
        "Only approved plans run here."
    } else {
        "Plans run here without approval; direct runs are journalled as unapproved."
    };
    let error = state.error.clone();
    let there = error.is_none();
    let half = state.half_applied.clone();
    let body = if error.is_some() {
        ().into_any()
    } else {
        view! { <Standing state=state.clone() /> }.into_any()
    };
    view! {
        <article class="card database" aria-labelledby=format!("database-{name}")>
            <h2 id=format!("database-{name}")>
                {name.clone()}
                {badges}
                <span class="n">{version}</span>
            </h2>
            {error.map(|error| view! { <Unreachable error /> })}
            {half.map(|half| view! { <Half environment=name.clone() half heads=state.heads.clone() /> })}
            {body}
            {state.last_run.clone().map(|last| view! { <Last last /> })}
            <p class="sub pad">{words}</p>
            {there.then(|| view! { <Plans state /> })}
        </article>
    }
}

#[component]
fn Unreachable(error: String) -> impl IntoView {
    let state = state();
    let doing = RwSignal::new(false);
    let look = move |_| {
        doing.set(true);
        spawn_local(async move {
            state.reconnect().await;
            doing.try_set(false);
        });
    };
    view! {
        <div class="band danger">
            <p>
                <b>"It cannot be asked. "</b>
                {error}
            </p>
            <p>
                "Check that PostgreSQL runs there, and that its URL is set and right where the server was started; then look again."
            </p>
            <p>
                <button type="button" class="btn sm" disabled=doing on:click=look>
                    "Look again"
                </button>
            </p>
        </div>
    }
}

/// Heads, how far behind, and files that are not as they were applied.
#[component]
fn Standing(state: EnvironmentState) -> impl IntoView {
    let here = crate::state::state();
    let applied = state.applied.clone();
    let known = Memo::new(move |_| here.revisions());
    let behind = {
        let applied = applied.clone();
        move || {
            known
                .read()
                .iter()
                .filter(|named| !applied.contains(&named.id))
                .count()
        }
    };
    let behind_words = move || match behind() {
        0 if known.read().is_empty() => "unknown here".to_owned(),
        0 => "at every head".to_owned(),
        n => format!("{} not applied", count(n, "revision")),
    };
    // What the journal says of files against the files of now: only of revisions that are applied.
    let journal = state.journal.clone();
    let changed = Memo::new(move |_| {
        let known = known.read();
        if known.is_empty() {
            return Vec::new();
        }
        journal
            .iter()
            .filter(|file| applied.contains(&file.revision))
            .filter_map(|file| {
                let now = known.iter().find(|named| named.id == file.revision);
                match now {
                    None => Some((file.revision.clone(), "is gone", file.path.clone())),
                    Some(now) if now.sha256 != file.sha256 => Some((
                        file.revision.clone(),
                        "has changed since it was applied",
                        now.path.clone(),
                    )),
                    Some(_) => None,
                }
            })
            .collect::<Vec<_>>()
    });
    view! {
        <dl class="facts">
            <dt>"At"</dt>
            <dd>
                <Ids ids=state.heads />
            </dd>
            <dt>"Applied"</dt>
            <dd>{count(state.applied.len(), "revision")}</dd>
            <dt>"Behind"</dt>
            <dd>{behind_words}</dd>
        </dl>
        {move || {
            let changed = changed.get();
            (!changed.is_empty())
                .then(|| {
                    view! {
                        <div class="band caution">
                            <p>
                                <b>{count(changed.len(), "file")}" not as applied"</b>
                            </p>
                            <ul>
                                {changed
                                    .into_iter()
                                    .map(|(id, what, path)| {
                                        view! {
                                            <li>
                                                <Ids ids=vec![id] />
                                                " "
                                                <code>{path}</code>
                                                " "
                                                {what}
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </div>
                    }
                })
        }}
    }
}

#[component]
fn Half(environment: String, half: HalfApplied, heads: Vec<String>) -> impl IntoView {
    let resume_to = match half.direction {
        Direction::Upgrade => half.revision.clone(),
        Direction::Downgrade if heads == [half.revision.clone()] => "-1".into(),
        Direction::Downgrade => state()
            .parent_now(&half.revision)
            .unwrap_or_else(|| "base".into()),
    };
    let resume = form(&environment, half.direction.as_str(), &resume_to);
    let undo = form(&environment, "undo", &half.revision);
    view! {
        <div class="band danger">
            <p>
                <Ids ids=vec![half.revision] />
                <b>
                    {format!(" is half applied: {} of {} parts of its {} are committed.", half.done, half.segments, half.direction)}
                </b>
            </p>
            {half
                .in_flight
                .then(|| {
                    view! {
                        <p>
                            "The next part runs outside a transaction and may have been under way; a resumed run finds out first."
                        </p>
                    }
                })}
            <p>"Resume it, or undo it, before anything else."</p>
            <div class="buttons">
                <a class="btn sm" href=resume>
                    "Resume…"
                </a>
                <a class="btn sm warn" href=undo>
                    "Undo…"
                </a>
            </div>
        </div>
    }
}

#[component]
fn Last(last: LastRun) -> impl IntoView {
    let tone = match last.state.as_str() {
        "done" => "ok",
        "running" => "",
        _ => "no",
    };
    view! {
        <p class="sub pad">
            "Last run: "
            {last.kind}
            " by "
            {last.actor}
            ", "
            <span class=tone>{last.state}</span>
            ", "
            <When at=last.finished_at.unwrap_or(last.started_at) />
            {last.error.map(|error| view! { <span class="no">": "{error}</span> })}
        </p>
    }
}

/// The usual plans from here.
#[component]
fn Plans(state: EnvironmentState) -> impl IntoView {
    let here = crate::state::state();
    let name = state.name;
    let applied = state.applied;
    let at_base = applied.is_empty();
    let heads = Memo::new(move |_| here.head_count());
    let behind = Memo::new(move |_| {
        here.revisions()
            .iter()
            .any(|named| !applied.contains(&named.id))
    });
    let up = {
        let name = name.clone();
        move || {
            form(
                &name,
                "upgrade",
                if heads.get() > 1 { "heads" } else { "head" },
            )
        }
    };
    let down = form(&name, "downgrade", "-1");
    let stamp = form(&name, "stamp", "heads");
    let schema = format!("/databases/{}", segment(&name));
    view! {
        <div class="buttons pad">
            <Show when=move || behind.get()>
                <a class="btn sm pri" href=up.clone()>
                    {move || {
                        match heads.get() {
                            0 | 1 => "Plan upgrade to head…".to_owned(),
                            n => format!("Plan upgrade to {n} heads…"),
                        }
                    }}
                </a>
            </Show>
            {(!at_base)
                .then(|| {
                    view! {
                        <a class="btn sm" href=down>
                            "Plan downgrade…"
                        </a>
                    }
                })}
            {at_base
                .then(|| {
                    view! {
                        <a class="btn sm" href=stamp>
                            "Plan stamp…"
                        </a>
                    }
                })}
            <a class="btn sm" href=schema>
                "Show its schema"
            </a>
        </div>
    }
}

/// The address of the filled-in form.
fn form(environment: &str, kind: &str, target: &str) -> String {
    format!(
        "/plans?env={}&kind={kind}&target={}",
        segment(environment),
        segment(target)
    )
}
