//! The project that a server serves, and the databases of its environments.
//!
//! Files are read anew each time; addresses come from the environment's variables as they were when
//! the server started.

use crate::catalog::{self, SchemaError};
use crate::database::{ConnectError, Database, UrlError, Variables};
use crate::embedded::{Cluster, EmbeddedError, environment_database};
use crate::environment::{self, State, StateError};
use crate::project::{Project, ProjectError};
use cofferdam_alembic::Depth;
use cofferdam_alembic::project::Choice;
use cofferdam_engine::catalog::Catalog;
use std::path::PathBuf;
use std::sync::Arc;

/// A project and where its environments are.
pub struct Workbench {
    root: PathBuf,
    choice: Choice,
    slug: String,
    variables: Variables,
    /// The embedded PostgreSQL, where one was started.
    cluster: Option<Cluster>,
    /// Held while files are compared and written.
    pub saving: Arc<tokio::sync::Mutex<()>>,
}

/// Why an environment's database cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    #[error("there is no environment {0:?} in cofferdam.toml")]
    Unknown(String),
    #[error(
        "environment {environment} takes its URL from the variable {variable}, which is not set where the server runs"
    )]
    NotSet {
        environment: String,
        variable: String,
    },
    #[error("{variable}: {error}")]
    Url { variable: String, error: UrlError },
    #[error(
        "environment {0} belongs into the embedded PostgreSQL, which was not needed when the server started: restart the server"
    )]
    NotStarted(String),
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

impl Workbench {
    pub fn new(project: &Project, variables: Variables, cluster: Option<Cluster>) -> Self {
        Workbench {
            root: project.folder.root().to_owned(),
            choice: project.choice.clone(),
            slug: project.slug(),
            variables,
            cluster,
            saving: Arc::default(),
        }
    }

    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Reads the project's files.
    pub async fn project(&self) -> Result<Project, ProjectError> {
        let root = self.root.clone();
        let choice = self.choice.clone();
        let read = move || Project::open_as(&root, &choice, Depth::Whole);
        let read = tokio::task::spawn_blocking(read).await;
        read.unwrap_or_else(|error| {
            Err(ProjectError::Io {
                action: "read",
                path: "the project folder".into(),
                cause: std::io::Error::other(error),
            })
        })
    }

    /// The database of an environment.
    pub async fn database(
        &self,
        project: &Project,
        environment: &str,
    ) -> Result<Database, EnvironmentError> {
        let unknown = || EnvironmentError::Unknown(environment.to_owned());
        let rules = project
            .config
            .environments
            .get(environment)
            .ok_or_else(unknown)?;
        match &rules.url_env {
            Some(variable) => {
                let url =
                    self.variables
                        .value(variable)
                        .ok_or_else(|| EnvironmentError::NotSet {
                            environment: environment.to_owned(),
                            variable: variable.clone(),
                        })?;
                Database::from_url(&url).map_err(|error| EnvironmentError::Url {
                    variable: variable.clone(),
                    error,
                })
            }
            None => match &self.cluster {
                Some(cluster) => Ok(cluster
                    .environment(&environment_database(&project.slug(), environment))
                    .await?),
                None => Err(EnvironmentError::NotStarted(environment.to_owned())),
            },
        }
    }

    /// What an environment's database says of itself.
    pub async fn state(
        &self,
        project: &Project,
        environment: &str,
    ) -> Result<State, EnvironmentError> {
        let database = self.database(project, environment).await?;
        Ok(environment::read(&database, &project.config, Some(environment)).await?)
    }

    /// The schema of an environment's database.
    pub async fn catalog(
        &self,
        project: &Project,
        environment: &str,
    ) -> Result<Catalog, EnvironmentError> {
        let database = self.database(project, environment).await?;
        Ok(catalog::read(&database, &project.config.project).await?)
    }

    /// The states of all environments, asked at the same time, in order of name.
    pub async fn states(
        &self,
        project: &Project,
    ) -> Vec<(String, Result<State, EnvironmentError>)> {
        let asked = project.config.environments.keys().map(async |name| {
            let state = self.state(project, name).await;
            (name.clone(), state)
        });
        futures_util::future::join_all(asked).await
    }

    /// Leaves the embedded PostgreSQL.
    pub async fn close(self) -> Result<(), EmbeddedError> {
        match self.cluster {
            Some(cluster) => cluster.stop().await,
            None => Ok(()),
        }
    }
}
