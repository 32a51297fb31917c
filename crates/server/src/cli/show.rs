//! `cofferdam show`.

use super::words::Words;
use super::{Context, output};
use anyhow::Result;
use cofferdam_engine::history::target;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision id or the beginning of one, a branch label, head or heads
    #[arg(default_value = "head")]
    revision: String,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let history = context.project()?.history()?;
    let ids = target::resolve(&history, &args.revision)?;
    let words = Words {
        history: &history,
        current: &[],
    };
    let scripts = ids.iter().filter_map(|id| history.get(id));
    let entries: Vec<String> = scripts.map(|script| words.entry(script)).collect();
    output::print(entries.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
