//! The schema that a change is drawn on: the one after the heads, replayed in the tab, or that of an environment.

use crate::dry_run::aside::Aside;
use crate::dry_run::bench;
use crate::dry_run::range::{Place, Project, Range};
use crate::dry_run::record::{Ending, Proof};
use crate::dry_run::stop::UnderWay;
use crate::http;
use crate::pages::dry_run::failure::Failure;
use crate::pages::dry_run::figures::counted;
use crate::pages::dry_run::now::Now;
use crate::pages::dry_run::project;
use crate::state::state;
use cofferdam_engine::catalog::Catalog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::sync::Arc;

/// In an address, what stands before an environment's name.
const ENVIRONMENT: &str = "env:";
/// The schema after the heads.
pub const HEADS: &str = "heads";

#[derive(Clone)]
enum Stage {
    /// Nobody has asked yet.
    Idle,
    Running(Option<Arc<Proof>>),
    Known,
    /// Why it is not known, and the run that failed.
    Failed(String, Option<Arc<Proof>>),
}

/// The schema on the page, with where it comes from.
#[derive(Clone, Copy)]
pub struct Source {
    /// `heads`, or `env:NAME`.
    pub from: RwSignal<String>,
    pub catalog: RwSignal<Option<Arc<Catalog>>>,
    stage: RwSignal<Stage>,
    under_way: UnderWay,
}

impl Source {
    /// One from `from`, whose schema may be known already.
    pub fn new(from: String) -> Self {
        let source = Source {
            from: RwSignal::new(from),
            catalog: RwSignal::new(None),
            stage: RwSignal::new(Stage::Idle),
            under_way: UnderWay::new(),
        };
        let here = state();
        let heads = Memo::new(move |_| {
            let workspace = here.workspace.get()?;
            let history = workspace.sound_history().ok()?;
            Some(history.heads())
        });
        // What is asked of a server costs nothing, and what ran in this tab before is known.
        Effect::new(move |_| {
            let from = source.from.get();
            let is_open = heads.with(Option::is_some);
            source.under_way.begin();
            source.catalog.set(None);
            source.stage.set(Stage::Idle);
            match from.starts_with(ENVIRONMENT) {
                true => source.read(),
                false if is_open => source.take_known(),
                false => {}
            }
        });
        source
    }

    /// The run that ends with the heads, and the project that it runs in.
    fn order() -> Result<(Aside, Project), String> {
        let workspace = state().workspace.get_untracked();
        let workspace = workspace.ok_or("No project is open.")?;
        let history = workspace.sound_history()?.clone();
        let project = project::alone(&workspace, history);
        let place = |name: &str| Place::Target(name.to_owned());
        let range = Range::new(&project, place("base"), place("heads"))
            .map_err(|error| error.to_string())?;
        let aside = Aside::new(range).map_err(|error| error.to_string())?;
        Ok((aside, project))
    }

    fn take_known(self) {
        if let Some(ends) = Source::order().ok().and_then(|(aside, _)| aside.known()) {
            self.catalog.set(Some(Arc::new(ends.after.clone())));
            self.stage.set(Stage::Known);
        }
    }

    /// Reads the schema.
    pub fn read(self) {
        let from = self.from.get_untracked();
        match from.strip_prefix(ENVIRONMENT) {
            Some(name) => self.ask(name.to_owned()),
            None => self.replay(),
        }
    }

    fn ask(self, name: String) {
        let path = format!("environments/{}/catalog", http::segment(&name));
        let Some(path) = state().project_path_now(&path) else {
            let words = format!(
                "The schema of {name} is asked of the server: sign in, or take the one in this tab."
            );
            return self.stage.set(Stage::Failed(words, None));
        };
        self.stage.set(Stage::Running(None));
        let stop = self.under_way.begin();
        spawn_local(async move {
            let answer = http::get::<Value>(&path).await;
            let found = answer
                .map_err(|error| error.to_string())
                .and_then(|json| Catalog::from_json(json).map_err(|error| error.to_string()));
            if !self.under_way.is(&stop) {
                return;
            }
            match found {
                Ok(catalog) => {
                    self.catalog.set(Some(Arc::new(catalog)));
                    self.stage.set(Stage::Known);
                }
                Err(words) => self.stage.set(Stage::Failed(words, None)),
            }
        });
    }

    fn replay(self) {
        let (aside, project) = match Source::order() {
            Ok(order) => order,
            Err(words) => return self.stage.set(Stage::Failed(words, None)),
        };
        self.under_way.set(aside.stop.clone());
        self.stage.set(Stage::Running(Some(aside.proof.clone())));
        spawn_local(async move {
            let ran = aside.run(&project).await;
            if !self.under_way.is(&aside.stop) {
                return;
            }
            match ran {
                Ok(ends) => {
                    self.catalog.set(Some(Arc::new(ends.after.clone())));
                    self.stage.set(Stage::Known);
                }
                Err(Ending::Cancelled) => self.stage.set(Stage::Idle),
                Err(_) => self.stage.set(Stage::Failed(
                    "The history cannot be replayed in this tab, so its schema is not known. Take an environment's instead, or mend what failed.".into(),
                    Some(aside.proof.clone()),
                )),
            }
        });
    }
}

/// The choice, and what is under way.
#[component]
pub fn SourcePicker(source: Source) -> impl IntoView {
    on_cleanup(move || source.under_way.stop());
    let here = state();
    let busy = bench::running();
    let choices = Memo::new(move |_| {
        let named = |name: &String| {
            (
                format!("{ENVIRONMENT}{name}"),
                format!("as {name} has it now"),
            )
        };
        let mut all = vec![(HEADS.to_owned(), "after the heads, in this tab".to_owned())];
        let slug = here.slug();
        here.environments.with(|environments| {
            let there = environments.iter().filter(|one| one.error.is_none());
            let names: Vec<String> = there.map(|one| one.name.clone()).collect();
            all.extend(names.iter().filter(|_| slug.is_some()).map(named));
        });
        let now = source.from.get();
        if !all.iter().any(|(value, _)| *value == now) {
            let words = now.strip_prefix(ENVIRONMENT).unwrap_or(&now);
            all.push((now.clone(), format!("as {words} has it now")));
        }
        all
    });
    let stage = move || match source.stage.get() {
        Stage::Idle => {
            let busy = busy.clone();
            view! {
                <button
                    type="button"
                    class="btn"
                    disabled=move || busy.get() || here.workspace.with(Option::is_none)
                    on:click=move |_| source.read()
                >
                    "Read the schema"
                </button>
                <span class="ch-foot">"Replays the history in a PostgreSQL of this tab; about 230 MB of memory while it runs."</span>
            }
            .into_any()
        }
        Stage::Running(None) => {
            view! { <span class="ch-foot" role="status">"The schema is read…"</span> }.into_any()
        }
        Stage::Running(Some(proof)) => view! {
            <div class="ch-now">
                <Now proof />
                <button type="button" class="btn sm" on:click=move |_| source.under_way.stop()>
                    "Stop"
                </button>
            </div>
        }
        .into_any(),
        Stage::Known => {
            let words = source.catalog.with(|catalog| {
                let catalog = catalog.as_ref()?;
                let tables = catalog.objects().filter(|one| one.relation().is_some());
                let count = counted(tables.count() as u64, "table or view", "tables and views");
                Some(format!("{count}, PostgreSQL {}", catalog.major))
            });
            view! {
                <span class="ch-foot" role="status">{words}</span>
                <button type="button" class="btn sm plain" on:click=move |_| source.read()>
                    "Read again"
                </button>
            }
            .into_any()
        }
        Stage::Failed(words, proof) => view! {
            <p class="band danger" role="alert">{words}</p>
            {proof.map(|proof| view! { <Failure proof /> })}
            <button type="button" class="btn sm" on:click=move |_| source.read()>
                "Try again"
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="ch-source">
            <label>
                "Schema "
                <select
                    prop:value=move || source.from.get()
                    on:change=move |event| source.from.set(event_target_value(&event))
                >
                    {move || {
                        let now = source.from.get_untracked();
                        choices
                            .get()
                            .into_iter()
                            .map(|(value, words)| {
                                let selected = value == now;
                                view! { <option value=value selected=selected>{words}</option> }
                            })
                            .collect_view()
                    }}
                </select>
            </label>
            {stage}
        </div>
    }
}
