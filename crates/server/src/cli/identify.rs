//! `cofferdam identify`: at which revision a database is, by what is in it.

use super::scratch::{self, Wanted, with_scratch};
use super::verify::Progress;
use super::{Context, Format, output, words};
use crate::catalog;
use crate::verify::{self, Unknown};
use anyhow::Result;
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::verify::identify::{Identified, State};
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

/// Longest list of differences that is shown whole.
const SHOWN: usize = 20;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What was found; the shape of the JSON result.
#[derive(Debug, Serialize)]
struct Report {
    format: u32,
    /// Without the password.
    database: String,
    postgres: u32,
    /// The version rows that the database has.
    current: Vec<RevisionId>,
    #[serde(flatten)]
    found: Identified,
    unknown: Vec<Unknown>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let (live, current, environment, database) = context
        .with_target(&project, async |target| {
            let state = target.state(&project.config).await?;
            let live = catalog::read(&target.database, &project.config.project).await?;
            Ok((
                live,
                state.heads,
                target.environment.clone(),
                target.to_string(),
            ))
        })
        .await?;
    let wanted = Wanted {
        environment,
        major: Some(live.major),
    };
    let mut progress = Progress::default();
    let found = with_scratch(context, &project, &wanted, async |scratch, setting| {
        scratch::same_major(scratch, &wanted)?;
        let tell =
            |id: &RevisionId| progress.show(&format!("Comparing with the schema after {id}"));
        Ok(verify::identify(scratch, setting, &history, &live, &current, tell).await?)
    });
    let found = found.await;
    progress.end();
    let (found, unknown) = found?;
    let report = Report {
        format: cofferdam_engine::verify::FORMAT,
        database,
        postgres: live.major,
        current,
        found,
        unknown,
    };
    match args.format {
        Format::Json => output::print_json(&report)?,
        Format::Text => output::print(text(&report))?,
    }
    Ok(match report.found.matches.is_empty() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn text(report: &Report) -> String {
    let mut text = format!("{} (PostgreSQL {})\n", report.database, report.postgres);
    let found = &report.found;
    match found.matches.as_slice() {
        [] => {
            let _ = writeln!(text, "Its schema is that after no revision. Nearest:");
            states(&mut text, &found.nearest);
            let last = found.nearest.last().map(|state| words::place(&state.heads));
            let _ = writeln!(
                text,
                "The database against {}:",
                last.unwrap_or_else(|| words::place(&[]))
            );
            for one in found.differences.iter().take(SHOWN) {
                let _ = writeln!(
                    text,
                    "  {}",
                    one.sentence.lines().next().unwrap_or_default()
                );
            }
            if found.differences.len() > SHOWN {
                let more = found.differences.len() - SHOWN;
                let _ = writeln!(text, "  … and {more} more (--format json has them all)");
            }
        }
        [one] => {
            let _ = writeln!(
                text,
                "Its schema is that after {}",
                words::place(&one.heads)
            );
            advice(&mut text, report, one);
        }
        several => {
            let _ = writeln!(
                text,
                "Its schema is that after each of these, between which no revision changes any:"
            );
            states(&mut text, several);
            let current = &report.current;
            let _ = match several.iter().any(|state| state.heads == *current) {
                true => writeln!(
                    text,
                    "Its version rows say {}, which is one of them",
                    words::place(current)
                ),
                false => writeln!(
                    text,
                    "Its version rows say {}: see by its rows which of them it is before stamping it",
                    words::place(current)
                ),
            };
        }
    }
    for unknown in &report.unknown {
        let _ = writeln!(
            text,
            "Not compared: {} and what stands on it, which cannot be applied: {}",
            unknown.revision, unknown.reason
        );
    }
    text
}

fn advice(text: &mut String, report: &Report, state: &State) {
    let rows = words::place(&report.current);
    let _ = match (report.current == state.heads, state.heads.is_empty()) {
        (true, _) => writeln!(text, "Its version rows say so too"),
        (false, true) => writeln!(
            text,
            "Its version rows say {rows}: `cofferdam stamp base` would make them say so"
        ),
        (false, false) => {
            let ids: Vec<&str> = state.heads.iter().map(RevisionId::as_str).collect();
            writeln!(
                text,
                "Its version rows say {rows}: `cofferdam stamp {}` would make them say so",
                ids.join(" ")
            )
        }
    };
}

fn states(text: &mut String, states: &[State]) {
    for state in states {
        let _ = writeln!(text, "  {}", words::place(&state.heads));
    }
}
