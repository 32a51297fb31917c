//! The wasm target, Trunk and wasm-bindgen-cli: found, or installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{capture, cargo, command, program_in, run, search_path, shown, which};
use crate::steps::say;
use crate::version::Version;
use crate::workspace::Workspace;

pub const WASM: &str = "wasm32-unknown-unknown";

/// 0.22 needs a newer Rust than this repository asks for.
const TRUNK: &str = "0.21.14";

/// Adds the standard library for WebAssembly. Gives back whether it had to.
pub fn ensure_wasm_target() -> Result<bool> {
    let sysroot = capture(command("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(&sysroot).join("lib/rustlib").join(WASM);
    if library.join("lib").is_dir() {
        return Ok(false);
    }
    if which("rustup").is_none() {
        bail!(
            "Rust's standard library for {WASM} is missing, and there is no rustup to add it: \
             install Rust by rustup, or your distribution's package for that target"
        );
    }
    let mut rustup = command("rustup");
    rustup.args(["target", "add", WASM]);
    say(shown(&rustup));
    run(&mut rustup)?;
    Ok(true)
}

pub struct Trunk {
    pub program: PathBuf,
    /// Trunk finds wasm-bindgen on PATH: the folder that must come first.
    pub wasm_bindgen: PathBuf,
}

/// A program that cargo can install.
struct Tool {
    package: &'static str,
    program: &'static str,
    version: String,
    /// wasm-bindgen-cli has to be the very version of the crate.
    exact: bool,
    /// As wasm-bindgen-cli's own lock file names a crate version that was withdrawn.
    locked: bool,
}

pub fn ensure_trunk(workspace: &Workspace) -> Result<Trunk> {
    let trunk = Tool {
        package: "trunk",
        program: "trunk",
        version: TRUNK.into(),
        exact: false,
        locked: true,
    };
    let wasm_bindgen = Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: wasm_bindgen_version(workspace)?,
        exact: true,
        locked: false,
    };
    Ok(Trunk {
        program: ensure(workspace, &trunk)?,
        wasm_bindgen: ensure(workspace, &wasm_bindgen)?,
    })
}

/// The version of the wasm-bindgen crate that the workspace is locked to.
pub fn wasm_bindgen_version(workspace: &Workspace) -> Result<String> {
    let text =
        fs::read_to_string(workspace.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    locked_version(&text, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")
}

fn locked_version(lock: &str, name: &str) -> Option<String> {
    let lock: toml::Table = lock.parse().ok()?;
    let packages = lock.get("package")?.as_array()?;
    let package = packages
        .iter()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))?;
    Some(package.get("version")?.as_str()?.to_string())
}

fn ensure(workspace: &Workspace, tool: &Tool) -> Result<PathBuf> {
    let found = find(workspace, tool);
    if let Some(program) = found.right {
        return Ok(program);
    }
    install(workspace, tool, found.other.as_deref())?;
    find(workspace, tool).right.with_context(|| {
        format!(
            "{} {} was installed, but is not to be found",
            tool.package, tool.version
        )
    })
}

struct Found {
    right: Option<PathBuf>,
    other: Option<PathBuf>,
}

fn find(workspace: &Workspace, tool: &Tool) -> Found {
    let mut folders = vec![workspace.tools().join("bin")];
    folders.extend(search_path());
    folders.extend(cargo_bin());
    find_in(&folders, tool, printed_version)
}

fn find_in(folders: &[PathBuf], tool: &Tool, version: fn(&Path) -> Option<Version>) -> Found {
    let programs = folders
        .iter()
        .filter_map(|folder| program_in(folder, tool.program));
    let mut found = Found {
        right: None,
        other: None,
    };
    for program in programs {
        if version(&program).is_some_and(|version| tool.accepts(&version)) {
            found.right = Some(program);
            break;
        }
        found.other.get_or_insert(program);
    }
    found
}

impl Tool {
    fn accepts(&self, version: &Version) -> bool {
        Version::find(&self.version).is_some_and(|wanted| match self.exact {
            true => *version == wanted,
            false => version.satisfies(&wanted),
        })
    }
}

fn printed_version(program: &Path) -> Option<Version> {
    Version::find(&capture(command(program).arg("--version")).ok()?)
}

/// Where `cargo install` puts programs, which need not be on PATH.
fn cargo_bin() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_INSTALL_ROOT")
        .or_else(|| std::env::var_os("CARGO_HOME"))
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    Some(home.join("bin"))
}

/// Into cargo's own folder, so that other checkouts have it too; but beside, into `target/tools`,
/// where another version is installed that somebody may need.
fn install(workspace: &Workspace, tool: &Tool, other: Option<&Path>) -> Result<()> {
    let mut root = Vec::new();
    if let Some(other) = other {
        say(format!(
            "{} is another version than {}: it stays, target/tools gets the right one",
            other.display(),
            tool.version
        ));
        root = vec!["--root".into(), workspace.tools().into_os_string()];
    }
    if which("cargo-binstall").is_some() || cargo_bin().is_some_and(has_binstall) {
        let mut binstall = cargo();
        binstall
            .args([
                "binstall",
                "--no-confirm",
                "--disable-strategies",
                "compile",
            ])
            .args(&root)
            .arg(format!("{}@{}", tool.package, tool.version));
        say(shown(&binstall));
        match run(&mut binstall) {
            Ok(()) if find(workspace, tool).right.is_some() => return Ok(()),
            Ok(()) => {}
            Err(error) => say(format!("{error}; building it instead")),
        }
    }
    let mut install = cargo();
    // Another target directory than the workspace's: nothing is shared with it.
    install.env_remove("CARGO_TARGET_DIR");
    install.args(["install", tool.package, "--version", &tool.version]);
    install.args(&root);
    if tool.locked {
        install.arg("--locked");
    }
    say(format!("{} (takes some minutes, once)", shown(&install)));
    run(&mut install)
}

fn has_binstall(folder: PathBuf) -> bool {
    program_in(&folder, "cargo-binstall").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_read() {
        let lock = "version = 4\n\
            [[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\
            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").unwrap(), "0.2.130");
        assert!(locked_version(lock, "leptos").is_none());
        assert!(locked_version("not a lock file", "leptos").is_none());
    }

    #[test]
    fn another_version_is_passed_over() {
        let root = std::env::temp_dir().join(format!("xtask-tools-{}", std::process::id()));
        let folder = |version: &str| {
            let folder = root.join(version);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("wasm-bindgen"), "").unwrap();
            folder
        };
        // The folder's name stands for what the program would print.
        fn version(program: &Path) -> Option<Version> {
            Version::find(program.parent()?.file_name()?.to_str()?)
        }
        let folders = [folder("0.2.131"), folder("0.2.130")];
        let mut tool = Tool {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version: "0.2.130".into(),
            exact: true,
            locked: false,
        };
        let exact = find_in(&folders, &tool, version);
        tool.exact = false;
        let later = find_in(&folders, &tool, version);
        let none = find_in(&folders[..0], &tool, version);
        fs::remove_dir_all(&root).unwrap();

        assert_eq!(exact.right, Some(folders[1].join("wasm-bindgen")));
        assert_eq!(exact.other, Some(folders[0].join("wasm-bindgen")));
        assert_eq!(later.right, exact.other);
        assert!(none.right.is_none() && none.other.is_none());
    }
}
