//! `cofferdam user`: who may sign in. It works on the state database, whether the server runs or not.

use super::output::print_always as print;
use super::{Context, address, say};
use crate::http::invitation_link;
use crate::state::StateUrl;
use crate::store::Store;
use crate::store::account::{Changed, check_name};
use crate::store::session::Purpose;
use anyhow::{Result, bail};
use cofferdam_engine::api::Role;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    state: StateUrl,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add a user, and print a link with which they choose a password
    Add {
        name: String,
        /// author (writes and plans), reviewer (approves) or admin (applies, adds users)
        #[arg(long, value_name = "ROLE")]
        role: Role,
        /// The server's address for the link [default: that of the server started last]
        #[arg(long, value_name = "URL")]
        server: Option<String>,
    },
    /// List the users
    List,
    /// Give a user another role
    Role { name: String, role: Role },
    /// Print a new link with which a user chooses a new password
    Reset {
        name: String,
        /// The server's address for the link [default: that of the server started last]
        #[arg(long, value_name = "URL")]
        server: Option<String>,
    },
    /// Remove a user, their sessions and tokens
    Remove { name: String },
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let server = match &args.command {
        Command::Add { server, .. } | Command::Reset { server, .. } => server.as_deref(),
        _ => None,
    };
    let server = server
        .map(|server| address::check("--server", server))
        .transpose()?;
    context
        .with_store(&args.state, async |store| match args.command {
            Command::Add { name, role, .. } => add(store, &name, role, server).await,
            Command::List => list(store).await,
            Command::Role { name, role } => {
                changed(store.set_role(&name, role).await?, &name)?;
                say(format!("{name} is {} now", role.as_str()));
                Ok(())
            }
            Command::Reset { name, .. } => {
                if store.account(&name).await?.is_none() {
                    bail!("there is no user {name:?}");
                }
                invite(store, &name, server).await
            }
            Command::Remove { name } => {
                changed(store.remove_account(&name).await?, &name)?;
                say(format!("{name} is removed"));
                Ok(())
            }
        })
        .await?;
    Ok(ExitCode::SUCCESS)
}

async fn add(store: &Store, name: &str, role: Role, server: Option<String>) -> Result<()> {
    check_name(name)?;
    if !store.add_account(name, role).await? {
        bail!("there is a user {name:?} already; `cofferdam user reset {name}` prints a new link");
    }
    say(format!(
        "{name} is added as {}; this link works once, within 7 days:",
        role.as_str()
    ));
    invite(store, name, server).await
}

async fn invite(store: &Store, name: &str, server: Option<String>) -> Result<()> {
    let known = store.address().await?;
    let base = server.or(known).unwrap_or_else(|| address::DEFAULT.into());
    let secret = store.new_link(name, Purpose::Invitation).await?;
    print(invitation_link(&base, secret.reveal()))
}

async fn list(store: &Store) -> Result<()> {
    let mut lines = String::new();
    for account in store.accounts().await? {
        let note = if account.has_password {
            ""
        } else {
            "  (no password yet)"
        };
        lines.push_str(&format!(
            "{}  {}{note}\n",
            account.user.name,
            account.user.role.as_str()
        ));
    }
    print(lines)
}

fn changed(changed: Changed, name: &str) -> Result<()> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Unknown => bail!("there is no user {name:?}"),
        Changed::LastAdmin => bail!("{name} is the last admin: make another one first"),
    }
}
