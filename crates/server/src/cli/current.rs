//! `cofferdam current`.

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

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let (state, place) = context
        .with_target(&project, async |target| {
            Ok((target.state(&project.config).await?, target.to_string()))
        })
        .await?;
    let words = Words {
        history: &history,
        current: &[],
    };
    if args.format == Format::Json {
        let items: Vec<serde_json::Value> = state
            .heads
            .iter()
            .map(|id| match history.get(id) {
                Some(script) => serde_json::to_value(Item::new(&history, script)),
                None => Ok(serde_json::json!({ "revision": id, "is_unknown": true })),
            })
            .collect::<Result<_, _>>()?;
        output::print_json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let title = args
        .verbose
        .then(|| format!("Current revision(s) for {place}:"));
    let entries = state.heads.iter().map(|id| match history.get(id) {
        Some(script) if args.verbose => words.entry(script),
        Some(script) => words.line(
            script,
            Parts {
                tree: true,
                ..Parts::default()
            },
        ),
        None => format!("{id} (no file has this revision)"),
    });
    let lines: Vec<String> = title.into_iter().chain(entries).collect();
    output::print(lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
