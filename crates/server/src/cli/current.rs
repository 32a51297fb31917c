//! `cofferdam current`.

use super::words::{Item, Parts, Words, join, place as place_of};
use super::{Context, Format, output};
use anyhow::{Result, bail};
use cofferdam_engine::history::target::TargetError;
use cofferdam_engine::revision::RevisionId;
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Fail where the database is not at all heads
    #[arg(short, long)]
    check_heads: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let history = project.history()?;
    let (state, url) = context
        .with_target(&project, async |target| {
            let state = target.state(&project.config).await?;
            Ok((state, target.database.masked_url()))
        })
        .await?;
    let words = Words::new(&project, &history);
    if args.check_heads {
        let heads: BTreeSet<RevisionId> = history.heads().into_iter().collect();
        if heads != state.heads.iter().cloned().collect() {
            bail!(
                "the database is at {}, and not at all heads: {}",
                place_of(&state.heads),
                join(&history.heads())
            );
        }
    }
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
    if context.verbose {
        output::print(format!("Current revision(s) for {url}:"))?;
    }
    let parts = Parts {
        tree: true,
        ..Parts::default()
    };
    output::print_lines(state.heads.iter().map(|id| match history.get(id) {
        Some(script) => words.of(context, script, parts),
        None => format!("{id} (no file has this revision)"),
    }))?;
    let unknown = state.heads.iter().find(|id| history.get(id).is_none());
    match unknown {
        Some(id) => Err(TargetError::UnknownCurrent(id.clone()).into()),
        None => Ok(ExitCode::SUCCESS),
    }
}
