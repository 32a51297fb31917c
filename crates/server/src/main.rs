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
mod memory;
mod own;
mod planning;
mod project;
mod runner;
mod state;
mod store;
mod verify;
mod workbench;

use std::process::ExitCode;

fn main() -> ExitCode {
    memory::put_off_huge_pages();
    cli::run(std::env::args_os())
}
