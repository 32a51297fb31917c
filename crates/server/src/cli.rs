//! The command line: Alembic's words, one command a file.
//!
//! Results go to stdout, everything else to stderr. Exit codes: 0 well, 1 not, 2 not understood.

mod address;
mod apply;
mod branches;
mod catalog;
mod change;
mod check_history;
mod checklist;
mod context;
mod convert;
mod current;
mod downgrade;
mod draft_downgrade;
mod duration;
mod edit;
mod ensure_version;
mod execution;
mod explain;
mod failure;
mod heads;
mod history;
mod identify;
mod init;
mod lint;
mod manual;
mod merge;
mod new;
mod offline;
mod output;
mod plan;
mod progress;
mod reset;
mod revision;
mod scratch;
mod serve;
mod show;
mod stamp;
mod status;
mod token;
mod undo;
mod upgrade;
mod user;
mod verify;
mod words;

pub use context::Context;
pub use output::say;

use crate::{logging, memory};
use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;

/// What `revision --autogenerate` and `check` answer.
const AUTOGENERATE: &str = "comparing a database with the application's models comes in a later version of Cofferdam: \
    write the revision yourself (`cofferdam revision -m \"…\"`), or let Alembic write it, and Cofferdam reads it";

/// A migration workbench for PostgreSQL.
#[derive(Debug, Parser)]
#[command(
    name = "cofferdam",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    infer_long_args = true
)]
struct Cli {
    /// Alembic's alembic.ini or pyproject.toml, where it is not found by itself [env: ALEMBIC_CONFIG]
    #[arg(short, long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// The section of alembic.ini [default: alembic]
    #[arg(short, long, value_name = "SECTION")]
    name: Option<String>,
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// The project folder [default: the nearest one upwards with a cofferdam.toml, an alembic.ini or a [tool.alembic]]
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
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Print nothing but errors, SQL and JSON
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Show an error with all that is known of it
    #[arg(long, global = true)]
    raiseerr: bool,
    /// For env.py scripts, which Cofferdam does not run
    #[arg(short, global = true, value_name = "KEY=VALUE")]
    x: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a project
    Init(init::Args),
    /// Write a new revision file
    Revision(revision::Args),
    /// Upgrade the database to a later revision
    Upgrade(upgrade::Args),
    /// Downgrade the database to an earlier revision
    Downgrade(downgrade::Args),
    /// Show which revisions an upgrade, downgrade or stamp would run, without a database
    Plan(plan::Args),
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
    /// Write the whole project in the other form: Alembic's Python files, or SQL scripts
    Convert(convert::Args),
    /// Open a revision file in $VISUAL or $EDITOR, and check it afterwards
    Edit(edit::Args),
    /// Make the version table where there is none
    #[command(name = "ensure_version", alias = "ensure-version")]
    EnsureVersion(ensure_version::Args),
    /// Compare the database with the application's models: comes in a later version
    Check,
    /// List what `init` makes a project from
    #[command(name = "list_templates", alias = "list-templates")]
    ListTemplates(init::ListArgs),
    /// Compare the database with the files
    Status(status::Args),
    /// Check that the files make one history, with one head and a downgrade for each revision
    #[command(alias = "check_history")]
    CheckHistory(check_history::Args),
    /// Find what makes others wait, what destroys data, and what breaks programs, in revisions or SQL files
    Lint(lint::Args),
    /// What has to be so before a deployment or a rollback, with its evidence
    Checklist(checklist::Args),
    /// Say what an error of PostgreSQL or Alembic means, and what the ways out are
    Explain(explain::Args),
    /// Show the schema of the database as it is, or the difference of two schemas
    Catalog(catalog::Args),
    /// Say at which revision the database is, by its schema
    Identify(identify::Args),
    /// Prove each revision on a throwaway PostgreSQL: up, down, up again
    Verify(verify::Args),
    /// Draft what takes a revision back, from what it does to a throwaway PostgreSQL
    #[command(alias = "draft_downgrade")]
    DraftDowngrade(draft_downgrade::Args),
    /// Change what programs depend on in phases: expand, migrate, contract, with a gate before the last
    Change(change::Args),
    /// Undo every revision on the database and apply them again
    Reset(reset::Args),
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
    /// Print a shell's completions
    Completions(manual::CompletionsArgs),
    /// Print the manual page
    Man(manual::ManArgs),
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs one command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is no reason to fail.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    if !matches!(cli.command, Command::Lint(_)) {
        memory::allow_huge_pages();
    }
    let global = cli.global;
    if global.quiet {
        output::be_quiet();
    }
    let context = Context {
        project: global.project,
        configs: cli.config,
        section: cli.name,
        url: global.url,
        env: global.env,
        pg_bin: global.pg_bin,
        verbose: global.verbose,
        ..Context::default()
    };
    context.passed_over("-x", !global.x.is_empty());
    logging::start(match cli.command {
        Command::Serve(_) => LevelFilter::INFO,
        _ if global.verbose => LevelFilter::INFO,
        _ => LevelFilter::WARN,
    });
    let result = match cli.command {
        Command::Init(args) => init::run(&context, args),
        Command::Edit(args) => wait(edit::run(&context, args)),
        Command::EnsureVersion(args) => wait(ensure_version::run(&context, args)),
        Command::ListTemplates(args) => init::list(&context, args),
        Command::CheckHistory(args) => check_history::run(&context, args),
        Command::Lint(args) => lint::run(&context, args),
        Command::Checklist(args) => wait(checklist::run(&context, args)),
        Command::Explain(args) => explain::run(args),
        Command::Catalog(args) => wait(catalog::run(&context, args)),
        Command::Identify(args) => wait(identify::run(&context, args)),
        Command::Verify(args) => wait(verify::run(&context, args)),
        Command::DraftDowngrade(args) => wait(draft_downgrade::run(&context, args)),
        Command::Change(args) => wait(change::run(&context, args)),
        Command::Reset(args) => wait(reset::run(&context, args)),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::man(args),
        Command::Check => {
            say(format!("error: {AUTOGENERATE}"));
            Ok(ExitCode::from(2))
        }
        Command::Upgrade(args) => wait(upgrade::run(&context, args)),
        Command::Downgrade(args) => wait(downgrade::run(&context, args)),
        Command::Plan(args) => wait(plan::run(&context, args)),
        Command::Current(args) => wait(current::run(&context, args)),
        Command::History(args) => wait(history::run(&context, args)),
        Command::Heads(args) => heads::run(&context, args),
        Command::Branches(args) => branches::run(&context, args),
        Command::Show(args) => wait(show::run(&context, args)),
        Command::Merge(args) => merge::run(&context, args),
        Command::Stamp(args) => wait(stamp::run(&context, args)),
        Command::Revision(args) => revision::run(&context, args),
        Command::Convert(args) => convert::run(&context, args),
        Command::Status(args) => wait(status::run(&context, args)),
        Command::Undo(args) => wait(undo::run(&context, args)),
        Command::Serve(args) => wait(serve::run(&context, args)),
        Command::User(args) => wait(user::run(&context, args)),
        Command::Token(args) => wait(token::run(&context, args)),
        Command::Apply(args) => wait(apply::run(&context, args)),
    };
    match result {
        Ok(code) => code,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match global.raiseerr {
                true => say(format!("error: {error:?}")),
                false => say(format!("error: {error:#}")),
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs a command that waits for a database or the network, on threads that the others need not start.
fn wait(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()
        .context("cannot start the runtime's threads")?
        .block_on(command)
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
            "stamp ae1 27c",
            "plan downgrade -1 --from ae1,27c",
            "history -r -2:",
        ] {
            let line = std::iter::once("cofferdam").chain(line.split(' '));
            let parsed = Cli::try_parse_from(line);
            assert!(parsed.is_ok(), "{:?}", parsed.err());
        }
    }

    #[test]
    fn alembics_command_lines_are_understood() {
        for line in [
            "-c a.ini -c pyproject.toml -n other -q --raiseerr -x a=b -x c=d upgrade head --sql --tag t",
            "-v upgrade head",
            "upgrade head --verbose",
            "downgrade -1 --sql",
            "downgrade -1 -v --tag t",
            "revision -m x --autogenerate --head a@head --splice --branch-label b --version-path p --rev-id r --depends-on d --depends-on e",
            "merge heads -m x --branch-label b --rev-id r --splice",
            "stamp a b --purge",
            "current -c -v",
            "current --check-heads",
            "history -r a:b -v -i",
            "history --rev-range :current --indicate-current",
            "heads --resolve-dependencies -v",
            "branches -v",
            "show current",
            "edit head",
            "ensure_version --sql",
            "ensure-version",
            "list_templates",
            "list-templates",
            "check",
            "init -t sql dir",
            "init dir --package",
        ] {
            let words = std::iter::once("cofferdam").chain(line.split(' '));
            let parsed = Cli::try_parse_from(words);
            assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
        }
    }
}
