//! `cofferdam completions` and `cofferdam man`: what shells and `man` know of the command line, from its own definition.

use super::{Cli, output};
use anyhow::{Context as _, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// Whose completions
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write the pages of all commands into this folder [default: print the first]
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

pub fn completions(args: CompletionsArgs) -> Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cofferdam", &mut text);
    output::print_always(String::from_utf8_lossy(&text))?;
    Ok(ExitCode::SUCCESS)
}

pub fn man(args: ManArgs) -> Result<ExitCode> {
    let Some(folder) = args.directory else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        output::print_always(String::from_utf8_lossy(&page))?;
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::create_dir_all(&folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), &folder))
        .with_context(|| format!("cannot write the pages into {}", folder.display()))?;
    output::note(format!("The pages are in {}", folder.display()));
    Ok(ExitCode::SUCCESS)
}
