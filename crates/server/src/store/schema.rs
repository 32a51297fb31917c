//! The state database's own schema: Cofferdam's revisions, run by Cofferdam.

use crate::database::{ConnectError, Database};
use crate::driver;
use crate::environment::{self, StateError};
use cofferdam_engine::config::{Config, Project};
use cofferdam_engine::history::{History, HistoryError};
use cofferdam_engine::plan::{self, PlanError, Request, Sealed};
use cofferdam_engine::run::{Options, Outcome};
use cofferdam_engine::script;

/// The revision files, by name; a new one is a line here.
const REVISIONS: &[(&str, &str)] = &[
    (
        "migrations/2026_11_21_0400-c0ffe0000001_first_tables.sql",
        include_str!("../../migrations/2026_11_21_0400-c0ffe0000001_first_tables.sql"),
    ),
    (
        "migrations/2026_11_22_0200-c0ffe0000b01_pauses.sql",
        include_str!("../../migrations/2026_11_22_0200-c0ffe0000b01_pauses.sql"),
    ),
];

/// How long to wait for another server that does the same, in milliseconds.
const WAIT_MS: u64 = 60_000;

/// Why the state database is not ready.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("the server's own revisions do not hold together: {0}")]
    Revisions(String),
    #[error("the state database cannot be brought up to date: {0}")]
    Plan(#[from] PlanError),
    #[error("the state database was not brought up to date: {0}")]
    Run(String),
}

/// The settings under which the server manages its own tables.
fn config() -> Config {
    Config {
        project: Project {
            name: "cofferdam-server".into(),
            version_table_schema: Some("cofferdam_server".into()),
            ..Project::default()
        },
        ..Config::default()
    }
}

fn history() -> Result<History, SchemaError> {
    let mut scripts = Vec::new();
    for (path, text) in REVISIONS {
        let reading = script::read(path, text.as_bytes());
        let script = reading.script.ok_or_else(|| {
            let findings: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
            SchemaError::Revisions(findings.join("; "))
        })?;
        scripts.push(script);
    }
    History::new(scripts).map_err(|errors: Vec<HistoryError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        SchemaError::Revisions(errors.join("; "))
    })
}

/// Brings the state database up to the newest revision; does nothing where it is.
pub async fn upgrade(database: &Database) -> Result<(), SchemaError> {
    let (config, history) = (config(), history()?);
    // Another server may do the same between reading and running: then it is read again.
    for attempt in 0.. {
        let state = environment::read(database, &config, None).await?;
        let request = Request {
            history: &history,
            config: &config,
            environment: None,
            current: &state.heads,
        };
        let plan = plan::upgrade(request, "heads")?;
        if plan.is_empty() {
            return Ok(());
        }
        let options = Options {
            run: crate::auth::secret::run_id()
                .map_err(|error| SchemaError::Run(error.to_string()))?,
            actor: "cofferdam serve".into(),
            approval: None,
            wait_ms: WAIT_MS,
            in_flight: None,
        };
        let none = driver::Wishes::default();
        let outcome = driver::execute(database, &Sealed::new(plan), options, |_| {}, &none).await?;
        match outcome {
            Outcome::Done => return Ok(()),
            Outcome::Refused { .. } if attempt == 0 => {}
            Outcome::Refused { refusal } => return Err(SchemaError::Run(refusal.to_string())),
            Outcome::Failed { what, error, .. } => {
                return Err(SchemaError::Run(format!("cannot {what}: {error}")));
            }
            Outcome::Lost { message, .. } => return Err(SchemaError::Run(message)),
            Outcome::Cancelled { .. } => return Err(SchemaError::Run("it was cancelled".into())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revisions_hold_together_and_have_one_head() {
        let history = history().expect("a history");
        assert_eq!(history.len(), REVISIONS.len());
        assert_eq!(history.heads().len(), 1);
        let config = config();
        let request = Request {
            history: &history,
            config: &config,
            environment: None,
            current: &[],
        };
        let plan = plan::upgrade(request, "heads").expect("a plan");
        assert_eq!(plan.version_table, "cofferdam_server.alembic_version");
    }

    #[test]
    fn every_table_has_a_project() {
        for (path, text) in REVISIONS {
            for table in text.split("CREATE TABLE").skip(1) {
                let table = table.split(");").next().unwrap_or_default();
                assert!(table.contains("project text NOT NULL"), "{path}: {table}");
            }
        }
    }
}
