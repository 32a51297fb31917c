//! `cargo xtask bench NAME`: measurements, in release mode.

use std::ffi::OsString;

use anyhow::Result;

use crate::process::{cargo, command, run};
use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{UsageError, python, system};

/// The linter that Cofferdam's is compared with, from PyPI.
const SQUAWK: &str = "squawk-cli==2.70.0";

/// Variables for the program that measures.
type Environment = Vec<(&'static str, OsString)>;

struct Bench {
    name: &'static str,
    package: &'static str,
    example: &'static str,
    /// Sets up what it compares with, and gives the environment that names it.
    set_up: fn(&Workspace) -> Result<Environment>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "history",
        package: "cofferdam-tests",
        example: "history",
        set_up: alembic,
    },
    Bench {
        name: "lint",
        package: "cofferdam-tests",
        example: "lint",
        set_up: squawk,
    },
    Bench {
        name: "verify",
        package: "cofferdam-tests",
        example: "verify",
        set_up: alembic,
    },
    Bench {
        name: "change",
        package: "cofferdam-tests",
        example: "change",
        set_up: alembic,
    },
    Bench {
        name: "lanes",
        package: "cofferdam-engine",
        example: "lanes",
        set_up: |_| Ok(Vec::new()),
    },
];

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
    let environment = (bench.set_up)(workspace)?;
    run(cargo()
        .args(["run", "--release", "--package", bench.package])
        .args(["--example", bench.example, "--"])
        .args(rest)
        .envs(environment)
        .current_dir(&workspace.root))
}

/// squawk's own program, and Cofferdam's in release mode.
fn squawk(workspace: &Workspace) -> Result<Environment> {
    let mut environment = alembic(workspace)?;
    let folder = workspace.target().join("squawk");
    let program = folder.join("bin").join(if cfg!(windows) {
        "squawk.exe"
    } else {
        "squawk"
    });
    let mut steps = Steps::new();
    steps.step("squawk", || {
        let python = environment
            .iter()
            .find(|(name, _)| *name == "COFFERDAM_TEST_PYTHON");
        if !program.is_file()
            && let Some((_, python)) = python
        {
            run(command(python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .args([
                    "--no-input",
                    "--only-binary",
                    ":all:",
                    "--no-deps",
                    "--target",
                ])
                .arg(&folder)
                .arg(SQUAWK))?;
        }
        Ok(((), SQUAWK.into()))
    })?;
    environment.push(("COFFERDAM_BENCH_SQUAWK", program.into()));
    Ok(environment)
}

/// Alembic, PostgreSQL, and Cofferdam's own program in release mode.
fn alembic(workspace: &Workspace) -> Result<Environment> {
    let mut steps = Steps::new();
    let system = steps.step("programs", system::ensure)?;
    let python = steps.step("Python environment", || {
        python::ensure_environment(workspace, &system.python)
    })?;
    steps.step("program", || {
        run(cargo()
            .args(["build", "--release", "--package", "cofferdam"])
            .current_dir(&workspace.root))?;
        Ok(((), "cofferdam in release mode".into()))
    })?;
    let program = workspace.target().join("release").join("cofferdam");
    Ok(vec![
        ("COFFERDAM_TEST_PG_BIN", system.postgres.into()),
        ("COFFERDAM_TEST_PYTHON", python.into()),
        ("COFFERDAM_TEST_BIN", program.into()),
    ])
}
