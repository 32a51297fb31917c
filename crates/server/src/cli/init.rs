//! `cofferdam init`: makes a project. `cofferdam list_templates` says what of.

use super::{Context, output};
use crate::project::{CONFIG, Folder};
use anyhow::{Context as _, Result, bail};
use cofferdam_alembic::project::INI;
use cofferdam_engine::config::{DEFAULT_FILE_TEMPLATE, Project};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The only kind of project that is made.
const TEMPLATE: &str = "sql";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the new project
    #[arg(default_value = ".", value_name = "DIR")]
    directory: PathBuf,
    /// What it is made from: sql
    #[arg(short, long, default_value = TEMPLATE, hide_default_value = true)]
    template: String,
    /// For Python packages, which SQL scripts are not in
    #[arg(long, hide = true)]
    package: bool,
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.template != TEMPLATE || args.package {
        let option = match args.package {
            true => "--package".to_owned(),
            false => format!("--template {}", args.template),
        };
        bail!(
            "{option} is not for Cofferdam: init makes a project of SQL scripts ({CONFIG} and a versions folder); \
             an Alembic project is made by `alembic init`, and Cofferdam opens it as it is"
        );
    }
    let root = context
        .project
        .as_ref()
        .map_or(args.directory.clone(), |project| {
            project.join(&args.directory)
        });
    let there = |name: &str| root.join(name).exists();
    for name in [CONFIG, INI] {
        if there(name) {
            bail!("{} is a project already: it has {name}", root.display());
        }
    }
    std::fs::create_dir_all(&root)
        .with_context(|| format!("cannot make the folder {}", root.display()))?;
    let folder = Folder::open(&root)?;
    let versions = Project::default().versions;
    let place = folder.root().join(&versions);
    if place.is_dir() && std::fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_some())
    {
        bail!(
            "{} has files already: init makes a new project",
            place.display()
        );
    }
    std::fs::create_dir_all(&place)
        .with_context(|| format!("cannot make the folder {}", place.display()))?;
    folder.create(CONFIG, text(folder.root()).as_bytes())?;
    for made in [place, folder.root().join(CONFIG)] {
        output::print(format!("Creating {} ...  done", made.display()))?;
    }
    output::note(
        "Write the first revision with `cofferdam revision -m \"…\"`, and look at it with `cofferdam serve`",
    );
    Ok(ExitCode::SUCCESS)
}

fn text(root: &Path) -> String {
    let name = root
        .file_name()
        .map_or("project".into(), |name| name.to_string_lossy());
    // A text in JSON is one in TOML.
    let name = serde_json::Value::from(name.into_owned());
    format!(
        "[project]\nname = {name}\nversions = \"versions\"\nfile_template = \"{DEFAULT_FILE_TEMPLATE}\"\n\n[environments.local]   # no url_env: a database in the PostgreSQL that `cofferdam serve` runs\n"
    )
}

pub fn list(_: &Context, _: ListArgs) -> Result<ExitCode> {
    output::print(
        "Available templates:\n\nsql - A project of SQL scripts: cofferdam.toml and a versions folder.\n\nTemplates are used via the 'init' command, e.g.:\n\n  cofferdam init --template sql ./scripts",
    )?;
    Ok(ExitCode::SUCCESS)
}
