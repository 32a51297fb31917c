//! `cofferdam history`.

use super::words::{Item, Parts, Words};
use super::{Context, Format, output};
use anyhow::Result;
use cofferdam_engine::history::{History, draw, target};
use cofferdam_engine::revision::{RevisionId, Script};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// From one revision to another, both included: FROM:TO, FROM: or :TO (`current` is the database's)
    #[arg(short, long, value_name = "FROM:TO", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Everything about each
    #[arg(short, long)]
    verbose: bool,
    /// Draw the branches
    #[arg(long, conflicts_with_all = ["verbose", "format", "rev_range"])]
    graph: bool,
    /// Mark the database's current revision
    #[arg(short, long)]
    indicate_current: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let asks = args
        .rev_range
        .as_deref()
        .is_some_and(|range| range.split(':').any(|end| end == "current"));
    let current = if args.indicate_current || asks {
        let state = context.with_target(&project, async |target| {
            Ok(target.state(&project.config).await?)
        });
        Some(state.await?.heads)
    } else {
        None
    };
    let rows = current.clone().unwrap_or_default();
    let words = Words {
        history: &history,
        current: if args.indicate_current { &rows } else { &[] },
    };
    let short = Parts {
        labels: true,
        tree: true,
        message: true,
        parents: false,
    };
    if args.graph {
        output::print(draw::text(&history, |script| words.line(script, short)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let scripts = within(&history, args.rev_range.as_deref(), &rows)?;
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts
            .into_iter()
            .map(|script| Item {
                is_current: args
                    .indicate_current
                    .then(|| rows.contains(&script.revision.id)),
                ..Item::new(&history, script)
            })
            .collect();
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines: Vec<String> = scripts
        .into_iter()
        .map(|script| match args.verbose {
            true => words.entry(script),
            false => words.line(
                script,
                Parts {
                    parents: true,
                    ..short
                },
            ),
        })
        .collect();
    output::print(lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// The revisions of a range, newest first.
fn within<'h>(
    history: &'h History,
    range: Option<&str>,
    current: &[RevisionId],
) -> Result<Vec<&'h Script>> {
    let (from, to) = match range {
        Some(range) => range.split_once(':').ok_or_else(|| {
            anyhow::anyhow!("{range:?} is not a range: write FROM:TO, FROM: or :TO")
        })?,
        None => ("", ""),
    };
    let end = |text: &str| -> Result<Vec<RevisionId>> {
        match text {
            "current" => Ok(current.to_vec()),
            _ => Ok(target::resolve(history, text)?),
        }
    };
    let above = match from {
        "" | "base" => None,
        _ => Some(history.descendants(&end(from)?)),
    };
    let below = match to {
        "" => None,
        _ => Some(history.ancestors(&end(to)?)),
    };
    let inside = |script: &&Script| {
        let id = &script.revision.id;
        above.as_ref().is_none_or(|set| set.contains(id))
            && below.as_ref().is_none_or(|set| set.contains(id))
    };
    Ok(history.scripts().rev().filter(inside).collect())
}
