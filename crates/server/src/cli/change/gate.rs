//! The gate of a change: measured, confirmed, forced.

use crate::changes::{self, Compared, Entry};
use crate::cli::{Context, Format, execution, output};
use crate::project::Project;
use anyhow::{Result, bail};
use cofferdam_engine::change::gate::Gate;
use cofferdam_engine::change::{self, Change};
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
}

#[derive(Debug, clap::Args)]
pub struct ForceArgs {
    /// The change's id
    id: String,
    /// Why the contract may run although the gate is shut
    #[arg(long, value_name = "WORDS")]
    reason: String,
}

pub async fn run(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let gate = measure(context, &project, &change).await?;
    match format {
        Format::Json => output::print_json(&gate)?,
        Format::Text => output::print_lines(lines(&gate))?,
    }
    Ok(match gate.is_open() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

pub async fn measure(context: &Context, project: &Project, change: &Change) -> Result<Gate> {
    context
        .with_target(project, async |target| {
            let environment = target.environment.as_deref();
            Ok(changes::measure(&target.database, environment, project, change).await?)
        })
        .await
}

pub fn lines(gate: &Gate) -> Vec<String> {
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
    if !change.conditions.confirm.contains(&args.words) {
        bail!(
            "{:?} is nothing that {} asks for: {}",
            args.words,
            change.id,
            match change.conditions.confirm.as_slice() {
                [] => "it asks nobody to confirm anything".to_owned(),
                some => format!("it asks for {}", some.join("; ")),
            }
        );
    }
    let by = args.by.unwrap_or_else(execution::actor);
    let condition = format!("confirm: {}", args.words);
    let entry = Entry {
        condition: &condition,
        holds: true,
        found: "confirmed",
        actor: &by,
    };
    record(context, &project, &change, entry).await?;
    output::note(format!("Confirmed by {by}: {}", args.words));
    Ok(ExitCode::SUCCESS)
}

pub async fn force(context: &Context, args: ForceArgs) -> Result<ExitCode> {
    if args.reason.trim().is_empty() {
        bail!("say why with --reason: it stays in the database");
    }
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    let actor = execution::actor();
    record(
        context,
        &project,
        &change,
        Entry::forced(&args.reason, &actor),
    )
    .await?;
    output::note(format!("The gate of {} is open, by force", change.id));
    Ok(ExitCode::SUCCESS)
}

async fn record(
    context: &Context,
    project: &Project,
    change: &Change,
    entry: Entry<'_>,
) -> Result<()> {
    context
        .with_target(project, async |target| {
            target.allow_direct(&project.config)?;
            let environment = target.environment.as_deref();
            Ok(changes::record(&target.database, environment, project, change, entry).await?)
        })
        .await
}

pub async fn parity(context: &Context, id: &str, format: Format) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, id)?;
    let Some(parity) = change::phases(&change)?.parity else {
        bail!("{id} has no two sides to compare");
    };
    let compared = context
        .with_target(&project, async |target| {
            let environment = target.environment.as_deref();
            let database = &target.database;
            let compared =
                changes::compare(database, environment, &project, &parity, |_| {}).await?;
            let (words, actor) = (compared.words(), execution::actor());
            let entry = Entry {
                condition: "parity",
                holds: compared.disagree == 0,
                found: &words,
                actor: &actor,
            };
            changes::record(database, environment, &project, &change, entry).await?;
            Ok(compared)
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
