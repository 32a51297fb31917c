//! The statements of a draft, and how they will run: which share a transaction, which run outside one.

use super::desk::Desk;
use super::sheet::{Sheet, line_at};
use cofferdam_engine::revision::{Direction, Downgrade};
use cofferdam_engine::sql::{self, Execution};
use leptos::prelude::*;

/// Statements listed of one direction; the rest is counted.
const SHOWN: usize = 200;

/// Statements that run together.
#[derive(Clone, PartialEq)]
struct Part {
    execution: Execution,
    statements: Vec<Line>,
}

#[derive(Clone, PartialEq)]
struct Line {
    label: String,
    /// Byte offset in the file's text.
    at: usize,
}

/// The parts of one direction, in the order of the file, as a plan cuts them.
fn parts(sheet: &Sheet, direction: Direction) -> Option<Vec<Part>> {
    let script = sheet.script.as_ref()?;
    let text = script.revision.sql(direction);
    // A statement of a Python file is where its operation is.
    let python = script.body(direction);
    let operation = |ordinal: usize| {
        let line = python?.lines.get(ordinal)?;
        Some(line_at(&sheet.text, *line).0)
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut open = false;
    for (ordinal, statement) in sql::split(text).statements.into_iter().enumerate() {
        let body = &text[statement.body.clone()];
        let own = script.offset(direction) + statement.body.start;
        let line = Line {
            label: sql::label(body),
            at: operation(ordinal).unwrap_or(own),
        };
        open &= !statement.directives.contains(&sql::Directive::Commit);
        let execution = sql::execution(body, &statement.directives);
        let alone = execution != Execution::Transactional;
        match parts.last_mut() {
            Some(part) if open && !alone => part.statements.push(line),
            _ => parts.push(Part {
                execution,
                statements: vec![line],
            }),
        }
        open = !alone;
    }
    Some(parts)
}

/// Both directions as lists.
#[component]
pub fn Statements(desk: Desk) -> impl IntoView {
    let of = move |direction: Direction| {
        Memo::new(move |_| desk.sheet.with(|sheet| parts(sheet, direction)))
    };
    let upgrade = of(Direction::Upgrade);
    let downgrade = of(Direction::Downgrade);
    let impossible = move || {
        desk.sheet
            .with(|sheet| match &sheet.script.as_ref()?.revision.downgrade {
                Downgrade::Impossible { reason } => Some(reason.clone()),
                _ => None,
            })
    };
    view! {
        <section class="wr-statements" aria-label="Statements, and how they run">
            <h3>"Upgrade"</h3>
            <Parts desk parts=upgrade />
            <h3>"Downgrade"</h3>
            {move || match impossible() {
                Some(reason) => view! { <p class="wr-none">"Cannot be undone: "{reason}</p> }.into_any(),
                None => view! { <Parts desk parts=downgrade /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Parts(desk: Desk, parts: Memo<Option<Vec<Part>>>) -> impl IntoView {
    move || match parts.get() {
        None => view! { <p class="wr-none">"Shown once the header can be read."</p> }.into_any(),
        Some(parts) if parts.is_empty() => {
            view! { <p class="wr-none">"No statements."</p> }.into_any()
        }
        Some(parts) => {
            let total: usize = parts.iter().map(|part| part.statements.len()).sum();
            let mut room = SHOWN;
            let shown = parts
                .into_iter()
                .map_while(|mut part| {
                    part.statements.truncate(room);
                    room -= part.statements.len();
                    (!part.statements.is_empty()).then_some(part)
                })
                .map(|part| view! { <PartView desk part /> })
                .collect_view();
            let more = total.saturating_sub(SHOWN);
            view! {
                {shown}
                {(more > 0).then(|| view! { <p class="wr-none">{format!("and {more} more")}</p> })}
            }
            .into_any()
        }
    }
}

#[component]
fn PartView(desk: Desk, part: Part) -> impl IntoView {
    let words = match (&part.execution, part.statements.len()) {
        (Execution::Outside(_), _) => "outside a transaction",
        (Execution::Batches(_), _) => "in batches, each a transaction",
        (Execution::Transactional, 1) => "a transaction",
        (Execution::Transactional, _) => "one transaction",
    };
    let alone = part.execution != Execution::Transactional;
    view! {
        <div class="wr-part" class:outside=alone>
            <p>{words}</p>
            <ol>
                {part
                    .statements
                    .into_iter()
                    .map(|line| {
                        let Line { label, at } = line;
                        let title = label.clone();
                        view! {
                            <li>
                                <button type="button" title=title on:click=move |_| desk.jump(at)>
                                    <code>{label}</code>
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </div>
    }
}
