//! The button that drafts the downgrade: the upgrade runs in the tab's PostgreSQL, and what takes it back is written.

use super::desk::Desk;
use super::sheet::does_nothing;
use crate::dry_run::database::NoResult;
use crate::dry_run::drafting::draft;
use crate::dry_run::stop::UnderWay;
use crate::state::state;
use cofferdam_engine::config::Config;
use cofferdam_engine::draft::Unrestored;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Direction, Downgrade, RevisionId, Script};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Idle,
    Running,
    Failed(String),
    Done(Vec<Unrestored>),
}

#[component]
pub fn Drafting(desk: Desk, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let stage = RwSignal::new(Stage::Idle);
    let under_way = UnderWay::new();
    on_cleanup(move || under_way.stop());
    // Whether there is something to undo, and whether something undoes it already.
    let has = Memo::new(move |_| {
        desk.sheet.with(|sheet| {
            let script = sheet.script.as_ref()?;
            (!does_nothing(script, Direction::Upgrade))
                .then(|| !does_nothing(script, Direction::Downgrade))
        })
    });
    let start = move || {
        desk.read_now();
        let (id, history, config) = match project(desk) {
            Ok(project) => project,
            Err(why) => return stage.set(Stage::Failed(why)),
        };
        let wish = under_way.begin();
        stage.set(Stage::Running);
        spawn_local(async move {
            let drafted = draft(&history, &config, &id, &wish).await;
            let next = match drafted {
                Err(NoResult::Stopped) => Stage::Idle,
                Err(NoResult::Failed(why)) => Stage::Failed(why),
                Ok(draft) if draft.sql.is_empty() => Stage::Failed(
                    "The upgrade leaves nothing behind: there is nothing to undo.".into(),
                ),
                // The revision may be another one by now.
                Ok(_)
                    if desk
                        .sheet
                        .try_with_untracked(|sheet| sheet.revision().map(|it| it.id.clone()))
                        .flatten()
                        != Some(id) =>
                {
                    Stage::Idle
                }
                Ok(draft) => {
                    desk.change_sections(|revision| {
                        revision.downgrade = Downgrade::Sql(draft.sql);
                    });
                    Stage::Done(draft.unrestored)
                }
            };
            // The page may be gone.
            let _ = stage.try_set(next);
        });
    };
    let is_running = move || stage.with(|stage| *stage == Stage::Running);
    move || {
        has.get().filter(|_| !locked.get()).map(|has_one| {
            view! {
                <div class="wr-field" id="wr-drafting">
                    <button type="button" class="btn sm" disabled=is_running on:click=move |_| start()>
                        {if has_one { "Draft the downgrade again" } else { "Draft the downgrade" }}
                    </button>
                    <div role="status">
                        {move || match stage.get() {
                            Stage::Idle => ().into_any(),
                            Stage::Running => {
                                view! {
                                    <p class="wr-note info">
                                        "The upgrade runs in this tab's PostgreSQL, to see what there is to undo."
                                        <button
                                            type="button"
                                            class="btn sm"
                                            on:click=move |_| under_way.stop()
                                        >
                                            "Stop"
                                        </button>
                                    </p>
                                }
                                    .into_any()
                            }
                            Stage::Failed(why) => view! { <p class="wr-note danger">{why}</p> }.into_any(),
                            Stage::Done(missing) => done(missing).into_any(),
                        }}
                    </div>
                </div>
            }
        })
    }
}

/// What the draft does not bring back.
fn done(missing: Vec<Unrestored>) -> impl IntoView {
    let words = match missing.is_empty() {
        true => {
            "The draft stands in the downgrade section, and brings the whole schema back. Dry-run it: the proof is up, down, up."
        }
        false => "The draft stands in the downgrade section. It does not restore:",
    };
    let class = match missing.is_empty() {
        true => "wr-note info",
        false => "wr-note caution",
    };
    let items = missing.into_iter().map(|one| {
        view! {
            <li>
                {one.sentence}" "<code>{one.statement}</code>
            </li>
        }
    });
    view! {
        <div class=class>
            <p>{words}</p>
            <ul>{items.collect_view()}</ul>
        </div>
    }
}

/// The revision at the desk, and the history with it, its drafted parents too.
fn project(desk: Desk) -> Result<(RevisionId, History, Config), String> {
    let workspace = state().with_drafts.get_untracked();
    let workspace = workspace.ok_or("No project is open.")?;
    let sheet = desk.sheet.get_untracked();
    let script = sheet
        .script
        .ok_or("The file cannot be read as a revision.")?;
    let base = desk.base.get_untracked();
    let saved = base.as_ref().map(|base| base.path.as_str());
    let is_other =
        |other: &&Script| other.path != script.path && Some(other.path.as_str()) != saved;
    let mut scripts: Vec<Script> = workspace.scripts.iter().filter(is_other).cloned().collect();
    let id = script.revision.id.clone();
    scripts.push(Script {
        cuts: None,
        ..script
    });
    let history = History::of_project(scripts, &workspace.config.project);
    let history = history.map_err(|errors| {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        words.join(" ")
    })?;
    Ok((id, history, workspace.config.clone()))
}
