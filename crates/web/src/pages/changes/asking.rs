//! Which of the application's queries break, and when: they are prepared in the tab at every point of the change.

use super::drawing::Drawn;
use super::matrix::MatrixTable;
use crate::dry_run::bench;
use crate::dry_run::database::NoResult;
use crate::dry_run::queries as preparing;
use crate::dry_run::stop::UnderWay;
use crate::js::files;
use crate::pages::write::clock;
use crate::state::state;
use cofferdam_engine::change::Proposed;
use cofferdam_engine::change::queries::{self, Evidence, Query};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The queries on the page, and what is known of them.
#[derive(Clone, Copy)]
pub struct Asking {
    /// SQL, with lines `-- version: old`, `new` or `both`.
    pub text: RwSignal<String>,
    stage: RwSignal<Stage>,
    under_way: UnderWay,
}

#[derive(Clone)]
enum Stage {
    Idle,
    /// The point that is being reached.
    Running(String),
    Known(Arc<Found>),
    /// One sentence.
    Failed(String),
}

/// A matrix, and what it is of.
struct Found {
    evidence: Evidence,
    drawn: Arc<Drawn>,
    text: String,
}

impl Asking {
    /// With the queries that are kept beside a change, and what was found of them then.
    pub fn new(text: String, kept: Option<(Evidence, Arc<Drawn>)>) -> Self {
        let stage = match kept {
            Some((evidence, drawn)) => Stage::Known(Arc::new(Found {
                evidence,
                drawn,
                text: text.clone(),
            })),
            None => Stage::Idle,
        };
        Asking {
            text: RwSignal::new(text),
            stage: RwSignal::new(stage),
            under_way: UnderWay::new(),
        }
    }

    /// The queries; none where none are given.
    ///
    /// # Errors
    /// Where the text holds none, in words.
    pub fn queries(self) -> Result<Option<Vec<Query>>, String> {
        let text = self.text.get_untracked();
        match text.trim() {
            "" => Ok(None),
            _ => queries::read(&text, false)
                .map(Some)
                .map_err(|error| error.to_string()),
        }
    }

    /// What is known of exactly these queries and this change.
    pub fn evidence(self, drawn: &Drawn) -> Option<Evidence> {
        self.stage.with_untracked(|stage| match stage {
            Stage::Known(found) if found.holds_for(drawn, &self.text.read_untracked()) => {
                Some(found.evidence.clone())
            }
            _ => None,
        })
    }

    /// Prepares the queries at every point, and then goes on; not where it was stopped or failed.
    pub fn ask(self, drawn: Arc<Drawn>, then: impl FnOnce(Option<Evidence>) + 'static) {
        if matches!(self.stage.get_untracked(), Stage::Running(_)) {
            return;
        }
        let asked = match self.queries() {
            Ok(Some(asked)) => asked,
            Ok(None) => return then(None),
            Err(words) => return self.stage.set(Stage::Failed(words)),
        };
        let Some(workspace) = state().workspace.get_untracked() else {
            return;
        };
        let stop = self.under_way.begin();
        let text = self.text.get_untracked();
        self.stage.set(Stage::Running("The history is read".into()));
        spawn_local(async move {
            let found = async {
                let history = workspace.sound_history().map_err(NoResult::Failed)?;
                let project = &workspace.config.project;
                let proposed = Proposed::new(history, project, &drawn.change, &drawn.phases)
                    .map_err(|error| NoResult::Failed(error.to_string()))?;
                let tell = |point: &str| {
                    self.stage.try_set(Stage::Running(point.to_owned()));
                };
                preparing::matrix(
                    &proposed,
                    &drawn.change,
                    &workspace.config,
                    &asked,
                    &stop,
                    tell,
                )
                .await
            }
            .await;
            let (stage, evidence) = match found {
                Ok((matrix, version)) => {
                    let evidence = Evidence::new(matrix, &version, clock::timestamp());
                    let found = Found {
                        evidence: evidence.clone(),
                        drawn,
                        text,
                    };
                    (Stage::Known(Arc::new(found)), Some(evidence))
                }
                Err(NoResult::Stopped) => (Stage::Idle, None),
                Err(NoResult::Failed(words)) => (Stage::Failed(words), None),
            };
            let is_known = evidence.is_some();
            // The page may be gone.
            if self.stage.try_set(stage).is_none() && is_known {
                then(evidence);
            }
        });
    }

    /// What is under way, or went wrong, in a few words.
    pub fn words(self) -> Option<String> {
        match &*self.stage.read() {
            Stage::Running(point) => Some(format!("The queries are checked. {point}…")),
            Stage::Failed(words) => Some(format!("The queries could not be checked: {words}")),
            Stage::Idle | Stage::Known(_) => None,
        }
    }
}

impl Found {
    fn holds_for(&self, drawn: &Drawn, text: &str) -> bool {
        self.drawn.phases == drawn.phases && self.text == text
    }
}

/// A file that the person picks, with its name; none where they changed their mind.
async fn picked() -> Result<Option<(String, String)>, String> {
    let Some(listing) = files::pick_files(false).await? else {
        return Ok(None);
    };
    let first: Vec<String> = listing.paths().take(1).map(str::to_owned).collect();
    let mut found = listing.read(first).await?.into_iter();
    Ok(found
        .next()
        .map(|file| (file.path, String::from_utf8_lossy(&file.bytes).into_owned())))
}

#[component]
pub fn Queries(drawn: Arc<Drawn>, asking: Asking) -> impl IntoView {
    on_cleanup(move || asking.under_way.stop());
    let busy = bench::running();
    let running = Memo::new(move |_| matches!(*asking.stage.read(), Stage::Running(_)));
    let is_empty = Memo::new(move |_| asking.text.read().trim().is_empty());
    let trouble = RwSignal::new(None::<String>);
    let pick = move |_| {
        trouble.set(None);
        spawn_local(async move {
            match picked().await {
                Ok(Some((name, text))) => {
                    let is_csv = name.to_lowercase().ends_with(".csv");
                    match queries::read(&text, is_csv) {
                        Ok(found) if is_csv => asking.text.set(queries::write(&found)),
                        Ok(_) => asking.text.set(text),
                        Err(error) => trouble.set(Some(format!("{name}: {error}"))),
                    }
                }
                Ok(None) => {}
                Err(error) => trouble.set(Some(error)),
            }
        });
    };
    let check = {
        let drawn = drawn.clone();
        move |_| asking.ask(drawn.clone(), |_| {})
    };
    let shown = move || match asking.stage.get() {
        Stage::Idle => ().into_any(),
        Stage::Running(point) => view! {
            <p class="ch-running" role="status">
                {point} "… "
                <button type="button" class="btn sm" on:click=move |_| asking.under_way.stop()>
                    "Stop"
                </button>
            </p>
        }
        .into_any(),
        Stage::Failed(words) => {
            view! { <p class="band danger" role="alert">{words}</p> }.into_any()
        }
        Stage::Known(found) => {
            let drawn = drawn.clone();
            let known = found.clone();
            let is_stale = Memo::new(move |_| !known.holds_for(&drawn, &asking.text.read()));
            let matrix = found.evidence.matrix.clone();
            let breaks = matrix
                .rows
                .iter()
                .filter(|row| !row.broken.is_empty())
                .count();
            let count = matrix.rows.len();
            let points = matrix.points.len();
            let words = match breaks {
                0 => format!(
                    "Every query works wherever its version is at work: {count} prepared at {points} points, on PostgreSQL {}.",
                    found.evidence.postgres
                ),
                1 => "1 query would break where its version is at work.".to_owned(),
                breaks => format!("{breaks} queries would break where their version is at work."),
            };
            view! {
                <p class=if breaks == 0 { "ch-result ok" } else { "ch-result no" } role="status">{words}</p>
                <Show when=move || is_stale.get()>
                    <p class="band caution">"The change or its queries have been altered since: check them again."</p>
                </Show>
                <MatrixTable matrix />
            }
            .into_any()
        }
    };
    view! {
        <section class="card ch-queries" aria-label="Queries">
            <h2>"Which of your queries break, and when"</h2>
            <div class="ch-body">
                <p class="ch-foot">
                    "The application's queries, with $1 for parameters. A line " <code>"-- version: old"</code> ", " <code>"new"</code> " or "
                    <code>"both"</code> " says whose the queries after it are; or open a .sql file, or an export of pg_stat_statements as .csv. They are prepared, never run, in a PostgreSQL of this tab."
                </p>
                <textarea
                    class="mono"
                    rows="7"
                    spellcheck="false"
                    aria-label="The application's queries"
                    placeholder="-- version: old\nSELECT id, tier FROM reports WHERE owner_id = $1;\n-- version: new\nSELECT id, plan FROM reports WHERE owner_id = $1;"
                    prop:value=move || asking.text.get()
                    on:input=move |event| asking.text.set(event_target_value(&event))
                ></textarea>
                <p class="ch-actions">
                    <button type="button" class="btn" disabled=move || running.get() || is_empty.get() || busy.get() on:click=check>
                        "Check the queries"
                    </button>
                    <button type="button" class="btn" on:click=pick>
                        "Open a file"
                    </button>
                </p>
                {move || trouble.get().map(|words| view! { <p class="band danger" role="alert">{words}</p> })}
                {shown}
            </div>
        </section>
    }
}
