//! `cofferdam change show` and `list`.

use crate::changes;
use crate::cli::{Context, Format, output};
use anyhow::Result;
use cofferdam_engine::change::{self, Change, Part, Phase, Phases};
use cofferdam_engine::hazard::{Judge, Options};
use cofferdam_engine::sql::{self, effect::Effect};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The change's id
    id: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    print(&change, &change::phases(&change)?, args.format)?;
    Ok(ExitCode::SUCCESS)
}

/// A change as JSON has it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    format: u32,
    id: &'a str,
    title: String,
    table: String,
    #[serde(flatten)]
    phases: &'a Phases,
    /// The ids of the revisions that are written, by phase.
    written: Vec<(Phase, &'a str)>,
}

pub fn print(change: &Change, phases: &Phases, format: Format) -> Result<()> {
    match format {
        Format::Json => output::print_json(&Shown {
            format: 1,
            id: change.id.as_str(),
            title: change.title(),
            table: change.table.sql(),
            phases,
            written: written(change),
        }),
        Format::Text => output::print(text(change, phases)),
    }
}

fn written(change: &Change) -> Vec<(Phase, &str)> {
    let all = change.written.iter();
    all.map(|(phase, id)| (*phase, id.as_str())).collect()
}

fn text(change: &Change, phases: &Phases) -> String {
    let mut text = format!("{}\n", change.title());
    for note in &phases.notes {
        text.push_str(&format!("  note: {note}\n"));
    }
    // One judge sees what the statements before made.
    let mut judge = Judge::new(&Options::default());
    for phase in Phase::ALL {
        let ids: Vec<&str> = change.revisions(phase).map(|id| id.as_str()).collect();
        let state = match (ids.as_slice(), phases.of(phase).next()) {
            (_, None) => continue,
            ([], _) => "not written".to_owned(),
            (ids, _) => format!("written: {}", ids.join(", ")),
        };
        if phase == Phase::Contract {
            text.push_str(&format!(
                "\ngate: cofferdam change gate {} says what is open\n",
                change.id
            ));
        }
        text.push_str(&format!("\n{phase} ({state})\n"));
        for part in phases.of(phase) {
            text.push_str(&statements(part, &mut judge));
        }
    }
    text
}

/// A revision's statements, each with its strongest lock.
fn statements(part: &Part, judge: &mut Judge) -> String {
    let mut text = format!("  {}\n", part.message);
    let split = sql::split(&part.upgrade);
    let effects = judge.effects(&part.upgrade);
    for (statement, effect) in split.statements.iter().zip(effects) {
        let body = &part.upgrade[statement.body.clone()];
        let mut lines = body.lines();
        let first = lines.next().unwrap_or_default();
        let more = if lines.next().is_some() { " …" } else { "" };
        text.push_str(&format!("    {first}{more}\n"));
        if let Effect::Known(facts) = effect
            && let Some(lock) = facts.locks.iter().max_by_key(|lock| lock.mode)
        {
            text.push_str(&format!("        {} on {}\n", lock.mode, lock.relation));
        }
    }
    text
}

/// A change in the list.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: String,
    written: Vec<(Phase, &'a str)>,
}

pub fn list(context: &Context, format: Format) -> Result<ExitCode> {
    let project = context.headers()?;
    let all = changes::all(&project.folder)?;
    let listed: Vec<Listed<'_>> = all
        .iter()
        .map(|change| Listed {
            id: change.id.as_str(),
            title: change.title(),
            written: written(change),
        })
        .collect();
    match format {
        Format::Json => {
            output::print_json(&serde_json::json!({ "format": 1, "changes": listed }))?;
        }
        Format::Text if listed.is_empty() => {
            output::note("There is no change; begin one with `cofferdam change new`");
        }
        Format::Text => {
            output::print_lines(
                all.iter()
                    .map(|change| format!("{}  {} ({})", change.id, change.title(), stage(change))),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How far its revisions are written.
fn stage(change: &Change) -> String {
    match change.written.last() {
        None => "nothing is written".into(),
        Some((phase, _)) => format!("written up to {phase}"),
    }
}
