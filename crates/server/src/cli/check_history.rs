//! `cofferdam check-history`: whether the files make a history that one can go up and down.

use super::{Context, Format, output, words};
use crate::project::{Project, ProjectError};
use anyhow::Result;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Direction, Downgrade, RevisionId, Script};
use cofferdam_engine::script;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What was found; the shape of the JSON result.
#[derive(Debug, Serialize)]
struct Check {
    /// Whether nothing is wrong.
    ok: bool,
    revisions: usize,
    heads: Vec<RevisionId>,
    /// A sentence each.
    problems: Vec<String>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let check = check(&project);
    match args.format {
        Format::Json => output::print_json(&check)?,
        Format::Text if check.ok => output::print(format!(
            "The history is whole: {} revisions, one head ({}), a downgrade for each",
            check.revisions,
            words::join(&check.heads)
        ))?,
        Format::Text => output::print_lines(check.problems.clone())?,
    }
    Ok(match check.ok {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn check(project: &Project) -> Check {
    let mut problems = Vec::new();
    let mut heads = Vec::new();
    match project.history() {
        Ok(history) => {
            heads = history.heads_by_file();
            if heads.len() > 1 {
                problems.push(format!(
                    "there are {} heads: {}; join them with `cofferdam merge heads`",
                    heads.len(),
                    words::join(&heads)
                ));
            }
            problems.extend(no_way_back(&history));
        }
        Err(ProjectError::History(errors)) => {
            problems.extend(errors.iter().map(ToString::to_string));
        }
        Err(ProjectError::Unreadable(findings)) => {
            problems.extend(findings.iter().map(ToString::to_string));
        }
        Err(error) => problems.push(error.to_string()),
    }
    for script in project
        .scripts
        .iter()
        .filter(|script| script.python.is_none())
    {
        let bytes = project.file(&script.path).map(|file| file.bytes.as_slice());
        let findings = script::read(&script.path, bytes.unwrap_or_default()).findings;
        let broken = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        problems.extend(broken.map(ToString::to_string));
    }
    Check {
        ok: problems.is_empty(),
        revisions: project.scripts.len(),
        heads,
        problems,
    }
}

/// The revisions without a downgrade. One that says that it cannot be undone says so on purpose.
fn no_way_back(history: &History) -> impl Iterator<Item = String> {
    let missing = history
        .scripts()
        .filter(|script| match &script.revision.downgrade {
            Downgrade::Impossible { .. } => false,
            Downgrade::Missing => does_something(script, Direction::Upgrade),
            Downgrade::Sql(_) => {
                does_something(script, Direction::Upgrade)
                    && !does_something(script, Direction::Downgrade)
            }
        });
    missing.map(|script| {
        format!(
            "{} ({}) has no downgrade: write one",
            script.revision.id, script.path
        )
    })
}

fn does_something(script: &Script, direction: Direction) -> bool {
    let sql = script.revision.sql(direction);
    let unreadable = script
        .body(direction)
        .is_some_and(|body| !body.unreadable.is_empty());
    unreadable || !cofferdam_engine::sql::split(sql).statements.is_empty()
}
