//! Statements as cards in order; a bracket joins those that share a transaction.

use crate::pages::effect::{does, hazard};
use crate::pages::remote::{CopyButton, Sql};
use crate::state::judging::Judged;
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::lint::Found;
use cofferdam_engine::revision::{Direction, Script, Unreadable};
use cofferdam_engine::sql::effect::Effect;
use cofferdam_engine::sql::{self, Statement};
use leptos::prelude::*;

/// Statements that commit together, or one that runs outside a transaction.
struct Part {
    outside: bool,
    statements: Vec<Card>,
}

/// One place of a section.
enum Card {
    Statement {
        text: String,
        label: String,
        line: Line,
        findings: Vec<Finding>,
        /// What it does; none while that is not read yet.
        effect: Option<Effect>,
        hazards: Vec<Found>,
    },
    /// What nobody knows without running the file.
    Unreadable { part: Unreadable, line: Line },
}

/// A line of the file, and where it is shown.
struct Line {
    number: u32,
    address: String,
}

/// The section as it runs: the same cuts as in a plan, with the parts of a Python file that cannot be known in their
/// places.
fn parts(
    script: &Script,
    key: &str,
    direction: Direction,
    findings: &[Finding],
    judged: Option<&Judged>,
) -> Vec<Part> {
    let text = script.revision.sql(direction);
    let offset = script.offset(direction);
    let body = script.body(direction);
    let line = |number: u32| Line {
        number,
        address: format!("/history/{key}?tab=file&line={number}"),
    };
    let mut unreadable = body
        .map_or(&[][..], |body| body.unreadable.as_slice())
        .iter()
        .peekable();
    let mut before = |ordinal: usize| {
        let mut cards = Vec::new();
        while let Some(part) = unreadable.next_if(|part| part.before <= ordinal) {
            cards.push(Card::Unreadable {
                part: part.clone(),
                line: line(part.line),
            });
        }
        cards
    };
    let card = |statement: &Statement, ordinal: usize| {
        let sql = &text[statement.body.clone()];
        let (within, _) = cofferdam_engine::finding::line_column(text, statement.body.start);
        let own = body.and_then(|body| body.lines.get(ordinal).copied());
        let range = offset + statement.range.start..offset + statement.range.end;
        let effects = judged.map_or(&[][..], |judged| judged.effects(direction));
        let number = own.unwrap_or(script.line(direction) + within - 1);
        let hazards = judged.map_or(&[][..], |judged| &judged.found[..]);
        let is_here = |found: &&Found| match body {
            Some(_) => found.line == number,
            None => range.contains(&found.range.start),
        };
        Card::Statement {
            effect: effects.get(ordinal).cloned(),
            hazards: hazards.iter().filter(is_here).cloned().collect(),
            text: sql.to_owned(),
            label: sql::label(sql),
            line: line(number),
            findings: findings
                .iter()
                .filter(|finding| range.contains(&finding.start))
                .cloned()
                .collect(),
        }
    };
    let mut ordinals = 0..;
    let mut parts: Vec<Part> = Vec::new();
    for segment in sql::segments(text) {
        let mut statements = Vec::new();
        for (statement, ordinal) in segment.statements.iter().zip(&mut ordinals) {
            statements.extend(before(ordinal));
            statements.push(card(statement, ordinal));
        }
        parts.push(Part {
            outside: segment.is_outside(),
            statements,
        });
    }
    let last = before(usize::MAX);
    match parts.last_mut() {
        Some(part) if !part.outside => part.statements.extend(last),
        _ if last.is_empty() => {}
        _ => parts.push(Part {
            outside: false,
            statements: last,
        }),
    }
    parts
}

#[component]
pub fn Statements(
    script: Script,
    /// The word for the revision in addresses.
    key: String,
    direction: Direction,
    findings: Vec<Finding>,
    /// What the revision does, and its hazards; none while they are not read yet.
    judged: Option<Judged>,
) -> impl IntoView {
    let parts = parts(&script, &key, direction, &findings, judged.as_ref());
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

fn card(card: Card) -> AnyView {
    match card {
        Card::Statement {
            text,
            label,
            line,
            findings,
            effect,
            hazards,
        } => {
            let name = label.clone();
            view! {
            <article class="st" aria-label=name>
                <Sql text=text.clone() />
                <footer class="fx">
                    <span>{label}</span>
                    {link(line)}
                    <CopyButton text=Signal::stored(text) label="Copy" />
                </footer>
                {effect.map(does)}
                {hazards
                    .into_iter()
                    .map(|found| hazard(found.rule(), found.severity, found.message, found.allowed))
                    .collect_view()}
                {findings
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
        .into_any()
        }
        Card::Unreadable { part, line } => view! {
            <article class="st python" aria-label="Needs Python">
                {(!part.source.is_empty()).then(|| view! { <pre>{outdented(&part.source)}</pre> })}
                <footer class="fx">
                    <span>"Needs Python"</span>
                    {link(line)}
                    {(!part.source.is_empty())
                        .then(|| view! { <CopyButton text=Signal::stored(part.source.clone()) label="Copy" /> })}
                </footer>
                <p class="hz c">{part.reason}</p>
            </article>
        }
        .into_any(),
    }
}

/// A piece of a function's code, whose first line has lost its indentation, as if it stood alone.
fn outdented(source: &str) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = source.lines();
    let first = lines.next().unwrap_or_default();
    let more = lines.clone().filter(|line| !line.trim().is_empty());
    let least = more.map(depth).min().unwrap_or(0);
    // A block's lines are deeper than what opens it; a call's last line is not.
    let surplus = match first.trim_end().ends_with(':') {
        true => least.saturating_sub(4),
        false => least,
    };
    let rest = lines.map(|line| line.get(surplus.min(depth(line))..).unwrap_or_default());
    let all: Vec<&str> = std::iter::once(first).chain(rest).collect();
    all.join("\n")
}

fn link(line: Line) -> impl IntoView {
    view! {
        <a class="meas" href=line.address>
            "line "
            {line.number}
        </a>
    }
}
