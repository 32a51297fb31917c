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
    /// Draw the branches
    #[arg(long, conflicts_with_all = ["format", "rev_range"])]
    graph: bool,
    /// Mark the database's current revision
    #[arg(short, long)]
    indicate_current: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut project = context.headers()?;
    let history = project.take_history()?;
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
        project: &project,
        history,
        current: if args.indicate_current { &rows } else { &[] },
    };
    let short = Parts {
        labels: true,
        tree: true,
        message: true,
        parents: false,
    };
    if args.graph {
        output::print(draw::text(history, |script| words.line(script, short)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let scripts = within(history, args.rev_range.as_deref(), &rows)?;
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts
            .into_iter()
            .map(|script| Item {
                is_current: args
                    .indicate_current
                    .then(|| rows.contains(&script.revision.id)),
                ..Item::new(history, script)
            })
            .collect();
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let parts = Parts {
        parents: true,
        ..short
    };
    let lines = scripts
        .into_iter()
        .map(|script| words.of(context, script, parts));
    output::print_lines(lines)?;
    Ok(ExitCode::SUCCESS)
}

/// The revisions of a range, newest first.
fn within<'h>(
    history: &'h History,
    range: Option<&str>,
    current: &[RevisionId],
) -> Result<Vec<&'h Script>> {
    let (from, to) = match range {
        Some(range) => range.trim().split_once(':').ok_or_else(|| {
            anyhow::anyhow!("{range:?} is not a range: write FROM:TO, FROM: or :TO")
        })?,
        None => ("", ""),
    };
    let ids = target::range(history, from, to, current)?;
    Ok(ids.iter().filter_map(|id| history.get(id)).collect())
}
