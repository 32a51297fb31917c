//! `/checklist?from=&to=&for=`: what has to be so before revisions are applied or taken back, with the evidence of each item.
//! The page of a plan shows the same for the plan.

mod evidence;
mod list;
mod reading;

pub use evidence::proof_says;
pub use list::{Awaited, List};
pub use reading::files_say;

use crate::dry_run::range::{Place, Project};
use crate::http::segment;
use crate::pages::dry_run::figures::counted;
use crate::pages::dry_run::project::{self, Opening};
use crate::state::state;
use cofferdam_engine::checklist::{self, Item, Occasion};
use cofferdam_engine::history::target;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::{BTreeMap, BTreeSet};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    from: String,
    to: String,
    occasion: Occasion,
}

impl Asked {
    fn address(&self) -> String {
        let mut address = format!(
            "/checklist?from={}&to={}",
            segment(&self.from),
            segment(&self.to)
        );
        if self.occasion == Occasion::Rollback {
            address.push_str("&for=rollback");
        }
        address
    }
}

#[component]
pub fn Checklist() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let word = |key: &str, otherwise: &str| {
            let given = query.get(key).filter(|text| !text.is_empty());
            given.unwrap_or_else(|| otherwise.to_owned())
        };
        Asked {
            from: word("from", "base"),
            to: word("to", "heads"),
            occasion: match word("for", "deployment").as_str() {
                "rollback" => Occasion::Rollback,
                _ => Occasion::Deployment,
            },
        }
    });
    let opening = project::project(Memo::new(|_| false));
    let body = move || match opening.get() {
        Opening::Loading => view! {
            <div class="shape" role="status" aria-label="Loading">
                <i></i>
                <i></i>
                <i></i>
            </div>
        }
        .into_any(),
        Opening::Broken(reasons) => {
            let items = vec![checklist::broken(reasons)];
            view! { <List items=Signal::stored(items) /> }.into_any()
        }
        Opening::Ready(project) => {
            let asked = asked.get();
            match wanted(&project, &asked) {
                Ok(wanted) => view! { <Answer asked wanted opening /> }.into_any(),
                Err(words) => view! {
                    <div class="empty">
                        <h2>"There is no checklist for this range"</h2>
                        <p>{words}</p>
                    </div>
                }
                .into_any(),
            }
        }
    };
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>
                        {move || match asked.read().occasion {
                            Occasion::Deployment => "Checklist before a deployment",
                            Occasion::Rollback => "Checklist before a rollback",
                        }}
                    </h1>
                    <p class="sub">
                        "What the files answer is computed, what a database has to show is proved in this tab, and what only a person knows is confirmed by name on a plan."
                    </p>
                </div>
            </header>
            <Choices asked opening />
            {body}
        </section>
    }
}

/// Which revisions, and for what.
#[component]
fn Choices(asked: Memo<Asked>, opening: Memo<Opening>) -> impl IntoView {
    let environments = Memo::new(move |_| {
        opening.with(|it| {
            it.ready().map_or_else(Vec::new, |project| {
                let names = project.environments.iter().map(|(name, _)| name.clone());
                names.collect::<Vec<_>>()
            })
        })
    });
    let ranges = move || {
        let now = asked.get();
        let mut ranges = vec![("The whole history".to_owned(), "base".to_owned())];
        ranges.extend(
            environments
                .get()
                .into_iter()
                .map(|name| (format!("Not in {name}"), Place::Environment(name).address())),
        );
        let known = |from: &str| ranges.iter().any(|(_, other)| other == from);
        let other = (!known(&now.from) || now.to != "heads").then(|| {
            let words = format!("{} → {}", now.from, now.to);
            (words, now.clone())
        });
        let chips = ranges.into_iter().map(|(words, from)| {
            let to = Asked {
                from,
                to: "heads".into(),
                occasion: now.occasion,
            };
            (words, to)
        });
        let chips: Vec<_> = chips.chain(other).collect();
        chips
            .into_iter()
            .map(|(words, to)| chip(words, &to, &now))
            .collect_view()
    };
    let occasions = move || {
        let now = asked.get();
        [
            ("Before a deployment", Occasion::Deployment),
            ("Before a rollback", Occasion::Rollback),
        ]
        .map(|(words, occasion)| {
            let to = Asked {
                occasion,
                ..now.clone()
            };
            chip(words.to_owned(), &to, &now)
        })
    };
    view! {
        <nav class="chips" aria-label="Revisions">
            {ranges}
        </nav>
        <nav class="chips" aria-label="Occasion">
            {occasions}
        </nav>
    }
}

fn chip(words: String, to: &Asked, now: &Asked) -> impl IntoView + use<> {
    let on = to == now;
    view! {
        <a class="chip" class:on=on href=to.address() aria-current=on.then_some("true")>
            {words}
        </a>
    }
}

#[component]
fn Answer(asked: Asked, wanted: BTreeSet<RevisionId>, opening: Memo<Opening>) -> impl IntoView {
    let state = state();
    let occasion = asked.occasion;
    // What an environment lacks is one deployment.
    let together = matches!(Place::read(&asked.from), Place::Environment(_));
    let judged = match together {
        true => " Judged as one deployment: what a revision makes is empty for those that follow.",
        false => " Each revision is judged by itself, on tables that have rows.",
    };
    let count = counted(wanted.len() as u64, "revision", "revisions");
    let prove = format!(
        "/dry-run?from={}&to={}&mode=prove",
        segment(&asked.from),
        segment(&asked.to)
    );
    let files = files_say(state.with_drafts.into(), wanted.clone(), occasion, together);
    let items = Signal::derive(move || {
        let mut items: Vec<Item> = files.with(|it| it.as_ref()?.items())?;
        items.push(proof_says(opening.get().ready(), &wanted));
        items.extend(checklist::persons(occasion, &BTreeMap::new(), |_| {
            "open: is confirmed by name on a plan".to_owned()
        }));
        Some(items)
    });
    view! {
        <p class="sub ck-range">{format!("{count}: {} → {}.{judged}", asked.from, asked.to)}</p>
        <Awaited files />
        {move || {
            let prove = prove.clone();
            items.with(Option::is_some).then(|| {
                let items = Signal::derive(move || items.get().unwrap_or_default());
                view! { <List items prove /> }
            })
        }}
    }
}

/// The revisions of the range; or why there are none, in a sentence.
fn wanted(project: &Project, asked: &Asked) -> Result<BTreeSet<RevisionId>, String> {
    let history = &project.history;
    let resolved = |text: &str| match Place::read(text) {
        Place::Target(text) => target::resolve(history, &text).map_err(|error| format!("{error}.")),
        Place::Environment(name) => {
            let known = project.environments.iter().find(|(one, _)| *one == name);
            let rows = known.map(|(_, rows)| rows.clone());
            rows.ok_or_else(|| format!("It is not known here at which revision {name} is: open Databases while the server answers."))
        }
    };
    let below = history.ancestors(&resolved(&asked.from)?);
    let all = history.ancestors(&resolved(&asked.to)?);
    let wanted: BTreeSet<RevisionId> = all.difference(&below).cloned().collect();
    match wanted.len() {
        0 => Err(format!(
            "Nothing lies between {} and {}.",
            asked.from, asked.to
        )),
        _ => Ok(wanted),
    }
}
