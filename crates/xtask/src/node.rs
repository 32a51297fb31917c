//! JavaScript: the packages of package-lock.json, and the bundles that pages load.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{capture, command, run, shown, which};
use crate::stamp::{Inputs, Stamp};
use crate::steps::say;
use crate::version::Version;
use crate::workspace::Workspace;

const OLDEST_NODE: u64 = 20;

/// `npm ci`, when package-lock.json has changed. Gives back whether it had to.
pub fn ensure_packages(workspace: &Workspace) -> Result<bool> {
    let root = &workspace.root;
    let inputs =
        Inputs::new()
            .path(root, "package.json", &[])?
            .path(root, "package-lock.json", &[])?;
    let stamp = Stamp::new(workspace, "npm", inputs);
    if stamp.is_current(&workspace.path("node_modules/.package-lock.json")) {
        return Ok(false);
    }
    check_node()?;
    stamp.begin()?;
    run(npm(root, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?.said())?;
    stamp.finish()?;
    Ok(true)
}

/// `npm run build`, when its inputs have changed. Gives back the digest of these, and whether it had to.
pub fn ensure_bundles(workspace: &Workspace) -> Result<(String, bool)> {
    let root = &workspace.root;
    let inputs = Inputs::new()
        .path(root, "package.json", &[])?
        .path(root, "package-lock.json", &[])?
        .path(root, "public/js", &[])?
        .path(root, "examples", &[])?;
    let stamp = Stamp::new(workspace, "bundles", inputs);
    if stamp.is_current(&workspace.path("public/vendor")) {
        return Ok((stamp.digest().to_string(), false));
    }
    stamp.begin()?;
    run(npm(root, &["run", "build", "--loglevel=error"])?.said())?;
    stamp.finish()?;
    Ok((stamp.digest().to_string(), true))
}

/// Node.js must be there, and not too old: the one thing besides Rust that is not installed for you.
pub fn check_node() -> Result<()> {
    let Some(node) = which("node") else {
        bail!("Node.js is missing: install version {OLDEST_NODE} or later, with npm");
    };
    let printed = capture(command(node).arg("--version"))?;
    let version = Version::find(&printed).context("`node --version` prints no version")?;
    if version.major() < OLDEST_NODE {
        bail!("Node.js {version} is too old: install version {OLDEST_NODE} or later");
    }
    Ok(())
}

pub fn npm(folder: &Path, arguments: &[&str]) -> Result<std::process::Command> {
    let program = which("npm").context("npm is missing: it comes with Node.js")?;
    let mut npm = command(program);
    npm.args(arguments).current_dir(folder);
    Ok(npm)
}

trait Said {
    /// Tells the command before it is run.
    fn said(&mut self) -> &mut Self;
}

impl Said for std::process::Command {
    fn said(&mut self) -> &mut Self {
        say(shown(self));
        self
    }
}
