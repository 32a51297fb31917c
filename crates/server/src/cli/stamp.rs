//! `cofferdam stamp`.

use super::execution::{self, Order};
use super::{Context, offline};
use anyhow::Result;
use cofferdam_engine::plan;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// head, heads, base, a revision id or the beginning of one, a branch label; with --sql also FROM:TO
    #[arg(allow_negative_numbers = true)]
    target: String,
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    if args.sql {
        let (from, to) = offline::split(&args.target);
        return offline::run(context, &project, from, |request| plan::stamp(request, to));
    }
    offline::refuse_range(&args.target)?;
    let order = Order {
        target: &args.target,
        wait: None,
        in_flight: None,
        confirmed: None,
    };
    execution::run(context, &project, order, |request, _| {
        plan::stamp(request, &args.target)
    })
    .await
}
