//! `cofferdam catalog`: the schema of the database.

use super::{Context, Format, output};
use crate::catalog;
use anyhow::Result;
use cofferdam_engine::catalog::tree;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
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
