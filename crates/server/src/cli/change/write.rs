//! A change's revisions: proved, and written onto the head.

use super::{conflicts, gate, queries};
use crate::changes;
use crate::cli::new::{self, New};
use crate::cli::scratch::{self, Wanted, with_scratch};
use crate::cli::{Context, Format, duration, output, verify as verifying};
use crate::project::Project;
use crate::verify::{self, Order, Report};
use anyhow::{Result, bail};
use cofferdam_engine::change::{self, Change, Part, Phase, Proposed};
use cofferdam_engine::revision::{Downgrade, RevisionId};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The change's id
    id: String,
    /// The application's queries (see `cofferdam change queries`): nothing is written where one would break [default: changes/ID.queries.sql, where it is there]
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub struct SweepArgs {
    /// The change's id
    id: String,
    /// How long its contract has to be applied on the database [default: 14d]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    older_than: Option<Duration>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn prove(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let phases = change::phases(&change)?;
    let history = project.history()?;
    let proposed = Proposed::new(&history, &project.config.project, &change, &phases)?;
    let order = Order {
        history: &proposed.history,
        wanted: proposed
            .revisions
            .iter()
            .map(|(_, id)| id.clone())
            .collect(),
        seed: None,
    };
    let target = Wanted::find(context, &project).await?;
    let started = Instant::now();
    let report = with_scratch(context, &project, &target, async |scratch, setting| {
        let version = scratch.version().await?;
        output::note(format!("On {}", scratch::words(scratch, &version, &target)));
        let checked = verify::prove(scratch, setting, &order, |_, _| {}).await?;
        let elapsed = started.elapsed().as_secs_f64() * 1000.0;
        Ok(Report::new(version, None, checked, elapsed))
    })
    .await?;
    match format {
        Format::Json => output::print_json(&report)?,
        Format::Text => {
            let mut lines = Vec::new();
            for one in &report.revisions {
                lines.push(format!("{}: {}", one.message, one.verdict.words()));
                lines.extend(verifying::details(one).lines().map(str::to_owned));
            }
            output::print_lines(lines)?;
        }
    }
    Ok(verifying::code(report.is_fine()))
}

pub async fn expand(context: &Context, args: Args) -> Result<ExitCode> {
    let (project, id) = (context.project()?, args.id.as_str());
    let change = changes::find(&project.folder, id)?;
    let phases = change::phases(&change)?;
    if let Some((phase, revision)) = change.written.first() {
        bail!("{id} is written already: {phase} begins with {revision}");
    }
    conflicts::warn(&project, &change)?;
    if let Some(asked) = queries::Asked::find(&project, &change, args.queries.as_deref())? {
        let evidence = asked.ask(context, &project, &change, &phases).await?;
        if !evidence.matrix.is_fine() {
            queries::print(&evidence.matrix, args.format)?;
            bail!("nothing is written: there are queries that would break");
        }
        asked.keep(&project, &change, &evidence)?;
    }
    put(
        context,
        &project,
        change,
        phases.before_contract(),
        args.format,
    )?;
    Ok(ExitCode::SUCCESS)
}

pub async fn contract(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let phases = change::phases(&change)?;
    if let Some(revision) = change.revisions(Phase::Contract).next() {
        bail!("the contract of {id} is written already: it begins with {revision}");
    }
    if change.written.is_empty() {
        bail!(
            "{id} has no revisions yet: write and apply expand and migrate first (`cofferdam change write {id}`)"
        );
    }
    if phases.of(Phase::Contract).next().is_none() {
        output::note(format!(
            "{id} has no contract: nothing of it is taken away, and it is done when what is written is applied"
        ));
        report(context, &change, &[], format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let gate = gate::measure(context, &project, &change).await?;
    if !gate.is_open() {
        gate::print(&gate, format)?;
        bail!("the contract is written when the gate is open");
    }
    put(
        context,
        &project,
        change,
        phases.of(Phase::Contract),
        format,
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the parts as revisions onto the head, and their ids into the change's file.
fn put<'p>(
    context: &Context,
    project: &Project,
    mut change: Change,
    parts: impl IntoIterator<Item = &'p Part>,
    format: Format,
) -> Result<()> {
    tell_in(format);
    let mut written = Vec::new();
    let mut down = change::head(&project.history()?)?;
    for part in parts {
        // What was written before it is part of the history now.
        let project = context.project()?;
        let id = new::write(
            &project,
            New {
                down: down.clone(),
                message: Some(part.message.clone()),
                extra: change::header(&change.id, part.phase),
                upgrade: part.upgrade.clone(),
                downgrade: Downgrade::Sql(part.downgrade.clone()),
                ..New::default()
            },
        )?;
        change.written.push((part.phase, id.clone()));
        written.push((part.phase.as_str(), id.clone()));
        project
            .folder
            .write(&change.id.path(), change.write().as_bytes())?;
        down = vec![id];
    }
    report(context, &change, &written, format)
}

/// Where a program reads, nothing else is printed.
fn tell_in(format: Format) {
    if format == Format::Json {
        output::be_quiet();
    }
}

/// Tells a program which revisions were written for the change.
fn report(
    context: &Context,
    change: &Change,
    written: &[(&str, RevisionId)],
    format: Format,
) -> Result<()> {
    if format == Format::Text {
        return Ok(());
    }
    let project = context.project()?;
    let revisions = written.iter().filter_map(|(phase, id)| {
        let mut scripts = project.scripts.iter();
        let script = scripts.find(|script| script.revision.id == *id)?;
        Some(serde_json::json!({
            "phase": phase,
            "revision": id,
            "message": script.revision.message,
            "path": script.path,
        }))
    });
    output::print_json(&serde_json::json!({
        "format": 1,
        "change": change.id,
        "revisions": revisions.collect::<Vec<_>>(),
    }))
}

pub fn restore(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let mut change = changes::find(&project.folder, id)?;
    let phases = change::phases(&change)?;
    if change.revisions(Phase::Contract).next().is_none() {
        bail!("the contract of {id} is not written, so there is nothing to bring back");
    }
    not_swept(&project, &change)?;
    change
        .written
        .retain(|(phase, _)| *phase != Phase::Contract);
    put(context, &project, change, &phases.restoration(), format)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses where what the contract took is removed already.
fn not_swept(project: &Project, change: &Change) -> Result<()> {
    let mut scripts = project.scripts.iter();
    match scripts.find(|script| change::is_sweep(&script.revision, &change.id)) {
        Some(script) => bail!(
            "{} removes what the contract of {} put into quarantine: delete that revision first, where no database has it yet",
            script.revision.id,
            change.id
        ),
        None => Ok(()),
    }
}

pub async fn sweep(context: &Context, args: SweepArgs) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    if change.revisions(Phase::Contract).next().is_none() {
        bail!(
            "the contract of {} is not written, so nothing is in quarantine",
            args.id
        );
    }
    if !change::has_quarantine(&change::phases(&change)?) {
        bail!(
            "the contract of {} puts nothing into quarantine, so there is nothing to sweep",
            change.id
        );
    }
    not_swept(&project, &change)?;
    let since = context
        .with_target(&project, async |target| {
            let state = target.state(&project.config).await?;
            let last = change.revisions(Phase::Contract).last();
            let file = state
                .journal
                .iter()
                .find(|file| last.is_some_and(|id| id.as_str() == file.revision));
            Ok(file.map(|file| file.at.clone()))
        })
        .await?;
    let Some(since) = since else {
        bail!(
            "the contract of {} is not applied on this database: nothing is in quarantine here",
            change.id
        );
    };
    let at: jiff::Timestamp = since.parse()?;
    let age = jiff::Timestamp::now().duration_since(at).unsigned_abs();
    let kept = Duration::from_secs(u64::from(change::KEPT_DAYS) * 24 * 60 * 60);
    if age < args.older_than.unwrap_or(kept) {
        bail!(
            "the contract was applied at {since}, which is not longer ago than --older-than: what it took can still be restored"
        );
    }
    let down = change::head(&project.history()?)?;
    let swept = change::sweep(&change.id, RevisionId::new("sweep")?, down);
    tell_in(args.format);
    let id = new::write(
        &project,
        New {
            down: swept.down,
            message: Some(swept.message),
            extra: swept.extra,
            upgrade: swept.upgrade,
            downgrade: swept.downgrade,
            ..New::default()
        },
    )?;
    report(context, &change, &[("sweep", id)], args.format)?;
    Ok(ExitCode::SUCCESS)
}
