//! `cofferdam lint`: the hazards of revisions, or of any SQL files.

mod annotated;
mod fixing;
mod formats;
mod input;
mod rules;

use super::{Context, output};
use crate::memory;
use anyhow::Result;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::Version;
use cofferdam_engine::lint::Found;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision, a range such as base:head or 3f2a:heads (what an upgrade from the first to the second would run), or SQL files; every revision where nothing is named
    #[arg(value_name = "RANGE | FILES")]
    what: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The server's version, such as 16 or 14.2 [default: lint.version of cofferdam.toml, or the newest]
    #[arg(long, value_name = "VERSION")]
    assume_version: Option<Version>,
    /// What production's tables hold, as the query of --statistics-query answers it [default: lint.statistics of cofferdam.toml]
    #[arg(long, value_name = "FILE")]
    statistics: Option<PathBuf>,
    /// Print the query whose answer --statistics takes; it reads no data of the tables
    #[arg(long)]
    statistics_query: bool,
    /// Every rule, also those that a project has to switch on
    #[arg(long)]
    all: bool,
    /// Judge the range as one plan: what an earlier revision of it makes is empty for the later ones
    #[arg(long)]
    together: bool,
    /// Show also what a suppression allows
    #[arg(long)]
    allowed: bool,
    /// Write the safe way into the files, where there is one
    #[arg(long)]
    fix: bool,
    /// List the rules, and count them
    #[arg(long)]
    rules: bool,
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
    Junit,
}

/// Bytes of text that are judged sooner in huge pages.
const WORTH_HUGE_PAGES: usize = 1024 * 1024;

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.statistics_query {
        output::print(cofferdam_engine::hazard::Statistics::QUERY)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.rules {
        return rules::run(args.format);
    }
    let mut input = match input::read(context, &args) {
        Ok(input) => input,
        Err(error) => {
            output::say(format!("error: {error:#}"));
            return Ok(ExitCode::from(2));
        }
    };
    if args.fix {
        let fixed = fixing::fix(&mut input)?;
        output::note(match fixed {
            0 => "Nothing can be fixed by itself".to_owned(),
            1 => "Fixed 1 hazard".to_owned(),
            count => format!("Fixed {count} hazards"),
        });
    }
    if input.bytes() > WORTH_HUGE_PAGES {
        memory::allow_huge_pages();
    }
    let found = input.judge();
    let shown: Vec<&Found> = found
        .iter()
        .filter(|one| args.allowed || one.allowed.is_none())
        .collect();
    match args.format {
        Format::Text => {
            output::print(annotated::text(&input, &shown))?;
            output::note(summary(&found, input.count()));
        }
        Format::Json => output::print_as_made(|out| formats::json(&shown, out))?,
        Format::Sarif => output::print_json(&formats::sarif(&shown))?,
        Format::Github => output::print_lines(formats::github(&shown))?,
        Format::Junit => output::print(formats::junit(&shown))?,
    }
    Ok(match found.iter().any(Found::is_serious) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// One line that says how it went.
fn summary(found: &[Found], files: usize) -> String {
    let count = |severity: Severity| {
        let of = found.iter().filter(|one| one.allowed.is_none());
        of.filter(|one| one.severity == severity).count()
    };
    let allowed = found.iter().filter(|one| one.allowed.is_some()).count();
    let parts = [
        (count(Severity::Error), "error", "errors"),
        (count(Severity::Warning), "warning", "warnings"),
        (count(Severity::Note), "note", "notes"),
        (allowed, "allowed", "allowed"),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let files = match files {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    match said.is_empty() {
        true => format!("{files}: no hazard found"),
        false => format!("{files}: {}", said.join(", ")),
    }
}
