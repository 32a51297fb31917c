//! `cargo xtask`: everything that is done to this repository from a command line.
//!
//! Each command does its own set-up, says what it is doing, and does nothing that is done already.

mod bench;
mod browser;
mod count;
mod libraries;
mod licences;
mod node;
mod postgres;
mod process;
mod python;
mod run;
mod size;
mod stamp;
mod steps;
mod system;
mod test;
mod tools;
mod version;
mod web;
mod workspace;

use std::process::ExitCode;

use workspace::Workspace;

/// Wrong arguments: told apart from a failure by its exit code, 2.
#[derive(Debug)]
pub struct UsageError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// A failure that has been told in full already: only the exit code is left to give.
#[derive(Debug)]
pub struct Told;

impl std::fmt::Display for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("failed")
    }
}

impl std::error::Error for Told {}

struct Subcommand {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    main: fn(&Workspace, &[String]) -> anyhow::Result<()>,
}

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "run",
        usage: "run [--project DIR] [SERVE ARGUMENT]…",
        about: "build everything in release mode and start `cofferdam serve`",
        main: run::main,
    },
    Subcommand {
        name: "test",
        usage: "test [--only STEP]… [-- TEST ARGUMENT…]",
        about: "run every check and every test",
        main: test::main,
    },
    Subcommand {
        name: "bench",
        usage: "bench NAME",
        about: "measure something",
        main: bench::main,
    },
    Subcommand {
        name: "size",
        usage: "size",
        about: "what each library adds to the wasm programs",
        main: libraries::main,
    },
];

fn usage() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND\n\nCommands:\n");
    for command in SUBCOMMANDS {
        text += &format!("  {:<42} {}\n", command.usage, command.about);
    }
    text += &format!("\nSteps of `test`: {}\n", test::step_names().join(", "));
    text += &format!("Names of `bench`: {}\n", bench::names().join(", "));
    text
}

fn dispatch(arguments: &[String]) -> anyhow::Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(UsageError("which command?".into()).into());
    };
    if ["-h", "--help", "help"].contains(&name.as_str()) {
        print!("{}", usage());
        return Ok(());
    }
    let Some(command) = SUBCOMMANDS.iter().find(|command| command.name == name) else {
        return Err(UsageError(format!("there is no command `{name}`")).into());
    };
    (command.main)(&Workspace::find()?, rest)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<UsageError>() => {
            eprintln!("error: {error}\n\n{}", usage());
            ExitCode::from(2)
        }
        Err(error) if error.is::<Told>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
