//! Before a merge is written: both orders of its branches are replayed in this tab, and what that says of them.

use super::desk::Desk;
use crate::dry_run::aside::Aside;
use crate::dry_run::bench;
use crate::dry_run::range::{Project, Range};
use crate::dry_run::record::{At, Ending, Proof, Subject};
use crate::dry_run::stop::UnderWay;
use crate::pages::dry_run::difference::Differences;
use crate::pages::dry_run::now::Now;
use crate::pages::dry_run::project::{self, Opening};
use crate::pages::remote::SqlAt;
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::DbError;
use cofferdam_engine::verify::merging::shared;
use cofferdam_engine::verify::{Merging, Refused};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Two of the merged heads, and what their branches mean to each other.
#[derive(Clone)]
struct Pair {
    heads: [RevisionId; 2],
    merging: Merging,
    sentence: String,
}

#[derive(Clone)]
enum Stage {
    Asked,
    /// What is replayed now.
    Running(String, Arc<Proof>),
    Known(Vec<Pair>),
    /// Why nothing is known; a sentence.
    Failed(String),
}

/// The check of a new merge; nothing for other revisions.
#[component]
pub fn MergeCheck(desk: Desk) -> impl IntoView {
    let heads = Memo::new(move |_| {
        let down = desk.sheet.with(|sheet| {
            let revision = sheet.revision().filter(|it| it.is_merge())?;
            Some(revision.down.clone())
        });
        down.filter(|_| desk.is_new())
    });
    // What was found holds for these files only.
    let files = Memo::new(move |_| {
        let saved = desk.saved();
        let shas = heads.get().unwrap_or_default().into_iter().map(|id| {
            let outlines = saved.as_ref().map(|saved| &saved.outlines);
            let mut outlines = outlines.into_iter().flatten();
            let found = outlines.find(|script| script.revision.id == id);
            found.map(|script| script.sha256.clone())
        });
        shas.collect::<Vec<_>>()
    });
    let opening = project::project(Memo::new(|_| false));
    move || {
        let heads = heads.get()?;
        files.track();
        Some(view! { <Check heads opening /> })
    }
}

#[component]
fn Check(heads: Vec<RevisionId>, opening: Memo<Opening>) -> impl IntoView {
    let stage = RwSignal::new(Stage::Asked);
    let under_way = UnderWay::new();
    on_cleanup(move || under_way.stop());
    let ids = StoredValue::new(heads);
    let start = move |_| {
        let project = match opening.get_untracked() {
            Opening::Ready(project) => project,
            Opening::Loading => return,
            Opening::Broken(reasons) => return stage.set(Stage::Failed(reasons.join("; "))),
        };
        let ids = ids.get_value();
        spawn_local(async move {
            let tell = |words: String, aside: &Aside| {
                under_way.set(aside.stop.clone());
                stage.try_set(Stage::Running(words, aside.proof.clone()));
            };
            let found = check(&project, &ids, tell).await;
            stage.try_set(match found {
                Ok(Some(pairs)) => Stage::Known(pairs),
                Ok(None) => Stage::Asked,
                Err(words) => Stage::Failed(words),
            });
        });
    };
    let busy = bench::running();
    let body = move || match stage.get() {
        Stage::Asked => {
            let busy = busy.clone();
            view! {
                <p>
                    "Do these branches get on? Both orders are replayed from what they have in common, in a PostgreSQL of this tab, and the schemas compared."
                </p>
                <button type="button" class="btn" disabled=busy.clone() on:click=start>
                    "Check both orders"
                </button>
                <p class="wr-hint" role="status">
                    {move || busy.get().then_some("A dry run is under way; check when it has ended.")}
                </p>
            }
            .into_any()
        }
        Stage::Running(words, proof) => view! {
            <p>{words}</p>
            <Now proof />
            <button type="button" class="btn sm" on:click=move |_| under_way.stop()>
                "Cancel"
            </button>
        }
        .into_any(),
        Stage::Known(pairs) => pairs.into_iter().map(pair).collect_view().into_any(),
        Stage::Failed(words) => view! {
            <p class="wr-note danger" role="alert">
                "It is not known whether these branches get on. "
                {words}
            </p>
            <button type="button" class="btn sm" on:click=start>
                "Check again"
            </button>
        }
        .into_any(),
    };
    view! {
        <section class="wr-merging" aria-label="Both orders">
            <h2>"Both orders"</h2>
            {body}
        </section>
    }
}

fn pair(pair: Pair) -> impl IntoView {
    let [one, other] = pair.heads;
    let (class, more) = match &pair.merging {
        Merging::Commutes { .. } => ("good", ""),
        Merging::OrderMatters { .. } => ("caution", ""),
        Merging::Conflicts { .. } => (
            "danger",
            " The merge can be saved, and nobody can upgrade through it until this is put right.",
        ),
    };
    let words = pair.merging.words();
    let details = match pair.merging {
        Merging::Commutes { columns: found } => {
            (!found.is_empty()).then(|| view! { <Differences found /> }.into_any())
        }
        Merging::OrderMatters { differences } => {
            Some(view! { <Differences found=differences /> }.into_any())
        }
        Merging::Conflicts {
            revision, refused, ..
        } => Some(failure(&revision, refused).into_any()),
    };
    view! {
        <div class="wr-pair">
            <p role="status">
                <span class=format!("badge {class}")>{words}</span>
                " "
                <a href=format!("/history/{one}")>
                    <code>{one.short().to_owned()}</code>
                </a>
                " and "
                <a href=format!("/history/{other}")>
                    <code>{other.short().to_owned()}</code>
                </a>
                ". "
                {pair.sentence}
                {more}
            </p>
            {details}
        </div>
    }
}

/// What the database said, and to which statement.
fn failure(revision: &RevisionId, refused: Refused) -> impl IntoView + use<> {
    let Refused { sql, line, error } = refused;
    let place = line.map(|line| format!(", line {line}"));
    let DbError {
        code,
        message,
        position,
        ..
    } = error;
    view! {
        <p>
            <a href=format!("/history/{revision}")>
                <code>{revision.short().to_owned()}</code>
            </a>
            {place}
            ": "
            <b>{message}</b>
            " "
            <code title="SQLSTATE">{code}</code>
        </p>
        {sql.map(|text| view! { <SqlAt text position /> })}
    }
}

/// Judges each two of `heads`; none where somebody stopped it.
async fn check(
    project: &Project,
    heads: &[RevisionId],
    tell: impl Fn(String, &Aside),
) -> Result<Option<Vec<Pair>>, String> {
    let mut pairs = Vec::new();
    for (at, one) in heads.iter().enumerate() {
        for other in &heads[at + 1..] {
            let Some(merging) = judge(project, [one, other], &tell).await? else {
                return Ok(None);
            };
            pairs.push(Pair {
                sentence: merging.sentence(&project.history, [one, other]),
                heads: [one.clone(), other.clone()],
                merging,
            });
        }
    }
    Ok(Some(pairs))
}

async fn judge(
    project: &Project,
    [one, other]: [&RevisionId; 2],
    tell: &impl Fn(String, &Aside),
) -> Result<Option<Merging>, String> {
    let below = shared(&project.history, one, other);
    let mut ends = Vec::new();
    for [first, second] in [[one, other], [other, one]] {
        let order = [first.clone(), second.clone()];
        let range = Range::on_top(project, &below, &order).map_err(|error| format!("{error}."))?;
        let aside = Aside::new(range).map_err(|error| format!("{error}."))?;
        let words = format!("{} first, then {}", first.short(), second.short());
        tell(words, &aside);
        match aside.run(project).await {
            Ok(found) => ends.push(found),
            Err(Ending::Cancelled) => return Ok(None),
            Err(Ending::Failed {
                at,
                statement,
                error,
                ..
            }) => {
                return Ok(Some(Merging::Conflicts {
                    revision: revision(&aside.proof, at).unwrap_or_else(|| second.clone()),
                    after: first.clone(),
                    refused: refused(&aside.proof, at, statement, *error),
                }));
            }
            Err(Ending::Engine { message, .. } | Ending::NotStarted(message)) => {
                return Err(format!("PostgreSQL in this tab: {message}."));
            }
            Err(Ending::Refused(words)) => return Err(format!("{words}.")),
            Err(Ending::Done) => return Err("The replay told nothing of the schema.".into()),
        }
    }
    match ends.as_slice() {
        [first, second] => Merging::judge(&first.after, &second.after)
            .map(Some)
            .map_err(|error| format!("{error}.")),
        _ => Ok(None),
    }
}

fn revision(proof: &Proof, at: At) -> Option<RevisionId> {
    match &proof.entry(at)?.subject {
        Subject::Revision { id, .. } => id.clone(),
        Subject::Seed { .. } => None,
    }
}

fn refused(proof: &Proof, at: At, statement: Option<usize>, error: DbError) -> Refused {
    let found = proof.entry(at).zip(statement).and_then(|(entry, index)| {
        let work = entry.work.read_untracked();
        work.statements.get(index).cloned()
    });
    Refused {
        line: found.as_ref().and_then(|one| one.line),
        sql: found.map(|one| one.sql),
        error,
    }
}
