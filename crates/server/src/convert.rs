//! A whole project in the other form: Alembic's Python files as SQL scripts, and back.
//!
//! Invariant: everything is made, and read back, before anything is written.

mod alembic;
mod native;

use crate::project::{CONFIG, Project, ProjectError, path_in};
use cofferdam_alembic::write::WriteError;
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Direction, Script};
use std::collections::BTreeMap;

/// The form in which a project keeps its revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// SQL scripts, which need no Alembic
    Sql,
    /// Python files that Alembic runs
    Python,
}

/// A project in the other form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// Path to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How many revisions there are in it.
    pub revisions: usize,
    /// What is not as it was, a sentence each.
    pub notes: Vec<String>,
}

/// Why a project cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Python(#[from] WriteError),
    #[error("there is nothing to convert: the project's revisions are {0} already")]
    Nothing(&'static str),
    #[error(
        "nothing was written, as the SQL of these lines cannot be known without running them:\n{}\nWrite what they do as SQL, or go on with Alembic",
        .0.join("\n")
    )]
    Unreadable(Vec<String>),
    #[error("nothing was written, as the SQL has mistakes:\n{}", .0.join("\n"))]
    Findings(Vec<String>),
    #[error(
        "nothing was written, as two revisions would be in one file, {0}: rename one of theirs"
    )]
    Twice(String),
    #[error(
        "nothing was written, as {path} would not be the revision that it was made from ({what})"
    )]
    Different { path: String, what: &'static str },
    #[error("cofferdam.toml cannot be written: {0}")]
    Config(#[from] toml::ser::Error),
}

/// Makes the files of `project` in another form.
pub fn convert(project: &Project, form: Form) -> Result<Converted, ConvertError> {
    let history = project.history()?;
    let is_python = |script: &Script| script.python.is_some();
    let mut converted = match form {
        Form::Sql if project.alembic.is_none() && !history.scripts().any(is_python) => {
            return Err(ConvertError::Nothing("SQL scripts"));
        }
        Form::Python if project.alembic.is_some() && history.scripts().all(is_python) => {
            return Err(ConvertError::Nothing("Python files"));
        }
        Form::Sql => native::convert(project)?,
        Form::Python => alembic::convert(project)?,
    };
    converted.revisions = history.len();
    if let Some(seed) = &project.config.dry_run.seed
        && let Some(file) = project.file(&seed.file)
    {
        converted.add(file.path.clone(), file.bytes.clone())?;
    }
    Ok(converted)
}

impl Converted {
    fn add(&mut self, path: String, bytes: impl Into<Vec<u8>>) -> Result<(), ConvertError> {
        if self.files.contains_key(&path) {
            return Err(ConvertError::Twice(path));
        }
        self.files.insert(path, bytes.into());
        Ok(())
    }
}

/// The project's `cofferdam.toml` as a table; empty where there is none.
fn config(project: &Project) -> toml::Table {
    let file = project.file(CONFIG);
    let text = file.and_then(|file| std::str::from_utf8(&file.bytes).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Where a revision's file goes: as it is below its version location, with another ending.
fn place(project: &Project, script: &Script, only: &str, ending: &str) -> String {
    let locations = project.config.project.locations();
    let inside =
        |location: &&&str| location.is_empty() || script.path.starts_with(&format!("{location}/"));
    let from = locations.iter().filter(inside).max_by_key(|it| it.len());
    let from = from.copied().unwrap_or_default();
    let below = script.path[from.len()..].trim_start_matches('/');
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let folder = match locations.len() {
        1 => only,
        _ => from,
    };
    path_in(folder, &format!("{stem}{ending}"))
}

/// The parts of Python files that cannot be known, a line each.
fn unreadable(scripts: &[Script]) -> Result<(), ConvertError> {
    let mut lines = Vec::new();
    for script in scripts {
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            let Some(body) = script.body(direction) else {
                continue;
            };
            lines.extend(body.unreadable.iter().map(|part| {
                format!(
                    "{}, line {} ({direction} of {}): {}",
                    script.path, part.line, script.revision.id, part.reason
                )
            }));
        }
    }
    match lines.is_empty() {
        true => Ok(()),
        false => Err(ConvertError::Unreadable(lines)),
    }
}

/// Refuses SQL that would be shown and never run.
fn sound<'f>(findings: impl Iterator<Item = &'f Finding>) -> Result<(), ConvertError> {
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    let lines: Vec<String> = errors.map(ToString::to_string).collect();
    match lines.is_empty() {
        true => Ok(()),
        false => Err(ConvertError::Findings(lines)),
    }
}

/// Compares what was read back with what was meant; the graph as a whole has to hold, too.
fn same(before: &[Script], after: Vec<Script>) -> Result<(), ConvertError> {
    for (before, after) in before.iter().zip(&after) {
        let (ours, theirs) = (&before.revision, &after.revision);
        let same = [
            ("its id", ours.id == theirs.id),
            ("what it revises", ours.down == theirs.down),
            (
                "its branch labels",
                ours.branch_labels == theirs.branch_labels,
            ),
            ("what it depends on", ours.depends_on == theirs.depends_on),
            ("its message", ours.message.trim() == theirs.message),
            ("its date", ours.create_date == theirs.create_date),
            ("its author", ours.author == theirs.author),
        ];
        if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
            return Err(ConvertError::Different {
                path: after.path.clone(),
                what,
            });
        }
    }
    History::new(after).map_err(ProjectError::from)?;
    Ok(())
}
