//! `cofferdam merge`.

use super::new::{self, New};
use super::{Context, words};
use anyhow::{Result, bail};
use cofferdam_engine::history::target;
use cofferdam_engine::revision::{Downgrade, RevisionId};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The revisions to merge, or heads for all of them
    #[arg(required = true)]
    revisions: Vec<String>,
    /// What it is called [default: it names what it merges]
    #[arg(short, long)]
    message: Option<String>,
    /// Its id [default: a random one]
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// A label for the branch that begins with it
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// Merge revisions that are no heads, which makes a branch
    #[arg(long)]
    splice: bool,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let history = project.history()?;
    let down = target::resolve_list(&history, &args.revisions.join(" "))?;
    if let [only] = down.as_slice() {
        bail!("there is nothing to merge with {only}: name two revisions or more");
    }
    if down.is_empty() {
        bail!("there is nothing to merge: name two revisions or more");
    }
    for id in &down {
        let others: Vec<RevisionId> = down.iter().filter(|other| *other != id).cloned().collect();
        if history.ancestors(&others).contains(id) {
            bail!(
                "{id} is already below {}: it needs no merge",
                words::join(&others)
            );
        }
    }
    let heads = history.heads();
    if let Some(id) = down.iter().find(|id| !heads.contains(id))
        && !args.splice
    {
        bail!("{id} is no head: give --splice to merge it all the same, which makes a branch");
    }
    let message = args.message.unwrap_or_else(|| match down.split_last() {
        Some((last, rest)) => format!("Merge {} and {last}", words::join(rest)),
        None => String::new(),
    });
    let new = New {
        id: args.rev_id,
        down,
        branch_labels: args.branch_label,
        message: Some(message),
        upgrade: "\n".into(),
        downgrade: Downgrade::Sql(String::new()),
        ..New::default()
    };
    new::write(&project, new)?;
    Ok(ExitCode::SUCCESS)
}
