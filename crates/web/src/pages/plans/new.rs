//! The form for a new plan, filled in from `?env= &kind= &target=`.

use crate::http;
use crate::pages::remote::{Doing, Named, Trouble};
use crate::state::state;
use cofferdam_engine::api::{EnvironmentState, NewPlan, PlanRecord};
use cofferdam_engine::plan::Kind;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

const KINDS: [(Kind, &str); 4] = [
    (
        Kind::Upgrade,
        "runs the upgrades on the way up to the target",
    ),
    (
        Kind::Downgrade,
        "runs the downgrades on the way down to the target",
    ),
    (
        Kind::Stamp,
        "changes the version rows only; no revision runs",
    ),
    (Kind::Undo, "takes back what a half-applied revision did"),
];

fn kind_of(word: &str) -> Option<Kind> {
    KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .find(|kind| kind.as_str() == word)
}

/// Where a plan of this kind usually goes.
fn usual_target(kind: Kind, environment: Option<&EnvironmentState>) -> String {
    match kind {
        Kind::Upgrade => "heads".into(),
        Kind::Downgrade => "-1".into(),
        Kind::Stamp => "heads".into(),
        Kind::Undo => environment
            .and_then(|environment| environment.half_applied.as_ref())
            .map(|half| half.revision.clone())
            .unwrap_or_default(),
    }
}

#[component]
pub fn NewPlanForm() -> impl IntoView {
    let here = state();
    let query = use_query_map();
    let given = move |key: &str| query.read_untracked().get(key);
    let environment = RwSignal::new(given("env").unwrap_or_default());
    let kind = RwSignal::new(
        given("kind")
            .and_then(|word| kind_of(&word))
            .unwrap_or(Kind::Upgrade),
    );
    // None until somebody names one: the usual target of the kind.
    let named = RwSignal::new(given("target"));
    let note = RwSignal::new(String::new());
    let doing = Doing::new();
    let navigate = use_navigate();

    // Before one is chosen, the first that can be asked.
    let chosen = Memo::new(move |_| {
        let name = environment.get();
        let all = here.environments.get();
        if name.is_empty() {
            let open = all
                .iter()
                .find(|environment| environment.error.is_none())
                .or(all.first());
            return open
                .map(|environment| environment.name.clone())
                .unwrap_or_default();
        }
        name
    });
    let state = Memo::new(move |_| {
        let name = chosen.get();
        here.environments
            .get()
            .into_iter()
            .find(|environment| environment.name == name)
    });
    let target = Memo::new(move |_| {
        named
            .get()
            .unwrap_or_else(|| state.with(|state| usual_target(kind.get(), state.as_ref())))
    });

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(path) = here.project_path_now("plans") else {
            return;
        };
        let body = NewPlan {
            environment: chosen.get_untracked(),
            kind: kind.get_untracked(),
            target: target.get_untracked().trim().to_owned(),
            note: note.get_untracked(),
        };
        let navigate = navigate.clone();
        doing.run(
            async move { http::post::<_, PlanRecord>(&path, &body).await },
            move |plan| navigate(&format!("/plans/{}", plan.summary.id), Default::default()),
        );
    };

    view! {
        <form class="card form new-plan" on:submit=submit aria-labelledby="new-plan">
            <h2 id="new-plan">"New plan"</h2>
            <div class="fields">
                <label>
                    "Environment"
                    <select
                        name="environment"
                        on:change=move |event| environment.set(event_target_value(&event))
                    >
                        {move || {
                            here.environments
                                .get()
                                .into_iter()
                                .map(|option| {
                                    let name = option.name.clone();
                                    let is_chosen = {
                                        let name = name.clone();
                                        move || chosen.read() == name
                                    };
                                    view! {
                                        <option value=name.clone() prop:selected=is_chosen>
                                            {name.clone()}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                </label>
                <label>
                    "Kind"
                    <select
                        name="kind"
                        on:change=move |event| {
                            if let Some(word) = kind_of(&event_target_value(&event)) {
                                kind.set(word);
                                named.set(None);
                            }
                        }
                    >
                        {KINDS
                            .map(|(option, _)| {
                                view! {
                                    <option
                                        value=option.as_str()
                                        prop:selected=move || kind.get() == option
                                    >
                                        {option.as_str()}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </label>
                <label class="wide">
                    {move || if kind.get() == Kind::Undo { "Half-applied revision" } else { "Target" }}
                    <input
                        name="target"
                        class="mono"
                        list="plan-targets"
                        autocomplete="off"
                        spellcheck="false"
                        required
                        prop:value=target
                        on:input=move |event| named.set(Some(event_target_value(&event)))
                    />
                    <datalist id="plan-targets">
                        {move || {
                            state
                                .with(|state| suggestions(kind.get(), state.as_ref(), here.revisions()))
                                .into_iter()
                                .map(|(value, words)| view! { <option value=value>{words}</option> })
                                .collect_view()
                        }}
                    </datalist>
                </label>
                <label class="wide">
                    "Note for reviewers (optional)"
                    <textarea
                        name="note"
                        rows="2"
                        prop:value=note
                        on:input=move |event| note.set(event_target_value(&event))
                    ></textarea>
                </label>
            </div>
            <p class="hint" aria-live="polite">
                {move || about(kind.get(), state.get())}
            </p>
            <Trouble doing />
            <Show when=move || here.outdated.get()>
                <p class="band caution" role="status">
                    "The server is another version of Cofferdam than this page. Load the page again before you make a plan."
                </p>
            </Show>
            <div class="buttons">
                <button
                    class="btn pri"
                    disabled=move || here.outdated.get() || doing.busy.get() || chosen.read().is_empty() || target.read().trim().is_empty()
                >
                    {move || words(kind.get(), &chosen.read())}
                </button>
                <a class="btn" href="/plans">
                    "Cancel"
                </a>
            </div>
        </form>
    }
}

fn words(kind: Kind, environment: &str) -> String {
    format!(
        "Plan {kind} of {}",
        if environment.is_empty() {
            "…"
        } else {
            environment
        }
    )
}

/// What the chosen kind does, and what is to be known of the environment.
fn about(kind: Kind, environment: Option<EnvironmentState>) -> String {
    let does = KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or("", |(_, does)| does);
    let mut words = format!("A plan to {kind} {does}.");
    if let Some(environment) = environment {
        let name = &environment.name;
        match &environment.error {
            Some(error) => words.push_str(&format!(" {name} cannot be asked now: {error}")),
            None if environment.heads.is_empty() => {
                words.push_str(&format!(" {name} is at base (no revision)."));
            }
            None => words.push_str(&format!(" {name} is at {}.", environment.heads.join(", "))),
        }
        if environment.approval {
            words.push_str(" It runs approved plans only.");
        }
        if kind == Kind::Undo && environment.half_applied.is_none() {
            words.push_str(" Nothing is half applied there.");
        }
    }
    words
}

/// Targets that make sense, with words; the relative ones first, then revisions, newest first.
fn suggestions(
    kind: Kind,
    environment: Option<&EnvironmentState>,
    known: Vec<Named>,
) -> Vec<(String, String)> {
    let applied = |named: &Named| {
        environment.is_some_and(|environment| environment.applied.contains(&named.id))
    };
    let fixed: &[(&str, &str)] = match kind {
        Kind::Upgrade => &[
            ("heads", "every head"),
            ("head", "the only head"),
            ("+1", "the next revision"),
        ],
        Kind::Downgrade => &[("-1", "the last revision"), ("base", "everything")],
        Kind::Stamp => &[("heads", "every head"), ("base", "no revision")],
        Kind::Undo => &[],
    };
    let mut all: Vec<(String, String)> = fixed
        .iter()
        .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
        .collect();
    if kind == Kind::Undo {
        let half = environment.and_then(|environment| environment.half_applied.as_ref());
        all.extend(half.map(|half| (half.revision.clone(), "half applied".to_owned())));
        return all;
    }
    for named in known {
        let fits = match kind {
            Kind::Upgrade => !applied(&named),
            Kind::Downgrade => applied(&named),
            Kind::Stamp | Kind::Undo => true,
        };
        if fits {
            all.push((named.id, named.message));
        }
    }
    all
}
