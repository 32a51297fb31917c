//! `cofferdam branches`.

use super::words::{Parts, Words};
use super::{Context, output};
use anyhow::Result;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Everything about each
    #[arg(short, long)]
    verbose: bool,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let history = context.project()?.history()?;
    let words = Words {
        history: &history,
        current: &[],
    };
    let parts = Parts {
        labels: true,
        tree: true,
        ..Parts::default()
    };
    let mut text = String::new();
    for script in history.scripts().rev() {
        let id = &script.revision.id;
        let children = history.children(id);
        if children.len() < 2 {
            continue;
        }
        text.push_str(&match args.verbose {
            true => words.entry(script),
            false => words.line(script, parts),
        });
        text.push('\n');
        for child in children.iter().filter_map(|child| history.get(child)) {
            let line = words.line(
                child,
                Parts {
                    message: args.verbose,
                    ..parts
                },
            );
            text.push_str(&format!(
                "{:1$} -> {line}\n",
                "",
                id.as_str().chars().count()
            ));
        }
        text.push('\n');
    }
    output::print(text)?;
    Ok(ExitCode::SUCCESS)
}
