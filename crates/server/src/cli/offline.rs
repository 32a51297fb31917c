//! `--sql`: a plan as a script, without a database.

use super::{Context, output};
use crate::changes;
use crate::project::Project;
use anyhow::{Result, bail};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::offline::{self, Transactions};
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

/// Targets as a list, with the only place to start from among them.
pub fn split_list(targets: &[String]) -> Result<(Option<&str>, String)> {
    let mut start: Option<&str> = None;
    let mut list: Vec<&str> = Vec::new();
    for target in targets {
        let (from, to) = split(target);
        match (start, from) {
            (Some(start), Some(from)) if start != from => {
                bail!("stamp starts from one place, and here are two: {start} and {from}")
            }
            (None, Some(from)) => start = Some(from),
            _ => {}
        }
        list.push(to);
    }
    Ok((start, list.join(" ")))
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
        Some(from) => Ok(target::resolve_list(history, from)?),
    }
}

/// Where a downgrade starts that does not say it: at the version rows of the database, where one is named, else at
/// all heads.
pub async fn start(
    context: &Context,
    project: &Project,
    history: &History,
) -> Result<Vec<RevisionId>> {
    if !context.names_database(project)? {
        return Ok(history.heads());
    }
    let state = context.with_target(project, async |target| {
        Ok(target.state(&project.config).await?)
    });
    Ok(state.await?.heads)
}

/// Prints the script of a plan for a database at `from`.
pub fn run(
    context: &Context,
    mut project: Project,
    from: Option<&str>,
    make: impl FnOnce(Request<'_>) -> Result<Plan, PlanError>,
) -> Result<ExitCode> {
    let history = project.take_history()?;
    let rows = rows(history, from)?;
    run_at(context, &project, history, &rows, make)
}

/// Prints the script of a plan for a database with these version rows.
pub fn run_at(
    context: &Context,
    project: &Project,
    history: &History,
    current: &[RevisionId],
    make: impl FnOnce(Request<'_>) -> Result<Plan, PlanError>,
) -> Result<ExitCode> {
    let plan = make(Request {
        history,
        config: &project.config,
        environment: context.env.as_deref(),
        current,
    })?;
    let transactions = Transactions::of(&project.config);
    if !plan.is_empty() {
        let unmeasured = unmeasured(&plan, history);
        output::print_always(unmeasured + &offline::script(&plan, transactions))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::note("Nothing to do");
    // The transaction that Alembic opens for the whole script.
    if transactions == Transactions::One {
        output::print_always("BEGIN;\n\nCOMMIT;\n\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Comments for the top of the script, and notes, of the contracts that it begins without a look at their gates. A database at
/// base, which nobody uses yet, takes all phases at once.
fn unmeasured(plan: &Plan, history: &History) -> String {
    if plan.from.is_empty() {
        return String::new();
    }
    let mut comments = String::new();
    for change in changes::begun(changes::upgraded(plan), |id| history.get(id)) {
        let words = changes::unmeasured(&change);
        output::note(format!("warning: {words}"));
        comments.push_str(&format!("-- Warning: {words}\n\n"));
    }
    comments
}
