//! `cofferdam downgrade`.

use super::execution::{self, Order};
use super::plan::warn_of_count;
use super::{Context, offline};
use anyhow::Result;
use cofferdam_engine::plan;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// base, a revision id or the beginning of one, -N; with --sql also FROM:TO
    #[arg(allow_negative_numbers = true)]
    target: String,
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with_all = ["in_flight", "confirm"])]
    sql: bool,
    /// For env.py scripts, which Cofferdam does not run
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Repeat the name of a protected environment to downgrade it to base
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    #[command(flatten)]
    answer: execution::Answer,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    context.passed_over("--tag", args.tag.is_some());
    if args.sql {
        let mut project = context.scripts()?;
        let history = project.take_history()?;
        let (from, to) = offline::split(&args.target);
        let rows = match from {
            Some(from) => offline::rows(history, Some(from))?,
            None => offline::start(context, &project, history).await?,
        };
        warn_of_count(history, &rows, to);
        return offline::run_at(context, &project, history, &rows, |request| {
            plan::downgrade(request, to)
        });
    }
    offline::refuse_range(&args.target)?;
    let project = context.project()?;
    let order = Order {
        target: &args.target,
        wait: None,
        in_flight: args.answer.in_flight(),
        confirmed: args.confirm.as_deref(),
    };
    execution::run(context, &project, order, |request, _| {
        warn_of_count(request.history, request.current, &args.target);
        plan::downgrade(request, &args.target)
    })
    .await
}
