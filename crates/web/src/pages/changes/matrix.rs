//! Which query works at which point, as a table.

use crate::highlight::highlight_sql;
use cofferdam_engine::change::queries::{Cell, Matrix, Row};
use leptos::prelude::*;

/// The matrix, with what the database said below it.
#[component]
pub fn MatrixTable(matrix: Matrix) -> impl IntoView {
    let count = matrix.points.len();
    let heads = matrix.points.iter().enumerate().map(|(at, name)| {
        let (phase, message) = name.split_once(": ").unwrap_or((name, ""));
        let words = match at {
            0 => "Today".to_owned(),
            _ => format!("After {phase}"),
        };
        view! {
            <th scope="col" class="ch-point" title=name.clone()>
                <span class=format!("badge {phase}")>{words}</span>
                <span class="ch-point-of">{message.to_owned()}</span>
            </th>
        }
    });
    let heads = heads.collect_view();
    let names = StoredValue::new(matrix.points.clone());
    let rows = matrix
        .rows
        .into_iter()
        .map(move |row| view! { <QueryRow row names count /> });
    view! {
        <div class="ch-scroll">
            <table class="ch-matrix">
                <thead>
                    <tr>
                        <th scope="col">"App"</th>
                        <th scope="col">"Query"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="ch-legend">
            <span class="ok">"✓"</span> " works  "
            <span class="ch-gone">"✕"</span> " fails where its version is not at work  "
            <span class="no">"✕"</span> " breaks  "
            <span class="wa">"◇"</span> " returns other columns: one that is prepared already fails once"
        </p>
    }
}

#[component]
fn QueryRow(row: Row, names: StoredValue<Vec<String>>, count: usize) -> impl IntoView {
    let version = row.query.version.as_str();
    let tone = match version {
        "new" => "expand",
        _ => "",
    };
    let is_broken = !row.broken.is_empty();
    let said = said(&row, &names.get_value());
    let cells = row.cells.iter().enumerate().map(|(at, cell)| {
        let (class, mark, words) = match cell {
            Cell::Works => ("ok", "✓", "works".to_owned()),
            Cell::Fails { error } if row.broken.contains(&at) => {
                ("no", "✕", format!("breaks: {error}"))
            }
            Cell::Fails { error } => (
                "ch-gone",
                "✕",
                format!("fails, where its version is not at work: {error}"),
            ),
            Cell::OtherColumns { columns } => {
                ("wa", "◇", format!("returns {}", columns.join(", ")))
            }
        };
        let label = words.clone();
        view! {
            <td class=format!("ch-cell {class}") title=words>
                <span role="img" aria-label=label>{mark}</span>
            </td>
        }
    });
    view! {
        <tr class:ch-broken=is_broken>
            <td>
                <span class=format!("badge {tone}")>{version}</span>
            </td>
            <td class="ch-query">
                <code>{highlight_sql(&row.query.sql)}</code>
            </td>
            {cells.collect_view()}
        </tr>
        {(!said.is_empty())
            .then(|| {
                view! {
                    <tr class="ch-said">
                        <td></td>
                        <td colspan=count + 1>
                            {said.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                        </td>
                    </tr>
                }
            })}
    }
}

/// What the database said of a query, once for each thing it said.
fn said(row: &Row, names: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut last = None;
    for (at, cell) in row.cells.iter().enumerate() {
        let words = match cell {
            Cell::Works => None,
            Cell::Fails { error } => Some(error.clone()),
            Cell::OtherColumns { columns } => Some(format!("returns {} now", columns.join(", "))),
        };
        if let Some(words) = words.clone().filter(|_| words != last) {
            let point = names.get(at).map_or("", String::as_str);
            lines.push(format!("{point}: {words}"));
        }
        last = words;
    }
    lines
}
