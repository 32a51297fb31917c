//! What a command works on: the project, and the database where it needs one.

use super::output;
use crate::database::{self, Database, Source, Variables};
use crate::embedded::{self, Cluster};
use crate::environment::{self, State};
use crate::project::{self, CONFIG, Project};
use crate::state::{self, StateUrl};
use crate::store::Store;
use anyhow::{Context as _, Result, bail};
use cofferdam_alembic::Depth;
use cofferdam_alembic::project::{Choice, PYPROJECT};
use cofferdam_engine::config::{Config, Environment};
use cofferdam_engine::history::History;
use cofferdam_engine::history::target::{self, TargetError};
use cofferdam_engine::revision::RevisionId;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The global options.
#[derive(Debug, Default)]
pub struct Context {
    pub project: Option<PathBuf>,
    /// Alembic's files, as `-c` names them.
    pub configs: Vec<PathBuf>,
    /// The INI file's section, as `-n` names it.
    pub section: Option<String>,
    pub url: Option<String>,
    pub env: Option<String>,
    pub pg_bin: Option<PathBuf>,
    pub verbose: bool,
    /// Whether what cannot be known of the configuration was told.
    pub warned: AtomicBool,
}

impl Context {
    /// The project folder, as named or found, and which of Alembic's files are meant.
    fn place(&self) -> Result<(PathBuf, Choice)> {
        let here = std::env::current_dir()?;
        let variable = std::env::var_os("ALEMBIC_CONFIG").filter(|value| !value.is_empty());
        let mut named = self.configs.clone();
        if named.is_empty() && self.project.is_none() {
            named.extend(variable.map(PathBuf::from));
        }
        let mut choice = Choice {
            section: self.section.clone(),
            ..Choice::default()
        };
        if named.is_empty() {
            let root = self.project.clone().unwrap_or_else(|| project::find(&here));
            return Ok((root, choice));
        }
        let files = named
            .iter()
            .map(|path| real(path))
            .collect::<Result<Vec<PathBuf>>>()?;
        let here = std::fs::canonicalize(&here)?;
        let root = match &self.project {
            Some(root) => std::fs::canonicalize(root)
                .with_context(|| format!("there is no folder {}", root.display()))?,
            None => above(&here, &files),
        };
        for (path, file) in named.iter().zip(&files) {
            let Some(inside) = relative(file, &root) else {
                bail!(
                    "{} is outside of the project folder {}: name a folder above it with --project",
                    path.display(),
                    root.display()
                );
            };
            let is_toml = file.file_name().is_some_and(|name| name == PYPROJECT);
            let place = match is_toml {
                true => &mut choice.pyproject,
                false => &mut choice.ini,
            };
            if place.replace(inside).is_some() {
                bail!(
                    "-c names two files of one kind: it takes one INI file and one pyproject.toml"
                );
            }
        }
        choice.here = relative(&here, &root).unwrap_or_default();
        Ok((root, choice))
    }

    /// The project, with all that its files say.
    pub fn project(&self) -> Result<Project> {
        let project = self.open(Depth::Whole)?;
        self.warn_of_names(&project);
        Ok(project)
    }

    /// The project as [`Context::project`] gives it, for a command that only looks.
    pub fn scripts(&self) -> Result<Project> {
        let project = self.look(Depth::Whole)?;
        self.warn_of_names(&project);
        Ok(project)
    }

    /// What the project's configuration says, for a command that looks at none of its revisions.
    pub fn configured(&self) -> Result<Project> {
        let (root, choice) = self.place()?;
        let project = Project::configured(&root, &choice)?;
        self.warn_of_names(&project);
        Ok(project)
    }

    fn warn_of_names(&self, project: &Project) {
        self.warn(project);
        if let Some(why) = &project.settings.unknown_convention {
            output::note(format!(
                "warning: the naming convention is not known ({why}): write it as naming_convention under [alembic] in cofferdam.toml"
            ));
        }
    }

    /// Tells once what cannot be known of the configuration.
    fn warn(&self, project: &Project) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            for notice in &project.notices {
                output::note(format!("warning: {notice}"));
            }
        }
    }

    /// The project, with as much of its files as the history needs, for a command that only looks.
    pub fn headers(&self) -> Result<Project> {
        self.look(Depth::Header)
    }

    fn look(&self, depth: Depth) -> Result<Project> {
        let (root, choice) = self.place()?;
        Ok(Project::look(&root, &choice, depth)?)
    }

    fn open(&self, depth: Depth) -> Result<Project> {
        let (root, choice) = self.place()?;
        Ok(Project::open_as(&root, &choice, depth)?)
    }

    /// Whether a database is named, so that a command that may ask it does.
    pub fn names_database(&self, project: &Project) -> Result<bool> {
        let variables = self.variables(project)?;
        Ok(self.url.is_some() || self.env.is_some() || variables.value("DATABASE_URL").is_some())
    }

    /// Tells that an option is only for `env.py`.
    pub fn passed_over(&self, option: &str, given: bool) {
        if given {
            output::note(format!(
                "note: {option} is for env.py, which Cofferdam does not run: it changes nothing here"
            ));
        }
    }

    /// The revisions that `text` names; `current` is the database's.
    pub async fn revisions(
        &self,
        project: &Project,
        history: &History,
        text: &str,
    ) -> Result<Vec<RevisionId>> {
        if text != "current" {
            return Ok(target::resolve(history, text)?);
        }
        let state = self.with_target(project, async |target| {
            Ok(target.state(&project.config).await?)
        });
        let heads = state.await?.heads;
        match heads.iter().find(|id| history.get(id).is_none()) {
            Some(id) => Err(TargetError::UnknownCurrent(id.clone()).into()),
            None => Ok(heads),
        }
    }

    /// The environment's variables, and those of `.env` in the project folder or here.
    pub fn variables(&self, project: &Project) -> Result<Variables> {
        let here = std::env::current_dir()?;
        Ok(Variables::read(&[project.folder.root(), &here])?)
    }

    /// Chooses the database, starting the embedded PostgreSQL where it is in there.
    pub async fn target(&self, project: &Project) -> Result<Target> {
        self.warn(project);
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
                match cluster.environment(&name).await {
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

/// A file's real path.
fn real(path: &Path) -> Result<PathBuf> {
    match std::fs::canonicalize(path) {
        Ok(file) if file.is_file() => Ok(file),
        _ => bail!(
            "there is no file {}: correct what -c or ALEMBIC_CONFIG names",
            path.display()
        ),
    }
}

/// The folder that holds all `files`: the nearest project around `here`, else `here` itself, else the first file's own.
fn above(here: &Path, files: &[PathBuf]) -> PathBuf {
    let holds = |folder: &&Path| files.iter().all(|file| file.starts_with(folder));
    let project = here
        .ancestors()
        .filter(|folder| folder.join(CONFIG).is_file())
        .find(holds);
    let own = files.first().and_then(|file| file.parent());
    let found = project.or(Some(here).filter(holds)).or(own);
    found.unwrap_or(here).to_owned()
}

/// `path` below `root`, with `/`.
fn relative(path: &Path, root: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?.to_str()?;
    Some(below.replace(std::path::MAIN_SEPARATOR, "/"))
}
