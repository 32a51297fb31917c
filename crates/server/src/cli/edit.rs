//! `cofferdam edit`: opens revision files in an editor, and checks what comes out.

use super::{Context, output};
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::finding::Severity;
use std::path::Path;
use std::process::{Command, ExitCode};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision id or the beginning of one, a branch label, head, heads, -N from the head, or current for the database's
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.headers()?;
    let history = project.history()?;
    let ids = context
        .revisions(&project, &history, &args.revision)
        .await?;
    let paths: Vec<String> = ids
        .iter()
        .filter_map(|id| history.get(id))
        .map(|script| script.path.clone())
        .collect();
    if paths.is_empty() {
        bail!(
            "{} names no revision file: there is nothing to edit",
            args.revision
        );
    }
    for path in &paths {
        open(&project.folder.root().join(path))?;
    }
    // The files may be anything now, the history too.
    let edited = context.project()?;
    let mut is_well = true;
    for file in paths.iter().filter_map(|path| edited.file(path)) {
        for finding in edited.read_file(&file.path, &file.bytes).findings {
            is_well &= finding.severity != Severity::Error;
            output::say(finding.to_string());
        }
    }
    edited.history()?;
    Ok(match is_well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Opens a file in the editor that the person has chosen, and waits for its end.
fn open(path: &Path) -> Result<()> {
    let set = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let Some(editor) = set("VISUAL").or_else(|| set("EDITOR")) else {
        bail!(
            "no editor is named: set VISUAL or EDITOR, or open {} yourself",
            path.display()
        );
    };
    // It may have arguments: `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let ended = Command::new(program)
        .args(words)
        .arg(path)
        .status()
        .with_context(|| format!("cannot start the editor {program}"))?;
    if !ended.success() {
        bail!("the editor {program} ended with an error ({ended})");
    }
    Ok(())
}
