//! `cofferdam heads`.

use super::words::{Item, Parts, Words};
use super::{Context, Format, output};
use anyhow::Result;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Everything about each
    #[arg(short, long)]
    verbose: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let history = context.project()?.history()?;
    let heads = history.heads();
    let scripts = heads.iter().filter_map(|id| history.get(id));
    let words = Words {
        history: &history,
        current: &[],
    };
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts.map(|script| Item::new(&history, script)).collect();
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines: Vec<String> = scripts
        .map(|script| match args.verbose {
            true => words.entry(script),
            false => words.line(
                script,
                Parts {
                    labels: true,
                    ..Parts::default()
                },
            ),
        })
        .collect();
    output::print(lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
