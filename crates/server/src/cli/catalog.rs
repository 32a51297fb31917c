//! `cofferdam catalog`: the schema of the database, and the difference of two.

use super::{Context, Format, output};
use crate::catalog;
use anyhow::Result;
use cofferdam_engine::catalog::tree;
use std::process::ExitCode;

mod compare;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compare two: revisions (replayed on a throwaway PostgreSQL), env:NAME, or live for the database that the options name
    #[arg(long, num_args = 2, value_names = ["BEFORE", "AFTER"], allow_negative_numbers = true)]
    diff: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if !args.diff.is_empty() {
        return compare::run(context, &args.diff, args.format).await;
    }
    let project = context.headers()?;
    let catalog = context
        .with_target(&project, async |target| {
            Ok(catalog::read(&target.database, &project.config.project).await?)
        })
        .await?;
    match args.format {
        Format::Json => output::print_json(&catalog.to_json())?,
        Format::Text => output::print(tree::lines(&tree::tree(&catalog)))?,
    }
    Ok(ExitCode::SUCCESS)
}
