//! Starting other programs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A command without what `cargo run` put into our environment: build scripts that read it would
/// run again each time they are built from here after having been built from a shell.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        if is_set_by_cargo_run(name) {
            command.env_remove(name);
        } else if name == "LD_LIBRARY_PATH" || name == "DYLD_FALLBACK_LIBRARY_PATH" {
            set_or_remove(&mut command, name, without_cargo_folders(&value));
        }
    }
    command
}

fn is_set_by_cargo_run(name: &str) -> bool {
    const PREFIXES: [&str; 4] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_CRATE_",
        "CARGO_BIN_",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

fn without_cargo_folders(value: &OsStr) -> Option<OsString> {
    let kept: Vec<PathBuf> = std::env::split_paths(value)
        .filter(|path| {
            let text = path.to_string_lossy();
            !text.contains("/target/") && !text.contains("/toolchains/") && !text.is_empty()
        })
        .collect();
    if kept.is_empty() {
        None
    } else {
        std::env::join_paths(kept).ok()
    }
}

fn set_or_remove(command: &mut Command, name: &str, value: Option<OsString>) {
    match value {
        Some(value) => command.env(name, value),
        None => command.env_remove(name),
    };
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Puts folders in front of PATH.
pub fn prepend_path(command: &mut Command, folders: &[PathBuf]) -> Result<()> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&old));
    command.env("PATH", std::env::join_paths(all)?);
    Ok(())
}

/// The command as a person would type it, for messages.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .enumerate()
        .map(|(index, word)| {
            let word = word.to_string_lossy();
            match index {
                0 => Path::new(&*word)
                    .file_name()
                    .map_or_else(|| word.to_string(), |name| name.to_string_lossy().into()),
                _ if word.contains(' ') => format!("'{word}'"),
                _ => word.into_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs it with our own output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs it and keeps its standard output; what it says on standard error is told if it fails.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed: {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// The folders that programs are looked for in.
pub fn search_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// A program of this name on PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    search_path()
        .iter()
        .find_map(|folder| program_in(folder, name))
}

/// The program of this name in a folder, if it is there.
pub fn program_in(folder: &Path, name: &str) -> Option<PathBuf> {
    ["", ".exe", ".cmd"]
        .iter()
        .map(|ending| folder.join(format!("{name}{ending}")))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_as_one_types_them() {
        let mut command = Command::new("/usr/bin/npm");
        command.args(["run", "two words"]);
        assert_eq!(shown(&command), "npm run 'two words'");
    }

    #[test]
    fn the_environment_of_cargo_run_is_not_handed_on() {
        assert!(is_set_by_cargo_run("CARGO_MANIFEST_DIR"));
        assert!(is_set_by_cargo_run("CARGO_PKG_VERSION_MAJOR"));
        assert!(!is_set_by_cargo_run("CARGO_HOME"));
        assert!(!is_set_by_cargo_run("CARGO_TARGET_DIR"));
        assert_eq!(
            without_cargo_folders(OsStr::new("/src/target/debug/deps:/opt/lib")),
            Some("/opt/lib".into())
        );
        assert_eq!(without_cargo_folders(OsStr::new("/src/target/debug")), None);
    }

    #[test]
    fn a_failing_command_tells_its_own_words() {
        let error = capture(Command::new("sh").args(["-c", "echo oh no >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("exit status: 3") && error.contains("oh no"),
            "{error}"
        );
    }
}
