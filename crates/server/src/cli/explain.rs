//! `cofferdam explain`: what an error means, and the ways out.

use super::{Format, output};
use anyhow::{Result, bail};
use cofferdam_engine::trouble::{self, Trouble};
use std::io::{IsTerminal, Read};
use std::process::ExitCode;

/// Longest text that is read, in bytes: an error is short.
const MOST: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The error's text, PostgreSQL's or Alembic's [default: what is piped in]
    text: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let text = match args.text.is_empty() {
        false => args.text.join(" "),
        true if std::io::stdin().is_terminal() => String::new(),
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().take(MOST).read_to_end(&mut bytes)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    if text.trim().is_empty() {
        bail!(
            "name the error, or pipe it in: cofferdam explain \"relation \\\"users\\\" already exists\""
        );
    }
    let found = trouble::recognise(&text);
    if args.format == Format::Json {
        output::print_json(&serde_json::json!({"format": 1, "trouble": found}))?;
    } else if let Some(found) = &found {
        output::print(words(found))?;
    } else {
        output::note(
            "This error is not known here; `cofferdam status` shows what the database and the files have",
        );
    }
    Ok(match found {
        Some(_) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    })
}

/// A trouble in words, each line ended.
pub fn words(trouble: &Trouble) -> String {
    let mut text = format!("{}\n", trouble.happened);
    for way in &trouble.ways {
        text.push_str(&format!("  - {}\n", way.words));
        if let Some(command) = &way.command {
            text.push_str(&format!("      {command}\n"));
        }
    }
    text
}
