//! The gate before a change's contract on a database: measured, confirmed, forced; and the comparison of both sides that it asks.

use crate::changes::{self, ChangesError, begun, upgraded};
use crate::database::Database;
use crate::driver::query;
use crate::environment;
use crate::project::Project;
use cofferdam_engine::change::gate::{self, FORCED, Gate, Measured};
use cofferdam_engine::change::parity::{Compared, Parity, SAMPLES};
use cofferdam_engine::change::{self, Change};
use cofferdam_engine::plan::{self, Plan};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::{Answer, Failure, journal};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

/// Refuses a plan that begins a contract whose gate is shut on `database`. A database at base is nobody's yet, and a contract
/// that has begun may end.
pub async fn check_plan(
    database: &Database,
    environment: Option<&str>,
    project: &Project,
    plan: &Plan,
) -> Result<(), ChangesError> {
    if plan.from.is_empty() {
        return Ok(());
    }
    let script = |id: &RevisionId| project.scripts.iter().find(|one| one.revision.id == *id);
    for id in begun(upgraded(plan), script) {
        let change = changes::find(&project.folder, id.as_str())?;
        let site = Site {
            project,
            change: &change,
            database,
            environment,
        };
        let gate = site.measure().await?;
        if !gate.is_open() {
            return Err(ChangesError::Shut {
                gate: Box::new(gate),
                environment: environment.map(str::to_owned),
            });
        }
    }
    Ok(())
}

/// A change, and the database on which it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub project: &'a Project,
    pub change: &'a Change,
    pub database: &'a Database,
    pub environment: Option<&'a str>,
}

impl Site<'_> {
    /// Measures the gate of a change on a database.
    pub async fn measure(&self) -> Result<Gate, ChangesError> {
        let phases = change::phases(self.change)?;
        let table = plan::version_table(&self.project.config.project);
        let conditions = gate::conditions(self.change, &phases, &table)?;
        let mut connection = self.open().await?;
        let mut measured = Vec::new();
        for condition in conditions {
            let answer = query(&mut connection, condition.query.clone(), true).await;
            let answer = answer.map_err(|failure| words(&failure));
            measured.push(Measured::read(
                condition,
                answer.as_ref().map_err(String::as_str),
            ));
        }
        let forced = query(&mut connection, gate::forced(self.change, &table), true).await;
        let passed = query(&mut connection, gate::passed(self.change, &table), true).await;
        let _ = connection.close().await;
        let row = forced
            .ok()
            .and_then(|answer| answer.rows.into_iter().next());
        let cell = |at: usize| row.as_ref().and_then(|row| row.get(at)).cloned().flatten();
        Ok(Gate {
            change: self.change.id.to_string(),
            conditions: measured,
            forced: cell(1).map(|found| match cell(2) {
                Some(at) => format!("{found}, {at}"),
                None => found,
            }),
            // A database without a journal has nothing applied.
            passed: passed
                .ok()
                .and_then(|answer| answer.rows.into_iter().flatten().next().flatten()),
        })
    }

    /// Records that `actor` confirms a condition, by its words.
    pub async fn confirm(&self, words: &str, actor: &str) -> Result<(), ChangesError> {
        let asked = &self.change.conditions.confirm;
        if !asked.iter().any(|one| one == words) {
            return Err(ChangesError::NotAsked {
                id: self.change.id.clone(),
                words: words.to_owned(),
                asked: match asked.as_slice() {
                    [] => "it asks nobody to confirm anything".into(),
                    some => format!("it asks for {}", some.join("; ")),
                },
            });
        }
        let entry = Entry {
            condition: &gate::confirmed(words),
            holds: true,
            found: "confirmed",
            actor,
        };
        self.record(entry).await
    }

    /// Records that `actor` opens the gate by force.
    pub async fn force(&self, reason: &str, actor: &str) -> Result<(), ChangesError> {
        if reason.trim().is_empty() {
            return Err(ChangesError::NoReason);
        }
        let entry = Entry {
            condition: FORCED,
            holds: true,
            found: reason.trim(),
            actor,
        };
        self.record(entry).await
    }

    /// Compares both sides of every row for `actor`, and records what was found.
    pub async fn compare(&self, actor: &str) -> Result<Compared, ChangesError> {
        let Some(parity) = change::phases(self.change)?.parity else {
            return Err(ChangesError::OneSided(self.change.id.clone()));
        };
        let mut connection = self.open().await?;
        let compared = compare_both(&mut connection, &parity).await;
        let _ = connection.close().await;
        let compared = compared?;
        let entry = Entry {
            condition: gate::PARITY,
            holds: compared.disagree == 0,
            found: &compared.words(),
            actor,
        };
        self.record(entry).await?;
        Ok(compared)
    }

    async fn open(&self) -> Result<PgConnection, ChangesError> {
        let mut connection = self.database.connect().await?;
        for setting in self.project.config.settings(self.environment) {
            ask(&mut connection, "set the session's settings", setting).await?;
        }
        Ok(connection)
    }

    async fn record(&self, entry: Entry<'_>) -> Result<(), ChangesError> {
        environment::prepare(
            self.database,
            &self.project.config,
            self.environment,
            &journal::tables(),
        )
        .await?;
        let mut connection = self.open().await?;
        let table = plan::version_table(&self.project.config.project);
        let sql = gate::record(
            self.change,
            &table,
            entry.condition,
            entry.holds,
            entry.found,
            entry.actor,
        );
        let done = ask(&mut connection, "record it", sql).await;
        let _ = connection.close().await;
        done.map(|_| ())
    }
}

/// A row of the gate's record.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    condition: &'a str,
    holds: bool,
    found: &'a str,
    actor: &'a str,
}

/// Both ways, where the other side is a table of its own.
async fn compare_both(
    connection: &mut PgConnection,
    parity: &Parity,
) -> Result<Compared, ChangesError> {
    let mut compared = compare_ranges(connection, parity).await?;
    if let Some(back) = &parity.back {
        let back = compare_ranges(connection, back).await?;
        compared.disagree += back.disagree;
        compared.samples.extend(back.samples);
        compared.samples.truncate(SAMPLES);
    }
    Ok(compared)
}

/// Range after range of the key, each by itself.
async fn compare_ranges(
    connection: &mut PgConnection,
    parity: &Parity,
) -> Result<Compared, ChangesError> {
    const WHAT: &str = "compare both sides";
    let mut compared = Compared::new(parity);
    let mut after: Option<Vec<String>> = None;
    loop {
        let answer = ask(connection, WHAT, parity.count(after.as_deref())).await?;
        let row = answer.rows.into_iter().next().unwrap_or_default();
        let number = |at: usize| -> u64 {
            let cell = row.get(at).cloned().flatten();
            cell.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let (rows, disagree) = (number(0), number(1));
        if rows == 0 {
            break;
        }
        compared.rows += rows;
        compared.disagree += disagree;
        if disagree > 0 && compared.samples.len() < SAMPLES {
            let answer = ask(connection, WHAT, parity.samples(after.as_deref())).await?;
            let free = SAMPLES - compared.samples.len();
            compared.samples.extend(answer.rows.into_iter().take(free));
        }
        let last: Option<Vec<String>> = row.into_iter().skip(2).collect();
        let Some(last) = last else { break };
        after = Some(last);
    }
    Ok(compared)
}

async fn ask(
    connection: &mut PgConnection,
    what: &'static str,
    sql: String,
) -> Result<Answer, ChangesError> {
    query(connection, sql, true)
        .await
        .map_err(|failure| ChangesError::Query {
            what,
            error: words(&failure),
        })
}

fn words(failure: &Failure) -> String {
    match failure {
        Failure::Database(error) => error.to_string(),
        Failure::Lost(message) => message.clone(),
    }
}
