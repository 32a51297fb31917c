//! The phases as a drawn timeline: expand, migrate, contract, with deploys and the gate between them.

use super::drawing::{Drawn, Line, Revision, Transaction};
use super::editing::{EditPart, Edits};
use super::gate::{GateCard, Watch};
use crate::highlight::highlight_sql;
use crate::pages::effect::does;
use crate::pages::remote::CopyButton;
use crate::state::state;
use cofferdam_engine::change::Phase;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Timeline(
    drawn: Arc<Drawn>,
    edits: Edits,
    /// Of a change whose revisions are written.
    #[prop(optional_no_strip)]
    watch: Option<Watch>,
) -> impl IntoView {
    let shown: Vec<Phase> = Phase::ALL
        .into_iter()
        .filter(|phase| drawn.of(*phase).next().is_some())
        .collect();
    let count = shown.len();
    let cards = shown.iter().enumerate().map(|(at, phase)| {
        let between = shown.get(at + 1).map(|next| match next {
            Phase::Contract => view! { <GateCard drawn=drawn.clone() watch /> }.into_any(),
            _ => view! { <Deploy /> }.into_any(),
        });
        view! {
            <PhaseCard drawn=drawn.clone() phase=*phase edits />
            {between}
        }
    });
    view! {
        <div class=format!("ch-line ch-{count}") role="list" aria-label="Phases">
            {cards.collect_view()}
        </div>
    }
}

/// Between expand and migrate.
#[component]
fn Deploy() -> impl IntoView {
    view! {
        <div class="ch-between" role="listitem">
            <section class="ch-gate" aria-label="Then deploy">
                <h3>"Then deploy"</h3>
                <p>"Nothing: the old version goes on, and what it writes is kept in step."</p>
            </section>
        </div>
    }
}

#[component]
fn PhaseCard(drawn: Arc<Drawn>, phase: Phase, edits: Edits) -> impl IntoView {
    let written: Vec<RevisionId> = drawn.change.revisions(phase).cloned().collect();
    let parts: Vec<Revision> = drawn.of(phase).cloned().collect();
    let count = parts.len();
    // What is written is a revision, and edited as one.
    let edits = written.is_empty().then_some(edits);
    let words = match phase {
        Phase::Expand => "Adds what the new version needs",
        Phase::Migrate => "Moves the data, beside everybody's work",
        Phase::Contract => "Takes away what only the old version needs",
    };
    let foot = match phase {
        Phase::Expand | Phase::Migrate => {
            "Every revision has its way back, which keeps what both versions wrote meanwhile."
        }
        Phase::Contract => {
            "Cannot be planned while the gate is shut. What it takes rests in quarantine until it is swept: one command brings it back with its rows."
        }
    };
    view! {
        <section class=format!("card ch-phase {phase}") role="listitem" aria-label=phase.as_str()>
            <h2>
                <span class=format!("badge {phase}")>{phase.as_str()}</span>
                {words}
            </h2>
            <div class="ch-body">
                {parts.into_iter().map(|part| view! { <PartView part several=count != 1 edits /> }).collect_view()}
                <State written />
                <p class="ch-foot">{foot}</p>
            </div>
        </section>
    }
}

/// Which revisions it is, and where they are applied.
#[component]
fn State(written: Vec<RevisionId>) -> impl IntoView {
    if written.is_empty() {
        return view! { <p class="ch-state">"Not written yet."</p> }.into_any();
    }
    let environments = state().environments;
    let ids = written.clone();
    let links = written.iter().map(|id| {
        let id = id.to_string();
        view! {
            <a href=format!("/history/{id}")>
                <code>{id.clone()}</code>
            </a>
            " "
        }
    });
    let applied =
        move || {
            environments.with(|all| {
                let marks = all.iter().filter(|one| one.error.is_none()).map(|one| {
                let done = ids.iter().filter(|id| one.applied.iter().any(|it| it == id.as_str()));
                let done = done.count();
                let (tone, words) = match done {
                    0 => ("", "not applied".to_owned()),
                    done if done == ids.len() => ("good", "applied".to_owned()),
                    done => ("caution", format!("{done} of {} applied", ids.len())),
                };
                view! { <span class=format!("badge {tone}")>{one.name.clone()} ": " {words}</span> }
            });
                marks.collect_view()
            })
        };
    view! {
        <p class="ch-state">"Written: " {links.collect_view()}</p>
        <p class="ch-marks">{applied}</p>
    }
    .into_any()
}

#[component]
fn PartView(
    part: Revision,
    several: bool,
    /// None where its revision is written.
    edits: Option<Edits>,
) -> impl IntoView {
    let edit = edits.map(|edits| view! { <EditPart revision=part.clone() edits /> });
    let is_edited = part.is_edited();
    let Revision {
        part,
        upgrade,
        downgrade,
        ..
    } = part;
    let message = part.message.clone();
    view! {
        <article class="ch-part" aria-label=message>
            <h3>
                {part.message}
                {several.then(|| view! { <span class="n">"a revision"</span> })}
                {is_edited.then(|| view! { <span class="badge caution">"edited"</span> })}
            </h3>
            {upgrade.into_iter().map(transaction).collect_view()}
            <details class="ch-undo">
                <summary>"Its way back"</summary>
                {downgrade.into_iter().map(transaction).collect_view()}
            </details>
            <p class="ch-part-buttons">
                <CopyButton text=Signal::stored(part.upgrade) label="Copy the SQL" plain=true />
                {edit}
            </p>
        </article>
    }
}

fn transaction(transaction: Transaction) -> impl IntoView {
    let words = match (transaction.is_outside, transaction.statements.first()) {
        (
            true,
            Some(Line {
                batches: Some(_), ..
            }),
        ) => "in batches, each a transaction",
        (true, _) => "outside a transaction",
        (false, _) => "one transaction",
    };
    view! {
        <div class="ch-tx">
            <p class="lab">{words}</p>
            {transaction.statements.into_iter().map(statement).collect_view()}
        </div>
    }
}

fn statement(line: Line) -> impl IntoView {
    let Line {
        sql,
        batches,
        effect,
        amount,
    } = line;
    let is_setting = sql
        .trim_start()
        .get(..4)
        .is_some_and(|word| word.eq_ignore_ascii_case("set "));
    let batches =
        batches.map(|words| view! { <code class="ch-batches">"-- +backfill " {words}</code> });
    if is_setting {
        return view! { <code class="ch-setting">{sql}</code> }.into_any();
    }
    let (first, is_cut) = head(&sql);
    let code = match is_cut {
        false => view! { <code class="ch-sql">{highlight_sql(&sql)}</code> }.into_any(),
        true => view! {
            <details class="ch-more">
                <summary>
                    <code>{first} " …"</code>
                </summary>
                <pre class="ch-sql" tabindex="0">{highlight_sql(&sql)}</pre>
            </details>
        }
        .into_any(),
    };
    view! {
        <div class="ch-st">
            {batches}
            {code}
            {does(effect)}
            {amount.map(|words| view! { <p class="ch-amount">{words}</p> })}
        </div>
    }
    .into_any()
}

/// The statement's first line, as far as it says what it is; and whether there is more.
fn head(sql: &str) -> (String, bool) {
    const LONGEST: usize = 120;
    let first = sql.lines().next().unwrap_or_default();
    match first.char_indices().nth(LONGEST) {
        Some((at, _)) => (first[..at].to_owned(), true),
        None => (first.to_owned(), sql.trim_end().contains('\n')),
    }
}
