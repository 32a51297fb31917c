//! The gate of a change: measured, confirmed, forced.

use crate::changes;
use crate::cli::context::Target;
use crate::cli::{Context, Format, execution, output};
use crate::gate::Site;
use crate::project::Project;
use anyhow::{Result, bail};
use cofferdam_engine::change::Change;
use cofferdam_engine::change::gate::Gate;
use cofferdam_engine::change::parity::Compared;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct ConfirmArgs {
    /// The change's id
    id: String,
    /// The condition's words, as `cofferdam change gate` shows them
    words: String,
    /// Who confirms it [default: you]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub struct ForceArgs {
    /// The change's id
    id: String,
    /// Why the contract may run although the gate is shut
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let gate = measure(context, &project, &change).await?;
    print(&gate, format)?;
    Ok(match gate.is_open() || gate.passed.is_some() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn site<'a>(target: &'a Target, project: &'a Project, change: &'a Change) -> Site<'a> {
    Site {
        project,
        change,
        database: &target.database,
        environment: target.environment.as_deref(),
    }
}

pub async fn measure(context: &Context, project: &Project, change: &Change) -> Result<Gate> {
    context
        .with_target(project, async |target| {
            Ok(site(target, project, change).measure().await?)
        })
        .await
}

pub fn print(gate: &Gate, format: Format) -> Result<()> {
    match format {
        Format::Json => output::print_json(gate),
        Format::Text => output::print_lines(lines(gate)),
    }
}

fn lines(gate: &Gate) -> Vec<String> {
    if let Some(at) = &gate.passed {
        return vec![format!(
            "The contract of {} was applied here at {at}: its gate is passed",
            gate.change
        )];
    }
    let mut lines = vec![format!(
        "The gate before the contract of {} is {}",
        gate.change,
        if gate.is_open() { "open" } else { "shut" }
    )];
    if let Some(forced) = &gate.forced {
        lines.push(format!("  opened by force: {forced}"));
    }
    for one in &gate.conditions {
        let mark = match one.holds {
            Some(true) => 'x',
            Some(false) => ' ',
            None => '?',
        };
        let at = one
            .at
            .as_ref()
            .map_or_else(String::new, |at| format!(", {at}"));
        lines.push(format!(
            "[{mark}] {}: {}{at}",
            one.condition.words, one.found
        ));
        if one.holds != Some(true) {
            lines.push(format!("      {}", one.condition.help));
        }
    }
    lines
}

pub async fn confirm(context: &Context, args: ConfirmArgs) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    let by = args.by.unwrap_or_else(execution::actor);
    context
        .with_target(&project, async |target| {
            allow_by_hand(target, &project, &change)?;
            Ok(site(target, &project, &change)
                .confirm(&args.words, &by)
                .await?)
        })
        .await?;
    match args.format {
        Format::Json => output::print_json(&measure(context, &project, &change).await?)?,
        Format::Text => output::note(format!("Confirmed by {by}: {}", args.words)),
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn force(context: &Context, args: ForceArgs) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    let actor = execution::actor();
    context
        .with_target(&project, async |target| {
            allow_by_hand(target, &project, &change)?;
            Ok(site(target, &project, &change)
                .force(&args.reason, &actor)
                .await?)
        })
        .await?;
    match args.format {
        Format::Json => output::print_json(&measure(context, &project, &change).await?)?,
        Format::Text => output::note(format!("The gate of {} is open, by force", change.id)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses to open a gate where only approved plans run: there it takes somebody who is signed in.
fn allow_by_hand(target: &Target, project: &Project, change: &Change) -> Result<()> {
    if let Some((name, rules)) = target.rules(&project.config)
        && rules.approval
    {
        bail!(
            "environment {name} runs approved plans only, so its gates are confirmed and forced by people who are signed in: open /changes/{}?environment={name} in the workbench",
            change.id
        );
    }
    Ok(())
}

pub async fn parity(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let actor = execution::actor();
    let compared = context
        .with_target(&project, async |target| {
            Ok(site(target, &project, &change).compare(&actor).await?)
        })
        .await?;
    match format {
        Format::Json => output::print_json(&compared)?,
        Format::Text => output::print_lines(compared_lines(&compared))?,
    }
    Ok(match compared.disagree {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn compared_lines(compared: &Compared) -> Vec<String> {
    let mut lines = vec![compared.words()];
    for row in &compared.samples {
        let cells: Vec<String> = compared
            .columns
            .iter()
            .zip(row)
            .map(|(name, value)| format!("{name} {}", value.as_deref().unwrap_or("NULL")))
            .collect();
        lines.push(format!("  {}", cells.join(", ")));
    }
    lines
}
