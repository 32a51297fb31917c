//! `cofferdam ensure_version`: makes the version table where there is none.

use super::{Context, output};
use crate::environment;
use anyhow::Result;
use cofferdam_engine::plan::{prepare_versions, version_table};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let needed = prepare_versions(&project.config.project);
    if args.sql {
        let mut script = String::from("BEGIN;\n\n");
        for preparation in &needed {
            script.push_str(&preparation.sql);
            script.push_str("\n\n");
        }
        script.push_str("COMMIT;\n\n");
        output::print_always(script)?;
        return Ok(ExitCode::SUCCESS);
    }
    let made = context.with_target(&project, async |target| {
        target.allow_direct(&project.config)?;
        let environment = target.environment.as_deref();
        Ok(environment::prepare(&target.database, &project.config, environment, &needed).await?)
    });
    let table = version_table(&project.config.project);
    output::note(match made.await? {
        true => format!("Made the table {table}"),
        false => format!("Nothing to do: the table {table} is there"),
    });
    Ok(ExitCode::SUCCESS)
}
