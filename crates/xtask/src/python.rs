//! A Python environment under `target/venv` with Alembic in it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{capture, command, run, shown, which};
use crate::stamp::{Inputs, Stamp};
use crate::steps::say;
use crate::workspace::Workspace;

/// A Python that can make environments. (Debian keeps a part of that in a package of its own.)
pub fn find() -> Option<PathBuf> {
    let candidates = [
        which("python3"),
        which("python"),
        Some(PathBuf::from("/usr/bin/python3")),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|python| can_make_environments(python))
}

fn can_make_environments(python: &Path) -> bool {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    python.is_file() && capture(command(python).args(["-c", check])).is_ok()
}

/// Makes the environment if it is not there or not of these packages. Gives back its Python.
pub fn ensure_environment(workspace: &Workspace, python: &Path) -> Result<(PathBuf, String)> {
    let folder = workspace.target().join("venv");
    let inside = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let requirements = workspace.path("crates/xtask/requirements.txt");
    let printed = capture(command(python).arg("--version"))?;
    let inputs = Inputs::new()
        .word(&printed)
        .word(&python.to_string_lossy())
        .path(&workspace.root, "crates/xtask/requirements.txt", &[])?;
    let stamp = Stamp::new(workspace, "venv", inputs);
    let works = |inside: &Path| {
        capture(command(inside).args(["-c", "import alembic; print(alembic.__version__)"]))
    };
    if stamp.is_current(&inside)
        && let Ok(version) = works(&inside)
    {
        return Ok((inside, format!("Alembic {version} in {}", folder.display())));
    }
    stamp.begin()?;
    let mut venv = command(python);
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    say(shown(&venv));
    run(&mut venv)?;
    let mut pip = command(&inside);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args(["--no-input", "--only-binary", ":all:", "--requirement"])
    .arg(&requirements);
    say(shown(&pip));
    run(&mut pip)?;
    let version = works(&inside).context("Alembic was installed, but cannot be imported")?;
    stamp.finish()?;
    Ok((inside, format!("Alembic {version} in {}", folder.display())))
}
