//! `cofferdam branches`.

use super::words::{Item, Parts, Words};
use super::{Context, Format, output};
use anyhow::Result;
use cofferdam_engine::history::target;
use cofferdam_engine::revision::RevisionId;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A branch point in JSON results.
#[derive(Debug, Serialize)]
struct BranchPoint<'a> {
    #[serde(flatten)]
    item: Item<'a>,
    branches_into: Vec<RevisionId>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut project = context.headers()?;
    let history = project.take_history()?;
    let words = Words::new(&project, history);
    let listed = target::range(history, "", "", &[])?;
    let scripts = listed.iter().filter_map(|id| history.get(id));
    let points = scripts.filter_map(|script| {
        let children = history.children(&script.revision.id);
        (children.len() > 1).then_some((script, children))
    });
    if args.format == Format::Json {
        let items = points.map(|(script, children)| BranchPoint {
            item: Item::new(history, script),
            branches_into: children,
        });
        output::print_json(&items.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let parts = Parts {
        labels: true,
        tree: true,
        ..Parts::default()
    };
    let child_parts = Parts {
        message: context.verbose,
        ..parts
    };
    output::print_lines(points.map(|(script, children)| {
        let indent = script.revision.id.as_str().chars().count();
        let children = children.iter().filter_map(|child| history.get(child));
        let lines: Vec<String> = children
            .map(|child| format!("{:indent$} -> {}", "", words.line(child, child_parts)))
            .collect();
        format!(
            "{}\n{}\n",
            words.of(context, script, parts),
            lines.join("\n")
        )
    }))?;
    Ok(ExitCode::SUCCESS)
}
