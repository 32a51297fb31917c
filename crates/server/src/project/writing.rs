//! A revision as a file of the project's own form.

use super::{PYTHON, Project, ProjectError, SQL};
use cofferdam_alembic::write::{self, WriteError};
use cofferdam_engine::revision::Revision;
use cofferdam_engine::script;

/// The text of a revision's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// What the file's name ends with.
    pub ending: &'static str,
    pub text: String,
    /// What its author should know of it.
    pub notice: Option<String>,
}

/// Why a revision's file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Python(#[from] WriteError),
    #[error("{path} is not UTF-8: save it as UTF-8")]
    Template { path: String },
}

impl Project {
    /// Writes `revision` as Python in an Alembic project, else as an SQL script: Alembic stops at a version row whose id
    /// no Python file has.
    pub fn compose(&self, revision: &Revision) -> Result<Composed, ComposeError> {
        let Some(home) = &self.alembic else {
            return Ok(Composed {
                ending: SQL,
                text: script::write(revision),
                notice: None,
            });
        };
        let path = super::path_in(&home.script_location, "script.py.mako");
        let template = self.folder.read(&path)?;
        let template = template.map(String::from_utf8).transpose();
        let template = template.map_err(|_| ComposeError::Template { path })?;
        let written = write::write(revision, template.as_deref(), &self.settings)?;
        Ok(Composed {
            ending: PYTHON,
            text: written.text,
            notice: written.notice,
        })
    }
}
