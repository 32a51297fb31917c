//! The `cofferdam` binary: command line, server, and the driver that runs plans on PostgreSQL.

mod assets;
mod auth;
mod catalog;
mod changes;
mod cli;
mod convert;
mod database;
mod driver;
mod embedded;
mod environment;
mod gate;
mod http;
mod logging;
mod own;
mod planning;
mod project;
mod runner;
mod state;
mod store;
mod verify;
mod workbench;

use std::process::ExitCode;

/// Reading SQL makes and drops many small trees: with the system's allocator linting takes a third longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
