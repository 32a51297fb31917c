//! `cofferdam change conflicts`, and what is said of a change that others stand in the way of.

use crate::changes;
use crate::cli::{Context, Format, output};
use crate::project::Project;
use anyhow::Result;
use cofferdam_engine::change::Change;
use cofferdam_engine::change::conflicts::{self, Conflict, Verdict};
use std::process::ExitCode;

/// The changes of the project of which something is not written yet.
fn open(project: &Project) -> Result<Vec<Change>> {
    let mut open = Vec::new();
    for change in changes::all(&project.folder)? {
        if conflicts::is_open(&change)? {
            open.push(change);
        }
    }
    Ok(open)
}

pub fn run(context: &Context, format: Format) -> Result<ExitCode> {
    let project = context.headers()?;
    let matrix = conflicts::matrix(&open(&project)?)?;
    match format {
        Format::Json => {
            output::print_json(&serde_json::json!({ "format": 1, "conflicts": matrix }))?;
        }
        Format::Text if matrix.pairs.is_empty() => {
            output::note("There are no two changes that are open");
        }
        Format::Text => output::print_lines(matrix.pairs.iter().map(line))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn line(conflict: &Conflict) -> String {
    let verdict = match &conflict.verdict {
        Verdict::Commute => "commute".to_owned(),
        Verdict::Waits { until, .. } => format!("one waits until {until}"),
        Verdict::Exclude => "exclude each other".to_owned(),
    };
    format!(
        "{}, {}: {verdict}\n    {}",
        conflict.one, conflict.other, conflict.reason
    )
}

/// Notes which open changes `change` has to wait for, or cannot be made beside.
pub fn warn(project: &Project, change: &Change) -> Result<()> {
    for other in open(project)? {
        if other.id == change.id {
            continue;
        }
        let found = conflicts::between(change, &other)?;
        if found.verdict != Verdict::Commute {
            output::note(found.reason);
        }
    }
    Ok(())
}
