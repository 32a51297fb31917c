//! `cofferdam downgrade`.

use super::execution::{self, Order};
use super::{Context, offline};
use anyhow::{Result, bail};
use cofferdam_engine::plan;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// base, a revision id or the beginning of one, -N; with --sql FROM:TO
    #[arg(allow_negative_numbers = true)]
    target: String,
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with_all = ["in_flight", "confirm"])]
    sql: bool,
    /// Repeat the name of a protected environment to downgrade it to base
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    #[command(flatten)]
    answer: execution::Answer,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    if args.sql {
        let (Some(from), to) = offline::split(&args.target) else {
            bail!(
                "downgrade with --sql needs to know where to start: write FROM:TO, such as head:{}",
                args.target
            );
        };
        return offline::run(context, &project, Some(from), |request| {
            plan::downgrade(request, to)
        });
    }
    offline::refuse_range(&args.target)?;
    let order = Order {
        target: &args.target,
        wait: None,
        in_flight: args.answer.in_flight(),
        confirmed: args.confirm.as_deref(),
    };
    execution::run(context, &project, order, |request, _| {
        plan::downgrade(request, &args.target)
    })
    .await
}
