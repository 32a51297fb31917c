//! `cofferdam change`: breaking changes in phases.

mod conflicts;
mod gate;
mod make;
mod queries;
mod show;
mod write;

use super::{Context, Format, output};
use anyhow::Result;
use cofferdam_engine::change::Kind;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the kinds of changes, and what each needs
    Kinds(Formatted),
    /// Begin a change: writes changes/ID.toml, and shows its phases
    New(make::Args),
    /// List the changes, and the revisions that are written for each
    List(Formatted),
    /// Show which changes may be open at the same time, which wait for another, and which exclude each other
    Conflicts(Formatted),
    /// Show a change's phases with their SQL, locks and gate
    Show(show::Args),
    /// Prove all phases, up, down, up again, on a throwaway PostgreSQL, before anything is written
    Prove(Reported),
    /// Show which of the application's queries work at which point, on a throwaway PostgreSQL
    Queries(queries::Args),
    /// Write the revisions of expand and migrate
    Write(write::Args),
    /// Compare both sides of every row, and record what was found for the gate
    Parity(Reported),
    /// Measure the conditions of the gate before the contract
    Gate(Reported),
    /// Confirm a condition that only a person can know
    Confirm(gate::ConfirmArgs),
    /// Open the gate by force, with a reason that stays in the database
    Force(gate::ForceArgs),
    /// Write the revisions of the contract, where the gate is open
    Contract(Reported),
    /// Write revisions that bring back what the contract took
    Restore(Reported),
    /// Write a revision that removes what the contract put into quarantine
    Sweep(write::SweepArgs),
}

#[derive(Debug, clap::Args)]
struct Formatted {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Reported {
    /// The change's id
    id: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Kinds(args) => kinds(args.format),
        Command::New(args) => make::run(context, args).await,
        Command::List(args) => show::list(context, args.format),
        Command::Conflicts(args) => conflicts::run(context, args.format),
        Command::Show(args) => show::run(context, args),
        Command::Prove(args) => write::prove(context, &args.id, args.format).await,
        Command::Queries(args) => queries::run(context, args).await,
        Command::Write(args) => write::expand(context, args).await,
        Command::Parity(args) => gate::parity(context, &args.id, args.format).await,
        Command::Gate(args) => gate::run(context, &args.id, args.format).await,
        Command::Confirm(args) => gate::confirm(context, args).await,
        Command::Force(args) => gate::force(context, args).await,
        Command::Contract(args) => write::contract(context, &args.id, args.format).await,
        Command::Restore(args) => write::restore(context, &args.id, args.format),
        Command::Sweep(args) => write::sweep(context, args).await,
    }
}

fn kinds(format: Format) -> Result<ExitCode> {
    if format == Format::Json {
        output::print_json(&serde_json::json!({ "format": 1, "kinds": Kind::ALL }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = Vec::new();
    for about in Kind::ALL {
        lines.push(format!("{}: {}", about.name, about.about));
        for field in about.fields {
            let need = if field.required { "" } else { " (optional)" };
            lines.push(format!(
                "    {}={}  {}{need}",
                field.name, field.example, field.label
            ));
        }
    }
    output::print_lines(lines)?;
    Ok(ExitCode::SUCCESS)
}
