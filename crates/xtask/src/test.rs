//! `cargo xtask test`: every check and every test, quick ones first.

use std::ffi::OsString;

use anyhow::{Context, Result, bail};

use crate::count::{Counts, run_counting};
use crate::process::{cargo, run, shown};
use crate::steps::Steps;
use crate::tools::{self, WASM};
use crate::workspace::Workspace;
use crate::{Told, UsageError, licences, python, system, web};

struct Step {
    name: &'static str,
    run: fn(&mut Session) -> Result<()>,
}

/// In the order of running. `test` brings about what it needs itself, so each can be run alone.
const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        run: formatting,
    },
    Step {
        name: "licences",
        run: licences,
    },
    Step {
        name: "setup",
        run: setup,
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        run: clippy_wasm,
    },
    Step {
        name: "web",
        run: web_app,
    },
    Step {
        name: "test",
        run: tests,
    },
];

pub fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

struct Session<'a> {
    workspace: &'a Workspace,
    steps: Steps,
    arguments: Arguments,
    /// What `setup` found, as environment variables for the tests.
    environment: Option<Vec<(&'static str, OsString)>>,
    web_app_is_current: bool,
    counts: Option<Counts>,
}

pub fn main(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    let chosen = STEPS
        .iter()
        .filter(|step| {
            arguments.only.is_empty() || arguments.only.iter().any(|only| only == step.name)
        })
        .collect::<Vec<_>>();
    let mut session = Session {
        workspace,
        steps: Steps::new(),
        arguments,
        environment: None,
        web_app_is_current: false,
        counts: None,
    };
    for step in chosen {
        if let Err(error) = (step.run)(&mut session) {
            eprintln!("\n{}\n{error:#}\n", session.steps.table());
            eprintln!(
                "FAILED at `{0}`. To repeat only that: cargo xtask test --only {0}",
                step.name
            );
            return Err(Told.into());
        }
    }
    eprintln!("\n{}", session.steps.table());
    if let Some(counts) = session.counts {
        println!("{counts}");
    }
    Ok(())
}

fn formatting(session: &mut Session) -> Result<()> {
    let root = &session.workspace.root;
    session.steps.step("fmt", || {
        run(cargo().args(["fmt", "--all", "--check"]).current_dir(root))?;
        Ok(((), "as rustfmt has it".into()))
    })
}

fn licences(session: &mut Session) -> Result<()> {
    let workspace = session.workspace;
    session
        .steps
        .step("licences", || Ok(((), licences::check(workspace)?)))
}

/// Everything that is not Rust, before the long steps: what is missing is told at once.
fn setup(session: &mut Session) -> Result<()> {
    if session.environment.is_some() {
        return Ok(());
    }
    let workspace = session.workspace;
    let system = session.steps.step("programs", system::ensure)?;
    let python = session.steps.step("Python environment", || {
        python::ensure_environment(workspace, &system.python)
    })?;
    let server = workspace.target().join("debug").join("cofferdam");
    session.environment = Some(vec![
        ("COFFERDAM_TEST_PG_BIN", system.postgres.into()),
        ("COFFERDAM_TEST_CHROMIUM", system.browser.chromium.into()),
        ("COFFERDAM_TEST_CHROMEDRIVER", system.browser.driver.into()),
        ("COFFERDAM_TEST_PYTHON", python.into()),
        ("COFFERDAM_TEST_BIN", server.into()),
        ("COFFERDAM_DIST", workspace.dist().into()),
    ]);
    Ok(())
}

fn clippy(session: &mut Session) -> Result<()> {
    let workspace = session.workspace;
    session.steps.step("clippy", || {
        dist_folder(workspace)?;
        run(cargo()
            .args(["clippy", "--workspace", "--exclude", "cofferdam-web"])
            .args(["--all-targets", "--", "-D", "warnings"])
            .current_dir(&workspace.root))?;
        Ok(((), "no warnings".into()))
    })
}

fn clippy_wasm(session: &mut Session) -> Result<()> {
    let workspace = session.workspace;
    session.steps.step("clippy-wasm", || {
        tools::ensure_wasm_target()?;
        run(cargo()
            .args(["clippy", "--target", WASM])
            .args(["--package", "cofferdam-web"])
            .args(["--package", "cofferdam-alembic-web"])
            .args(["--package", "cofferdam-engine"])
            .args(["--", "-D", "warnings"])
            .env("CARGO_TARGET_DIR", workspace.wasm_target())
            .current_dir(&workspace.root))?;
        Ok(((), "no warnings".into()))
    })
}

fn web_app(session: &mut Session) -> Result<()> {
    if !session.web_app_is_current {
        web::build(session.workspace, &mut session.steps)?;
        session.web_app_is_current = true;
    }
    Ok(())
}

fn tests(session: &mut Session) -> Result<()> {
    setup(session)?;
    web_app(session)?;
    let workspace = session.workspace;
    session.steps.step("build", || {
        // All targets at once: one choice of features, so that nothing is compiled twice.
        run(cargo()
            .args(["build", "--workspace"])
            .arg("--all-targets")
            .current_dir(&workspace.root))?;
        Ok(((), "the server and every test".into()))
    })?;
    let Session {
        steps,
        arguments,
        environment,
        counts,
        ..
    } = session;
    steps.step("test", || {
        let mut test = cargo();
        test.arg("test").current_dir(&workspace.root);
        test.envs(
            environment
                .iter()
                .flatten()
                .map(|(name, value)| (*name, value)),
        );
        if !arguments.names_packages() {
            test.arg("--workspace");
        }
        test.arg("--no-fail-fast").args(&arguments.cargo);
        let seen = run_counting(&mut test)?;
        if seen.passed == 0 {
            bail!("`{}` ran no test", shown(&test));
        }
        let note = seen.to_string();
        *counts = Some(seen);
        Ok(((), note))
    })
}

/// The server embeds `dist/`, which has to exist for it to be compiled.
fn dist_folder(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    std::fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))
}

#[derive(Debug, PartialEq)]
struct Arguments {
    only: Vec<String>,
    /// What follows `--`, for `cargo test`.
    cargo: Vec<String>,
}

impl Arguments {
    fn parse(arguments: &[String]) -> Result<Self, UsageError> {
        let (ours, cargo) = match arguments.iter().position(|argument| argument == "--") {
            Some(index) => (&arguments[..index], arguments[index + 1..].to_vec()),
            None => (arguments, Vec::new()),
        };
        let mut only = Vec::new();
        let mut rest = ours.iter();
        while let Some(argument) = rest.next() {
            let step = match argument.strip_prefix("--only=") {
                Some(step) => step.to_string(),
                None if argument == "--only" => rest.next().cloned().unwrap_or_default(),
                None => return Err(UsageError(format!("`test` does not know `{argument}`"))),
            };
            if !step_names().contains(&step.as_str()) {
                let known = step_names().join(", ");
                return Err(UsageError(format!(
                    "there is no step `{step}`, only {known}"
                )));
            }
            only.push(step);
        }
        Ok(Self { only, cargo })
    }

    fn names_packages(&self) -> bool {
        let before_filter = self.cargo.iter().take_while(|argument| *argument != "--");
        before_filter
            .into_iter()
            .any(|argument| argument.starts_with("-p") || argument.starts_with("--package"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Arguments::parse(&arguments).map_err(|error| error.0)
    }

    #[test]
    fn steps_can_be_chosen() {
        assert_eq!(
            parse(&["--only", "fmt", "--only=web"]).unwrap().only,
            ["fmt", "web"]
        );
        assert!(
            parse(&["--only", "nothing"])
                .unwrap_err()
                .contains("clippy-wasm")
        );
        assert!(parse(&["--only"]).is_err());
        assert!(parse(&["fmt"]).is_err());
    }

    #[test]
    fn the_rest_is_for_cargo_test() {
        let arguments = parse(&["--only", "test", "--", "-p", "cofferdam", "--", "-p"]).unwrap();
        assert_eq!(arguments.cargo, ["-p", "cofferdam", "--", "-p"]);
        assert!(arguments.names_packages());
        assert!(
            !parse(&["--", "history", "--", "-p"])
                .unwrap()
                .names_packages()
        );
    }
}
