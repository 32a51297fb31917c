//! `cofferdam show`.

use super::words::{Item, Words};
use super::{Context, Format, output};
use anyhow::Result;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision id or the beginning of one, a branch label, head, heads, -N from the head, or current for the database's
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut project = context.headers()?;
    let history = project.take_history()?;
    let ids = context.revisions(&project, history, &args.revision).await?;
    let words = Words::new(&project, history);
    let scripts = ids.iter().filter_map(|id| history.get(id));
    if args.format == Format::Json {
        let items: Vec<Item<'_>> = scripts.map(|script| Item::new(history, script)).collect();
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print_lines(scripts.map(|script| words.entry(script)))?;
    Ok(ExitCode::SUCCESS)
}
