//! `cofferdam reset`: down to base and up again, so that a database has nothing but what the revisions make.

use super::execution::{self, Order};
use super::{Context, output};
use anyhow::{Result, bail};
use cofferdam_engine::plan;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of the environment, or of the database where it is none
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let current = context
        .with_target(&project, async |target| {
            if let Some((name, rules)) = target.rules(&project.config)
                && (rules.protected || rules.approval)
            {
                bail!("environment {name} is never reset: it is protected, or takes approved plans only");
            }
            let name = target.environment.as_deref().unwrap_or(target.database.name());
            if args.confirm.as_deref() != Some(name) {
                bail!(
                    "reset undoes every revision on {target}, with the data in it, and applies them again: \
                     repeat the name with --confirm {name}"
                );
            }
            Ok(target.state(&project.config).await?.heads)
        })
        .await?;
    if let Some(id) = current.iter().find(|id| history.get(id).is_none()) {
        bail!("the database is at {id}, which no file has: nobody knows how to undo it");
    }
    let order = |target| Order {
        target,
        wait: None,
        in_flight: None,
        confirmed: None,
    };
    if !current.is_empty() {
        let down = execution::run(context, &project, order("base"), |request, _| {
            plan::downgrade(request, "base")
        });
        let ended = down.await?;
        if ended != ExitCode::SUCCESS {
            output::say("The database is not at base; nothing was applied again");
            return Ok(ended);
        }
    }
    execution::run(context, &project, order("heads"), |request, _| {
        plan::upgrade(request, "heads")
    })
    .await
}
