//! Statements as cards in order; a bracket joins those that share a transaction.

use crate::pages::remote::{CopyButton, Sql};
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::revision::{Direction, Script};
use cofferdam_engine::sql::{self, Statement};
use leptos::prelude::*;

/// Statements that commit together, or one that runs outside a transaction.
struct Part {
    outside: bool,
    statements: Vec<Card>,
}

struct Card {
    text: String,
    label: String,
    line: u32,
    findings: Vec<Finding>,
}

/// The section as it runs: the same cuts as in a plan.
fn parts(script: &Script, direction: Direction, findings: &[Finding]) -> Vec<Part> {
    let text = script.revision.sql(direction);
    let offset = script.offset(direction);
    let card = |statement: &Statement| {
        let body = &text[statement.body.clone()];
        let (line, _) = cofferdam_engine::finding::line_column(text, statement.body.start);
        let within = offset + statement.range.start..offset + statement.range.end;
        Card {
            text: body.to_owned(),
            label: sql::label(body),
            line: script.line(direction) + line - 1,
            findings: findings
                .iter()
                .filter(|finding| within.contains(&finding.start))
                .cloned()
                .collect(),
        }
    };
    sql::segments(text)
        .iter()
        .map(|segment| Part {
            outside: segment.is_outside(),
            statements: segment.statements.iter().map(card).collect(),
        })
        .collect()
}

#[component]
pub fn Statements(script: Script, direction: Direction, findings: Vec<Finding>) -> impl IntoView {
    let parts = parts(&script, direction, &findings);
    let several = parts.len() > 1;
    let whole = script.revision.sql(direction).trim().to_owned();
    view! {
        <div class="section-head">
            <CopyButton text=Signal::stored(whole) label="Copy the section" />
        </div>
        {parts
            .into_iter()
            .map(|part| {
                let words = match (part.outside, several, part.statements.len()) {
                    (true, ..) => "outside a transaction",
                    (false, false, _) => "one transaction, with its row in the version table",
                    (false, true, _) => "one transaction",
                };
                view! {
                    <div class="tx" class:solo=part.outside>
                        <p class="lab">{words}</p>
                        {part.statements.into_iter().map(card).collect_view()}
                    </div>
                }
            })
            .collect_view()}
    }
}

fn card(card: Card) -> impl IntoView {
    let label = card.label.clone();
    view! {
        <article class="st" aria-label=label>
            <Sql text=card.text.clone() />
            <footer class="fx">
                <span>{card.label}</span>
                <span class="meas">"line "{card.line}</span>
                <CopyButton text=Signal::stored(card.text) label="Copy" />
            </footer>
            {card
                .findings
                .into_iter()
                .map(|finding| {
                    let class = if finding.severity == Severity::Error { "hz" } else { "hz c" };
                    view! {
                        <p class=class>
                            {finding.message}
                            " "
                            <span class="code">{finding.code.to_string()}</span>
                        </p>
                    }
                })
                .collect_view()}
        </article>
    }
}
