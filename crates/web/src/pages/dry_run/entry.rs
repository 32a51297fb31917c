//! What each statement of one revision did.

use super::figures::{grouped, time};
use super::link::revision_link;
use super::mark::Mark;
use crate::dry_run::record::{At, Proof, State, Statement, Subject};
use crate::highlight::highlight_sql;
use cofferdam_engine::plan::StepKind;
use cofferdam_engine::run::Notice;
use cofferdam_engine::sql;
use leptos::prelude::*;
use std::sync::Arc;

/// The card of the entry at `at`.
#[component]
pub fn EntryCard(proof: Arc<Proof>, at: At) -> impl IntoView {
    let entry = proof.entry(at)?.clone();
    let phase = proof.phases.get(at.phase)?.kind.words();
    let subject = entry.subject.clone();
    let statements = entry.work.read_untracked().statements.len();
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
    let rows = (0..statements).map(|index| {
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
        StepKind::Statement => sql::label(&statement.sql),
        StepKind::Version => "the version row".to_owned(),
    };
    let notes = statement.notices.into_iter().map(notice).collect_view();
    let skipped = statement
        .skipped
        .map(|why| view! { <p class="dr-note">"Not needed: " {why}</p> });
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
                {notes}
            </td>
            <td class="r">{statement.affected.map(grouped).filter(|_| done).unwrap_or_else(|| "–".into())}</td>
            <td class="r mono">{done.then(|| time(statement.elapsed_ms))}</td>
        </tr>
    }
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
