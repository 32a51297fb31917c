//! `--sql`: a plan as a script, without a database.

use super::{Context, output};
use crate::project::Project;
use anyhow::{Result, bail};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::offline;
use cofferdam_engine::plan::{Plan, PlanError, Request};
use cofferdam_engine::revision::RevisionId;
use std::process::ExitCode;

/// A target, with the place to start from where it is `FROM:TO`.
pub fn split(target: &str) -> (Option<&str>, &str) {
    match target.split_once(':') {
        Some((from, to)) => (Some(from), to),
        None => (None, target),
    }
}

/// Refuses a range where a database says where it is.
pub fn refuse_range(target: &str) -> Result<()> {
    if target.contains(':') {
        bail!("a range such as {target} is for --sql; a database knows itself where it is");
    }
    Ok(())
}

/// The version rows of a database that is at `from`; nothing for base.
pub fn rows(history: &History, from: Option<&str>) -> Result<Vec<RevisionId>> {
    match from {
        None | Some("" | "base") => Ok(Vec::new()),
        Some(from) => Ok(target::resolve(history, from)?),
    }
}

/// Prints the script of a plan for a database at `from`.
pub fn run(
    context: &Context,
    project: &Project,
    from: Option<&str>,
    make: impl FnOnce(Request<'_>) -> Result<Plan, PlanError>,
) -> Result<ExitCode> {
    let history = project.history()?;
    let current = rows(&history, from)?;
    let plan = make(Request {
        history: &history,
        config: &project.config,
        environment: context.env.as_deref(),
        current: &current,
    })?;
    if plan.is_empty() {
        output::say("Nothing to do");
    }
    output::print(offline::script(&plan))?;
    Ok(ExitCode::SUCCESS)
}
