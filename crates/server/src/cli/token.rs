//! `cofferdam token`: API tokens, for `cofferdam apply` and for scripts.

use super::output::print_always as print;
use super::{Context, say};
use crate::auth::Scope;
use crate::state::StateUrl;
use crate::store::Store;
use anyhow::{Result, bail};
use cofferdam_engine::api::Role;
use std::process::ExitCode;

/// Longest life of a token, in seconds.
const LONGEST: i64 = 366 * DAY;
const DAY: i64 = 24 * 60 * 60;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    state: StateUrl,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a token and print its secret, this once
    Create {
        /// Where it will be used, for people
        #[arg(long)]
        name: String,
        /// What it may do: read, write or apply; may be given several times, or as a list with commas
        #[arg(
            long = "scope",
            required = true,
            value_delimiter = ',',
            value_name = "SCOPE"
        )]
        scopes: Vec<Scope>,
        /// How long it is valid, such as 12h, 30d or 8w
        #[arg(long, default_value = "30d", value_parser = lifetime, value_name = "TIME")]
        expires: i64,
        /// Whose rights it has [default: the only admin]
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// List the tokens
    List,
    /// Revoke a token by its number
    Revoke { id: i64 },
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    context
        .with_store(&args.state, async |store| match args.command {
            Command::Create {
                name,
                scopes,
                expires,
                user,
            } => create(store, &name, &scopes, expires, user).await,
            Command::List => list(store).await,
            Command::Revoke { id } => {
                if !store.revoke_token(id, None).await? {
                    bail!("there is no token {id}");
                }
                say(format!("token {id} is revoked"));
                Ok(())
            }
        })
        .await?;
    Ok(ExitCode::SUCCESS)
}

async fn create(
    store: &Store,
    name: &str,
    scopes: &[Scope],
    seconds: i64,
    user: Option<String>,
) -> Result<()> {
    let owner = match user {
        Some(user) if store.account(&user).await?.is_some() => user,
        Some(user) => bail!("there is no user {user:?}"),
        None => only_admin(store).await?,
    };
    let mut scopes = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    let (token, secret) = store.new_token(&owner, name, &scopes, seconds).await?;
    say(format!(
        "token {} for {owner}, valid until {}:",
        token.id, token.expires_at
    ));
    print(secret.reveal())
}

async fn only_admin(store: &Store) -> Result<String> {
    let accounts = store.accounts().await?;
    let mut admins = accounts
        .into_iter()
        .filter(|account| account.user.role == Role::Admin);
    match (admins.next(), admins.next()) {
        (Some(admin), None) => Ok(admin.user.name),
        (None, _) => {
            bail!("there is no admin yet: `cofferdam user add NAME --role admin` adds one")
        }
        _ => bail!("there are several admins: say whose token it is with --user NAME"),
    }
}

async fn list(store: &Store) -> Result<()> {
    let mut lines = String::new();
    for token in store.tokens(None).await? {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let used = token.used_at.unwrap_or_else(|| "never".into());
        lines.push_str(&format!(
            "{}  {}  of {}  {}  expires {}  used {used}\n",
            token.id,
            token.name,
            token.account,
            scopes.join(","),
            token.expires_at
        ));
    }
    print(lines)
}

/// Reads `12h`, `30d`, `8w` as seconds.
fn lifetime(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is not a time: write 12h, 30d or 8w");
    let end = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(end);
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let scale = match unit {
        "h" => 60 * 60,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return Err(wrong()),
    };
    match number.checked_mul(scale) {
        Some(seconds) if (1..=LONGEST).contains(&seconds) => Ok(seconds),
        _ => Err("a token is valid for at most 366 days".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_read() {
        assert_eq!(lifetime("12h"), Ok(12 * 60 * 60));
        assert_eq!(lifetime("30d"), Ok(30 * DAY));
        for bad in [
            "",
            "30",
            "d",
            "-1d",
            "0d",
            "9999w",
            "99999999999999999999d",
            "1y",
        ] {
            assert!(lifetime(bad).is_err(), "{bad}");
        }
    }
}
