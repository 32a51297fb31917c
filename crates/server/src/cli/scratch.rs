//! The throwaway PostgreSQL of a command.

use super::output::note;
use super::{Context, execution};
use crate::database::{self, Source};
use crate::driver::query;
use crate::embedded::Scratch;
use crate::project::Project;
use crate::verify::Setting;
use anyhow::{Result, bail};
use cofferdam_engine::catalog::VERSIONS;
use sqlx::Connection;

/// Which PostgreSQL the project's database has, where one is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub environment: Option<String>,
    /// The major version; none where it is not known.
    pub major: Option<u32>,
}

impl Wanted {
    /// Asks the database that the options name. One that does not answer is told, and is no reason to fail.
    pub async fn find(context: &Context, project: &Project) -> Result<Self> {
        if !context.names_database(project)? {
            return Ok(Wanted::default());
        }
        let variables = context.variables(project)?;
        let source = database::choose(
            context.url.as_deref(),
            context.env.as_deref(),
            &project.config,
            &variables,
        )?;
        let environment = source.environment().map(str::to_owned);
        let Source::Url { database, .. } = source else {
            return Ok(Wanted {
                environment,
                major: None,
            });
        };
        let major = match database.connect().await {
            Ok(mut connection) => {
                let answer = query(&mut connection, "SHOW server_version_num;".into(), true).await;
                let _ = connection.close().await;
                let number = answer
                    .ok()
                    .and_then(|answer| answer.rows.into_iter().flatten().next());
                number
                    .flatten()
                    .and_then(|text| text.parse::<u32>().ok())
                    .map(|number| number / 10_000)
            }
            Err(error) => {
                note(format!(
                    "note: its version of PostgreSQL is not known: {error}"
                ));
                None
            }
        };
        Ok(Wanted { environment, major })
    }
}

/// Does `work` on a throwaway PostgreSQL of the wanted version, or of that which this machine has; and removes it.
pub async fn with_scratch<T>(
    context: &Context,
    project: &Project,
    wanted: &Wanted,
    work: impl AsyncFnOnce(&mut Scratch, Setting<'_>) -> Result<T>,
) -> Result<T> {
    let cancel = execution::listen_for_signals();
    let major = wanted.major.map(|major| major.to_string());
    let root = project.folder.root();
    let mut scratch = Scratch::start(root, context.pg_bin.as_deref(), major.as_deref()).await?;
    let result = match scratch.major().parse() {
        Ok(major) if major >= *VERSIONS.start() => {
            let setting = Setting {
                config: &project.config,
                environment: wanted.environment.as_deref(),
                major,
                cancel: &cancel,
            };
            work(&mut scratch, setting).await
        }
        _ => Err(anyhow::anyhow!(
            "this machine has PostgreSQL {}, and {} or newer is needed: name another with --pg-bin",
            scratch.major(),
            VERSIONS.start()
        )),
    };
    let stopped = scratch.stop().await;
    let result = result?;
    stopped?;
    Ok(result)
}

/// Which PostgreSQL the work is done on, in words, beside the one that it is done for.
pub fn words(scratch: &Scratch, version: &str, wanted: &Wanted) -> String {
    match wanted.major {
        Some(major) if major.to_string() != scratch.major() => format!(
            "PostgreSQL {version} (the database has {major}, which this machine has not: name its programs with --pg-bin)"
        ),
        _ => format!("PostgreSQL {version}"),
    }
}

/// Refuses where the database's version is another one than the throwaway PostgreSQL's: their catalogs cannot be compared.
pub fn same_major(scratch: &Scratch, wanted: &Wanted) -> Result<()> {
    match wanted.major {
        Some(major) if major.to_string() != scratch.major() => bail!(
            "the database has PostgreSQL {major}, and this machine has {}: install {major}, or name the folder of its programs with --pg-bin",
            scratch.major()
        ),
        _ => Ok(()),
    }
}
