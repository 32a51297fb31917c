//! `cofferdam convert`.

use super::{Context, output, say};
use crate::convert::{Form, convert};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The form of the new project's revisions
    #[arg(long, value_name = "FORM")]
    to: Form,
    /// The new project's folder, which must not be there yet, or be empty [default: beside this one, such as
    /// shop-python]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let folder = match args.output {
        Some(folder) => std::path::absolute(folder)?,
        None => beside(project.folder.root(), args.to)?,
    };
    refuse_existing(&folder)?;
    let converted = convert(&project, args.to)?;
    write(
        &folder,
        converted
            .files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
    )?;
    for note in &converted.notes {
        say(format!("note: {note}"));
    }
    output::print(format!(
        "Converted {} to {} in {}",
        match converted.revisions {
            1 => "1 revision".to_owned(),
            many => format!("{many} revisions"),
        },
        match args.to {
            Form::Sql => "SQL scripts",
            Form::Python => "Python files",
        },
        folder.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn beside(root: &Path, form: Form) -> Result<PathBuf> {
    let word = match form {
        Form::Sql => "sql",
        Form::Python => "python",
    };
    let name = root.file_name().and_then(|name| name.to_str());
    match (root.parent(), name) {
        (Some(parent), Some(name)) => Ok(parent.join(format!("{name}-{word}"))),
        _ => bail!("say where the new project is to be written, with --output"),
    }
}

fn refuse_existing(folder: &Path) -> Result<()> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => bail!(
                "{} has files in it: name another folder with --output",
                folder.display()
            ),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot use {}", folder.display())),
    }
}

/// Writes all files, or none: into a folder beside the new one, which then takes its name.
fn write<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Result<()> {
    let Some(parent) = folder.parent() else {
        bail!("{} cannot be a project's folder", folder.display());
    };
    let failed = || format!("cannot write {}", folder.display());
    fs::create_dir_all(parent).with_context(failed)?;
    let temporary = parent.join(format!(".cofferdam-{:016x}.tmp", crate::driver::random()));
    let result = fill(&temporary, files).and_then(|()| {
        // A folder can only take the name of one that is not there, on some systems.
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => fs::rename(&temporary, folder),
        }
    });
    if result.is_err() {
        let _ = fs::remove_dir_all(&temporary);
    }
    result.with_context(failed)
}

fn fill<'f>(
    folder: &Path,
    files: impl Iterator<Item = (&'f str, &'f [u8])>,
) -> std::io::Result<()> {
    fs::create_dir(folder)?;
    for (path, bytes) in files {
        let place = folder.join(path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(place, bytes)?;
    }
    Ok(())
}
