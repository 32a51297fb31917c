//! The command line: Alembic's words, one command a file.
//!
//! Results go to stdout, everything else to stderr. Exit codes: 0 well, 1 not, 2 not understood.

mod address;
mod apply;
mod branches;
mod context;
mod current;
mod downgrade;
mod duration;
mod execution;
mod failure;
mod heads;
mod history;
mod merge;
mod new;
mod offline;
mod output;
mod progress;
mod revision;
mod serve;
mod show;
mod stamp;
mod status;
mod token;
mod undo;
mod upgrade;
mod user;
mod words;

pub use context::Context;
pub use output::say;

use crate::logging;
use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;

/// A migration workbench for PostgreSQL.
#[derive(Debug, Parser)]
#[command(
    name = "cofferdam",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// The project folder [default: the nearest one upwards with a cofferdam.toml]
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The database's URL, such as postgresql://user:password@host/name
    #[arg(long, global = true)]
    url: Option<String>,
    /// An environment of cofferdam.toml [default: the URL in DATABASE_URL]
    #[arg(long, global = true, value_name = "NAME")]
    env: Option<String>,
    /// The folder of PostgreSQL's programs, for the embedded PostgreSQL [env: COFFERDAM_PG_BIN]
    #[arg(long, global = true, value_name = "DIR")]
    pg_bin: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Upgrade the database to a later revision
    Upgrade(upgrade::Args),
    /// Downgrade the database to an earlier revision
    Downgrade(downgrade::Args),
    /// Show the database's current revision
    Current(current::Args),
    /// List the revisions, newest first
    History(history::Args),
    /// Show the heads of the history
    Heads(heads::Args),
    /// Show where the history branches
    Branches(branches::Args),
    /// Show one revision
    Show(show::Args),
    /// Write a revision that merges several heads
    Merge(merge::Args),
    /// Set the database's revision without running anything
    Stamp(stamp::Args),
    /// Write a new revision file
    Revision(revision::Args),
    /// Compare the database with the files
    Status(status::Args),
    /// Take back what a half-applied revision did
    Undo(undo::Args),
    /// Serve the workbench
    Serve(serve::Args),
    /// Invite users
    User(user::Args),
    /// Make tokens for `apply`
    Token(token::Args),
    /// Apply an approved plan through a server
    Apply(apply::Args),
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs one command line.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to fail.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let Global {
        project,
        url,
        env,
        pg_bin,
    } = cli.global;
    let context = Context::new(project, url, env, pg_bin);
    logging::start(match cli.command {
        Command::Serve(_) => LevelFilter::INFO,
        _ => LevelFilter::WARN,
    });
    let result = match cli.command {
        Command::Upgrade(args) => upgrade::run(&context, args).await,
        Command::Downgrade(args) => downgrade::run(&context, args).await,
        Command::Current(args) => current::run(&context, args).await,
        Command::History(args) => history::run(&context, args).await,
        Command::Heads(args) => heads::run(&context, args),
        Command::Branches(args) => branches::run(&context, args),
        Command::Show(args) => show::run(&context, args),
        Command::Merge(args) => merge::run(&context, args),
        Command::Stamp(args) => stamp::run(&context, args).await,
        Command::Revision(args) => revision::run(&context, args),
        Command::Status(args) => status::run(&context, args).await,
        Command::Undo(args) => undo::run(&context, args).await,
        Command::Serve(args) => serve::run(&context, args).await,
        Command::User(args) => user::run(&context, args).await,
        Command::Token(args) => token::run(&context, args).await,
        Command::Apply(args) => apply::run(&context, args).await,
    };
    match result {
        Ok(code) => code,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold() {
        Cli::command().debug_assert();
    }

    #[test]
    fn counted_targets_are_understood() {
        for line in [
            "downgrade -1",
            "upgrade +2",
            "upgrade -1",
            "stamp -1",
            "history -r -2:",
        ] {
            let line = std::iter::once("cofferdam").chain(line.split(' '));
            let parsed = Cli::try_parse_from(line);
            assert!(parsed.is_ok(), "{:?}", parsed.err());
        }
    }
}
