//! What each statement of one revision did.

use super::figures::{counted, grouped, time};
use super::link::revision_link;
use super::mark::Mark;
use crate::dry_run::record::{At, Proof, State, Statement, Subject};
use crate::highlight::highlight_sql;
use cofferdam_engine::lock::{LockMode, TableUse};
use cofferdam_engine::plan::StepKind;
use cofferdam_engine::run::Notice;
use cofferdam_engine::sql;
use cofferdam_engine::sql::effect::{Effect, Lock, WorkKind};
use cofferdam_engine::verify::measure::Figures;
use leptos::prelude::*;
use std::sync::Arc;

/// The card of the entry at `at`.
#[component]
pub fn EntryCard(proof: Arc<Proof>, at: At) -> impl IntoView {
    let entry = proof.entry(at)?.clone();
    let phase = proof.phases.get(at.phase)?.kind.words();
    let subject = entry.subject.clone();
    // What keeps where a statement in batches stands is told of that statement.
    let shown: Vec<usize> = {
        let work = entry.work.read_untracked();
        let all = work.statements.iter().enumerate();
        all.filter(|(_, one)| matches!(one.kind, StepKind::Statement | StepKind::Version))
            .map(|(at, _)| at)
            .collect()
    };
    let statements = shown.len();
    let total = {
        let work = entry.work.clone();
        move || {
            let work = work.read();
            let done = work
                .statements
                .iter()
                .filter(|one| one.state == State::Done)
                .count();
            match work.state {
                State::Waiting => phase.to_owned(),
                _ if done == 0 => format!("{phase}: 0 of {statements}"),
                _ => format!(
                    "{phase}: {done} of {statements} in {}",
                    time(work.elapsed_ms())
                ),
            }
        }
    };
    let rows = shown.into_iter().map(|index| {
        let work = entry.work.clone();
        let statement = Memo::new(move |_| work.read().statements.get(index).cloned());
        move || statement.get().map(row)
    });
    Some(view! {
        <section class="card dr-entry" id="dr-entry">
            <h2>
                <span>{revision_link(&subject)}</span>
                <span class="n mono">{total}</span>
            </h2>
            {match &subject {
                Subject::Seed { after, .. } => {
                    Some(view! { <p class="dr-note">"Loaded right after " <code>{after.to_string()}</code> ", each statement in a transaction of its own."</p> })
                }
                Subject::Revision { .. } => None,
            }}
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Statement"</th>
                        <th scope="col" class="r">"Rows"</th>
                        <th scope="col" class="r">"Time"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    })
}

fn row(statement: Statement) -> impl IntoView {
    let state = Signal::stored(statement.state);
    let done = matches!(statement.state, State::Done);
    let label = match statement.kind {
        StepKind::Version => "the version row".to_owned(),
        _ => sql::label(&statement.sql),
    };
    let notes = statement.notices.into_iter().map(notice).collect_view();
    let skipped = statement
        .skipped
        .map(|why| view! { <p class="dr-note">"Not needed: " {why}</p> });
    let measured = (done && statement.kind == StepKind::Statement)
        .then(|| measured(statement.predicted.as_ref(), statement.measured.as_ref()));
    view! {
        <tr class:dr-version=statement.kind == StepKind::Version>
            <td>
                <details>
                    <summary>
                        <Mark state />
                        <code title=label.clone()>{label.clone()}</code>
                        {statement.line.map(|line| view! { <span class="dr-lineno">{format!("line {line}")}</span> })}
                    </summary>
                    <pre class="dr-statement mono" tabindex="0">{highlight_sql(&statement.sql)}</pre>
                </details>
                {skipped}
                {measured}
                {notes}
            </td>
            <td class="r">{statement.affected.map(grouped).filter(|_| done).unwrap_or_else(|| "–".into())}</td>
            <td class="r mono">{done.then(|| time(statement.elapsed_ms))}</td>
        </tr>
    }
}

/// What was measured, beside what reading had said, with a mark where they differ.
fn measured(predicted: Option<&Effect>, measured: Option<&Figures>) -> impl IntoView + use<> {
    let Some(figures) = measured else {
        return view! { <p class="dr-measured">"Not measurable: it commits by itself, outside a transaction or in batches."</p> }
            .into_any();
    };
    let expected = match predicted {
        Some(Effect::Known(facts)) => Some(facts),
        _ => None,
    };
    let mode_of = |relation: &str| {
        let locks = expected.into_iter().flat_map(|facts| &facts.locks);
        let named = |lock: &&Lock| {
            relation.strip_prefix("public.").unwrap_or(relation) == lock.relation.to_string()
        };
        locks.filter(named).map(|lock| lock.mode).max()
    };
    // What reading and writing rows takes on a table's indexes says nothing.
    let shown = figures.locks.iter().filter(|lock| {
        lock.mode > LockMode::RowExclusive
            || lock.mode > LockMode::AccessShare
                && (expected.is_none() || mode_of(&lock.relation).is_some())
    });
    let locks = shown.map(|lock| {
        let relation = lock.relation.strip_prefix("public.").unwrap_or(&lock.relation).to_owned();
        let other = mode_of(&lock.relation).filter(|mode| *mode != lock.mode);
        let waits: Vec<&str> = TableUse::ALL
            .into_iter()
            .filter(|used| lock.mode.blocks(*used))
            .map(TableUse::as_str)
            .collect();
        let who = match waits.is_empty() {
            true => "nobody waits".to_owned(),
            false => format!("waiting until COMMIT: {}", waits.join(", ")),
        };
        let class = format!("lk l{}", lock.mode as u8);
        view! {
            <li>
                <span class=class>{lock.mode.as_str()}</span>
                " on " <code>{relation}</code> ": " {who}
                {other.map(|mode| view! { <b class="dr-differs">{format!(" (predicted {mode})")}</b> })}
            </li>
        }
    });
    let locks = locks.collect_view();
    let rewrites = expected.map(|facts| {
        facts
            .work
            .iter()
            .any(|work| work.kind == WorkKind::Rewrite && work.is_certain)
    });
    let rewritten = (!figures.rewritten.is_empty()).then(|| {
        let unforeseen = rewrites == Some(false);
        let names: Vec<&str> = figures
            .rewritten
            .iter()
            .map(|name| name.strip_prefix("public.").unwrap_or(name))
            .collect();
        view! {
            <li>
                "Written anew: " <code>{names.join(", ")}</code>
                {unforeseen.then(|| view! { <b class="dr-differs">" (not predicted)"</b> })}
            </li>
        }
    });
    let wal = (figures.wal_bytes > 0)
        .then(|| view! { <li>{counted(figures.wal_bytes, "byte", "bytes")} " of WAL"</li> });
    view! {
        <ul class="dr-measured" aria-label="Measured">
            {locks}
            {rewritten}
            {wal}
        </ul>
    }
    .into_any()
}

fn notice(notice: Notice) -> impl IntoView {
    let warning = notice.severity == "WARNING";
    view! {
        <p class="dr-notice" class:dr-warning=warning>
            <b>{notice.severity}</b>
            " "
            {notice.message}
        </p>
    }
}
