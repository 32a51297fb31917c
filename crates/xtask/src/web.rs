//! The web app: JavaScript bundles, then Trunk.

use anyhow::{Result, bail};

use crate::node;
use crate::process::{capture, cargo, command, prepend_path, run, shown};
use crate::size;
use crate::stamp::{Inputs, Stamp};
use crate::steps::{Steps, say};
use crate::tools::{self, WASM};
use crate::workspace::Workspace;

/// Crates that the web app is not made of.
const OTHER_CRATES: [&str; 2] = ["server", "xtask"];

/// Everything up to a current `dist/`.
pub fn build(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("JavaScript packages", || {
        Ok(((), note(node::ensure_packages(workspace)?, "installed")))
    })?;
    let bundles = steps.step("JavaScript bundles", || {
        let (digest, made) = node::ensure_bundles(workspace)?;
        Ok((digest, note(made, "built")))
    })?;
    let stamp = Stamp::new(workspace, "web", inputs(workspace, &bundles)?);
    if stamp.is_current(&workspace.dist().join("index.html")) {
        steps.step("web app", || Ok(((), note(false, ""))))?;
        return steps.step("wasm size", || Ok(((), size::check(workspace)?)));
    }
    steps.step("wasm target", || {
        Ok(((), note(tools::ensure_wasm_target()?, "added")))
    })?;
    let trunk = steps.step("Trunk and wasm-bindgen-cli", || {
        let trunk = tools::ensure_trunk(workspace)?;
        let note = trunk.program.display().to_string();
        Ok((trunk, note))
    })?;
    steps.step("web app", || {
        stamp.begin()?;
        fetch(workspace)?;
        run_trunk(workspace, &trunk)?;
        stamp.finish()?;
        Ok(((), note(true, "built")))
    })?;
    steps.step("wasm size", || Ok(((), size::check(workspace)?)))
}

fn note(made: bool, word: &str) -> String {
    if made { word } else { "up to date" }.to_string()
}

fn inputs(workspace: &Workspace, bundles: &str) -> Result<Inputs> {
    let root = &workspace.root;
    let mut inputs = Inputs::new()
        .word(bundles)
        .word(&capture(command("rustc").arg("-vV"))?);
    for file in [
        "Cargo.toml",
        "Cargo.lock",
        ".cargo/config.toml",
        "Trunk.toml",
    ] {
        inputs = inputs.path(root, file, &[])?;
    }
    inputs
        .path(root, "crates", &OTHER_CRATES)?
        // What is in public/vendor is told by the bundles' digest.
        .path(root, "public", &["vendor"])
}

/// Trunk is kept from the network, so what it builds has to be here before.
fn fetch(workspace: &Workspace) -> Result<()> {
    let mut fetch = cargo();
    fetch
        .args(["fetch", "--quiet"])
        .current_dir(&workspace.root);
    run(&mut fetch)
}

fn run_trunk(workspace: &Workspace, trunk: &tools::Trunk) -> Result<()> {
    let packages = workspace.path("node_modules/.bin");
    if !packages.join("wasm-opt").exists() && !packages.join("wasm-opt.cmd").exists() {
        bail!("node_modules has no wasm-opt: package.json must ask for `binaryen`");
    }
    let mut build = command(&trunk.program);
    build
        .args(["build", "--release", "--offline", "--skip-version-check"])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.wasm_target());
    // Trunk takes only true and false for it.
    if std::env::var_os("NO_COLOR").is_some() {
        build.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    let mut folders = vec![packages];
    folders.extend(trunk.wasm_bindgen.parent().map(Into::into));
    prepend_path(&mut build, &folders)?;
    say(format!("{} ({WASM})", shown(&build)));
    run(&mut build)
}
