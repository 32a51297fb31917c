//! `cofferdam upgrade`.

use super::execution::{self, Order};
use super::{Context, duration, offline};
use anyhow::Result;
use cofferdam_engine::plan;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// head, heads, a revision id or the beginning of one, a branch label, +N; with --sql also FROM:TO
    #[arg(allow_negative_numbers = true)]
    target: String,
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with_all = ["wait", "in_flight"])]
    sql: bool,
    /// For env.py scripts, which Cofferdam does not run
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Wait this long for the database to answer and for other runs to end, such as 30s or 5m
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    wait: Option<Duration>,
    #[command(flatten)]
    answer: execution::Answer,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    context.passed_over("--tag", args.tag.is_some());
    if args.sql {
        let (from, to) = offline::split(&args.target);
        return offline::run(context, context.scripts()?, from, |request| {
            plan::upgrade(request, to)
        });
    }
    offline::refuse_range(&args.target)?;
    let project = context.project()?;
    let order = Order {
        target: &args.target,
        wait: args.wait,
        in_flight: args.answer.in_flight(),
        confirmed: None,
    };
    execution::run(context, &project, order, |request, _| {
        plan::upgrade(request, &args.target)
    })
    .await
}
