//! `cofferdam undo`.

use super::Context;
use super::execution::{self, Order};
use anyhow::{Result, bail};
use cofferdam_engine::history::target;
use cofferdam_engine::plan;
use cofferdam_engine::revision::Direction;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The half-applied revision
    revision: String,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let named = target::resolve(&project.history()?, &args.revision)?;
    let [revision] = named.as_slice() else {
        bail!("undo takes back one revision: name the half-applied one, which `status` shows");
    };
    let order = Order {
        target: &args.revision,
        wait: None,
        in_flight: None,
        confirmed: None,
    };
    execution::run(context, &project, order, |request, state| {
        let half = state
            .half_applied
            .as_ref()
            .filter(|half| half.revision == revision.as_str());
        // The run itself refuses where nothing is half applied.
        let direction = half.map_or(Direction::Upgrade, |half| half.direction);
        plan::undo(request, revision, direction)
    })
    .await
}
