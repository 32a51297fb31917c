//! The wasm programs stay within a budget.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// The beginning of a program's file name in `dist`, and the most bytes that it may have, before compression.
/// `cargo xtask size` and docs/benchmarks.md say what each library costs.
const BUDGETS: [(&str, u64); 2] = [("web", 9_100_000), ("python", 3_500_000)];

/// Gives back the sizes.
pub fn check(workspace: &Workspace) -> Result<String> {
    let mut sizes = Vec::new();
    for (name, budget) in BUDGETS {
        let entries = fs::read_dir(workspace.dist()).context("there is no dist/")?;
        let mut found = entries.flatten().filter(|entry| {
            let file = entry.file_name();
            let file = file.to_string_lossy();
            file.starts_with(name) && file.ends_with(".wasm")
        });
        let program = found
            .next()
            .with_context(|| format!("dist/ has no {name}*.wasm"))?;
        let bytes = program.metadata()?.len();
        if bytes > budget {
            bail!(
                "{} has {bytes} bytes, and its budget is {budget}: make it smaller, or change the budget in {}",
                program.path().display(),
                file!()
            );
        }
        sizes.push(format!("{name} {bytes} of {budget} bytes"));
    }
    Ok(sizes.join(", "))
}
