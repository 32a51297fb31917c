//! Why a project folder cannot be read or written.

use cofferdam_alembic::project::SetupError;
use cofferdam_engine::finding::Finding;
use cofferdam_engine::history::HistoryError;
use std::path::PathBuf;

/// Why a project folder cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error("there is no folder {}", .0.display())]
    Missing(PathBuf),
    #[error(
        "{} is not a project: it has neither cofferdam.toml nor versions/, and neither alembic.ini nor a [tool.alembic] in pyproject.toml (go there, name the folder with --project, or make one with `cofferdam init`)", .0.display()
    )]
    NotAProject(PathBuf),
    #[error("cofferdam.toml, line {line}: it is not UTF-8")]
    ConfigNotUtf8 { line: usize },
    #[error(
        "there is no folder {0} in the project, which project.versions in cofferdam.toml names: create it, or correct the name"
    )]
    NoVersions(String),
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error("{}", lines(.0))]
    Unreadable(Vec<Finding>),
    #[error("{}", lines(.0))]
    History(Vec<HistoryError>),
    #[error("{path:?} is not a path inside the project folder")]
    Outside { path: String },
    #[error("{path} is there already")]
    Exists { path: String },
    #[error("cannot {action} {path}: {cause}")]
    Io {
        action: &'static str,
        path: String,
        cause: std::io::Error,
    },
}

impl From<Vec<HistoryError>> for ProjectError {
    fn from(errors: Vec<HistoryError>) -> Self {
        ProjectError::History(errors)
    }
}

fn lines<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}
