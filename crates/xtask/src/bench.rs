//! `cargo xtask bench NAME`: measurements, in release mode.

use anyhow::Result;

use crate::UsageError;
use crate::process::{cargo, run};
use crate::workspace::Workspace;

struct Bench {
    name: &'static str,
    package: &'static str,
    example: &'static str,
}

const BENCHES: &[Bench] = &[Bench {
    name: "lanes",
    package: "cofferdam-engine",
    example: "lanes",
}];

pub fn names() -> Vec<&'static str> {
    BENCHES.iter().map(|bench| bench.name).collect()
}

pub fn main(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(UsageError("`bench` needs a name".into()).into());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        return Err(UsageError(format!("there is no bench `{name}`")).into());
    };
    run(cargo()
        .args(["run", "--release", "--package", bench.package])
        .args(["--example", bench.example, "--"])
        .args(rest)
        .current_dir(&workspace.root))
}
