//! `cofferdam heads`.

use super::words::{Item, Parts, Words};
use super::{Context, Format, output};
use crate::project::Project;
use anyhow::Result;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::Script;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let history = project.history()?;
    let words = Words::new(&project, &history);
    let scripts = in_order(&project, &history)
        .into_iter()
        .filter(|script| !args.resolve_dependencies || !words.has_dependants(&script.revision.id));
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts.map(|script| Item::new(&history, script)).collect();
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let parts = Parts {
        labels: true,
        ..Parts::default()
    };
    output::print_lines(scripts.map(|script| words.of(context, script, parts)))?;
    Ok(ExitCode::SUCCESS)
}

/// The heads in the order in which Alembic finds their files: one version location after another, by name.
pub fn in_order<'h>(project: &Project, history: &'h History) -> Vec<&'h Script> {
    let locations = project.config.project.locations();
    let heads = history.heads();
    let mut scripts: Vec<&Script> = heads.iter().filter_map(|id| history.get(id)).collect();
    let place = |script: &&Script| {
        let folder = script
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        locations.iter().position(|location| *location == folder)
    };
    scripts.sort_by(|a, b| (place(a), &a.path).cmp(&(place(b), &b.path)));
    scripts
}
