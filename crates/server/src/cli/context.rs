//! What a command works on: the project, and the database where it needs one.

use crate::database::{self, Database, Source, Variables};
use crate::embedded::{self, Cluster};
use crate::environment::{self, State};
use crate::project::{self, Project};
use crate::state::{self, StateUrl};
use crate::store::Store;
use anyhow::{Result, bail};
use cofferdam_engine::config::{Config, Environment};
use std::path::PathBuf;

/// The global options.
#[derive(Debug)]
pub struct Context {
    project: Option<PathBuf>,
    pub url: Option<String>,
    pub env: Option<String>,
    pub pg_bin: Option<PathBuf>,
}

impl Context {
    pub fn new(
        project: Option<PathBuf>,
        url: Option<String>,
        env: Option<String>,
        pg_bin: Option<PathBuf>,
    ) -> Self {
        Context {
            project,
            url,
            env,
            pg_bin,
        }
    }

    /// The project folder, as named or found.
    pub fn root(&self) -> Result<PathBuf> {
        match &self.project {
            Some(folder) => Ok(folder.clone()),
            None => Ok(project::find(&std::env::current_dir()?)),
        }
    }

    pub fn project(&self) -> Result<Project> {
        Ok(Project::open(&self.root()?)?)
    }

    /// The environment's variables, and those of `.env` in the project folder or here.
    pub fn variables(&self, project: &Project) -> Result<Variables> {
        let here = std::env::current_dir()?;
        Ok(Variables::read(&[project.folder.root(), &here])?)
    }

    /// Chooses the database, starting the embedded PostgreSQL where it is in there.
    pub async fn target(&self, project: &Project) -> Result<Target> {
        let variables = self.variables(project)?;
        let source = database::choose(
            self.url.as_deref(),
            self.env.as_deref(),
            &project.config,
            &variables,
        )?;
        let environment = source.environment().map(str::to_owned);
        match source {
            Source::Url { database, .. } => Ok(Target {
                database,
                environment,
                cluster: None,
            }),
            Source::Embedded { environment: name } => {
                let root = project.folder.root();
                let cluster = Cluster::start(root, self.pg_bin.as_deref()).await?;
                let name = embedded::environment_database(&project.slug(), &name);
                match cluster.database(&name).await {
                    Ok(database) => Ok(Target {
                        database,
                        environment,
                        cluster: Some(cluster),
                    }),
                    Err(error) => {
                        cluster.stop().await?;
                        Err(error.into())
                    }
                }
            }
        }
    }

    /// Does `work` on the database, and leaves the embedded PostgreSQL afterwards.
    pub async fn with_target<T>(
        &self,
        project: &Project,
        work: impl AsyncFnOnce(&Target) -> Result<T>,
    ) -> Result<T> {
        let target = self.target(project).await?;
        let result = work(&target).await;
        if let Some(cluster) = target.cluster {
            cluster.stop().await?;
        }
        result
    }

    /// Does `work` on the server's own database, whether the server runs or not.
    pub async fn with_store<T>(
        &self,
        url: &StateUrl,
        work: impl AsyncFnOnce(&Store) -> Result<T>,
    ) -> Result<T> {
        let project = self.project()?;
        let variables = self.variables(&project)?;
        state::with_store(&project, &variables, url, self.pg_bin.as_deref(), work).await
    }
}

/// The database of a command.
#[derive(Debug)]
pub struct Target {
    pub database: Database,
    pub environment: Option<String>,
    cluster: Option<Cluster>,
}

impl Target {
    pub async fn state(&self, config: &Config) -> Result<State, environment::StateError> {
        environment::read(&self.database, config, self.environment.as_deref()).await
    }

    /// The environment's rules; those of no environment allow everything.
    pub fn rules<'c>(&self, config: &'c Config) -> Option<(&'c str, &'c Environment)> {
        let (name, rules) = config
            .environments
            .get_key_value(self.environment.as_deref()?)?;
        Some((name, rules))
    }

    /// Refuses what only an approved plan may do.
    pub fn allow_direct(&self, config: &Config) -> Result<()> {
        if let Some((name, rules)) = self.rules(config)
            && rules.approval
        {
            bail!(
                "environment {name} runs approved plans only: make a plan in the workbench, have it approved, then run `cofferdam apply PLAN`"
            );
        }
        Ok(())
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.environment {
            Some(name) => write!(f, "{name} ({})", self.database),
            None => write!(f, "{}", self.database),
        }
    }
}
