//! The real `cofferdam` binary.

use std::path::PathBuf;
use std::process::{Command, Output};

/// The binary that `cargo xtask test` (or `cargo build -p cofferdam`) has built beside this test.
pub fn path() -> PathBuf {
    if let Some(path) = std::env::var_os("COFFERDAM_TEST_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("this program's path");
    let folder = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("target/debug");
    let binary = folder.join("cofferdam");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo build -p cofferdam`",
        binary.display()
    );
    binary
}

/// A command of the binary, without this machine's database settings.
pub fn command() -> Command {
    let mut command = Command::new(path());
    command
        .env_remove("DATABASE_URL")
        .env_remove("COFFERDAM_TOKEN")
        .env("NO_COLOR", "1");
    command
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Printed {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Printed {
    fn from(output: Output) -> Self {
        Printed {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs the binary with `arguments` on the project in `folder`.
pub fn run(folder: &std::path::Path, arguments: &[&str]) -> Printed {
    command()
        .arg("--project")
        .arg(folder)
        .args(arguments)
        .output()
        .expect("the binary starts")
        .into()
}

/// Runs the binary as [`run`] does.
///
/// # Panics
/// When it does not exit with 0.
pub fn succeed(folder: &std::path::Path, arguments: &[&str]) -> Printed {
    let printed = run(folder, arguments);
    assert_eq!(
        printed.code,
        Some(0),
        "{arguments:?}: {}{}",
        printed.out,
        printed.err
    );
    printed
}
