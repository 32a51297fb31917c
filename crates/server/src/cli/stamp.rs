//! `cofferdam stamp`.

use super::execution::{self, Order};
use super::{Context, offline};
use anyhow::Result;
use cofferdam_engine::plan;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// head, heads, base, a revision id or the beginning of one, a branch label, label@head; several for several branches; with
    /// --sql also FROM:TO
    #[arg(required = true, allow_negative_numbers = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
    /// Delete all version rows first, known or not
    #[arg(long, conflicts_with = "sql")]
    purge: bool,
    /// For env.py scripts, which Cofferdam does not run
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    context.passed_over("--tag", args.tag.is_some());
    let make = if args.purge { plan::purge } else { plan::stamp };
    let target = args.targets.join(" ");
    if args.sql {
        let (from, to) = offline::split_list(&args.targets)?;
        return offline::run(context, context.headers()?, from, |request| {
            make(request, &to)
        });
    }
    offline::refuse_range(&target)?;
    let project = context.project()?;
    let order = Order {
        target: &target,
        wait: None,
        in_flight: None,
        confirmed: None,
    };
    execution::run(context, &project, order, |request, _| {
        make(request, &target)
    })
    .await
}
