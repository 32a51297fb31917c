//! `cofferdam heads`.

use super::words::{Item, Parts, Words};
use super::{Context, Format, output};
use anyhow::Result;
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
    let mut project = context.headers()?;
    let history = project.take_history()?;
    let words = Words::new(&project, history);
    let heads = history.heads_by_file();
    let scripts = heads
        .iter()
        .filter_map(|id| history.get(id))
        .filter(|script| !args.resolve_dependencies || !words.has_dependants(&script.revision.id));
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts.map(|script| Item::new(history, script)).collect();
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
