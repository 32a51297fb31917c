//! `cargo xtask run`: from a fresh clone to a running workbench.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, command, run};
use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{UsageError, postgres, web};

const EXAMPLE: &str = "examples/observatory";

pub fn main(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let Arguments { project, serve } = Arguments::parse(arguments)?;
    // A project is named from where the user stands.
    let project = match project {
        Some(project) => std::path::absolute(&project)
            .with_context(|| format!("--project {}", project.display()))?,
        None => workspace.path(EXAMPLE),
    };
    if !project.is_dir() {
        bail!("--project {}: there is no such folder", project.display());
    }
    let mut steps = Steps::new();
    web::build(workspace, &mut steps)?;
    steps.step("server", || {
        run(cargo()
            .args(["build", "--release", "--package", "cofferdam"])
            .current_dir(&workspace.root))?;
        Ok(((), "built in release mode".into()))
    })?;
    let programs = steps.step("PostgreSQL", || postgres::ensure_server(workspace))?;

    let mut server = command(workspace.target().join("release").join("cofferdam"));
    server
        .arg("serve")
        .arg("--project")
        .arg(project)
        .args(serve);
    if let Some(programs) = programs {
        server.env("COFFERDAM_PG_BIN", programs);
    }
    become_(server)
}

/// The server takes this process's place: Ctrl-C and every other signal reach it alone.
#[cfg(unix)]
fn become_(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_(mut server: Command) -> Result<()> {
    let status = server.status().context("cannot start the server")?;
    std::process::exit(status.code().unwrap_or(1));
}

#[derive(Debug, PartialEq)]
struct Arguments {
    project: Option<PathBuf>,
    serve: Vec<String>,
}

impl Arguments {
    /// `--project` is ours, so that it can have a default; everything else is the server's.
    fn parse(arguments: &[String]) -> Result<Self, UsageError> {
        let mut project = None;
        let mut serve = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let value = match argument.strip_prefix("--project=") {
                Some(value) => Some(value.to_string()),
                None if argument == "--project" => Some(rest.next().cloned().unwrap_or_default()),
                None => None,
            };
            match value {
                Some(value) if value.is_empty() => {
                    return Err(UsageError("--project needs a folder".into()));
                }
                Some(_) if project.is_some() => {
                    return Err(UsageError("--project is given twice".into()));
                }
                Some(value) => project = Some(value.into()),
                None => serve.push(argument.clone()),
            }
        }
        Ok(Self { project, serve })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Arguments::parse(&arguments).map_err(|error| error.0)
    }

    #[test]
    fn the_project_is_ours_and_the_rest_the_servers() {
        let arguments = parse(&["--listen", "127.0.0.1:0", "--project", "x", "--verbose"]).unwrap();
        assert_eq!(arguments.project, Some("x".into()));
        assert_eq!(arguments.serve, ["--listen", "127.0.0.1:0", "--verbose"]);
        assert_eq!(
            parse(&["--project=a b"]).unwrap().project,
            Some("a b".into())
        );
        assert_eq!(parse(&[]).unwrap().project, None);
    }

    #[test]
    fn a_project_without_a_folder_is_refused() {
        assert!(parse(&["--project"]).is_err());
        assert!(parse(&["--project="]).is_err());
        assert!(parse(&["--project", "a", "--project", "b"]).is_err());
    }
}
