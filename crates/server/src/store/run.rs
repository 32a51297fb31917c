//! Runs of plans.
//!
//! A server that carries out a run holds an advisory lock of the state database for it, so that any
//! server can tell a run that is under way from one whose server died.

use super::{Store, StoreError, json_word, utc};
use cofferdam_engine::api::{PlanState, RunState, RunSummary};
use cofferdam_engine::run::Outcome;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};

/// First half of the lock's key: "crun" in ASCII.
const LOCK_CLASS: i32 = 0x6372_756e;

/// Keeps a run from being taken for lost, as long as it lives.
pub struct Alive {
    connection: PgConnection,
}

impl Alive {
    /// Lets go, after the run's end is written down.
    pub async fn end(self) {
        // PostgreSQL lets the lock go with the connection in any case.
        let _ = sqlx::Connection::close(self.connection).await;
    }
}

/// What was asked of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wished {
    /// To stop where it is safe.
    pub cancel: bool,
    /// To wait between two parts or batches.
    pub pause: bool,
}

fn summary(row: &PgRow) -> Result<RunSummary, StoreError> {
    let plan: i64 = row.try_get("plan")?;
    let outcome: Option<Json<Outcome>> = row.try_get("outcome")?;
    Ok(RunSummary {
        id: row.try_get("id")?,
        plan: plan.unsigned_abs(),
        environment: row.try_get("environment")?,
        kind: json_word("a kind of plan", row.try_get("kind")?)?,
        target: row.try_get("target")?,
        actor: row.try_get("actor")?,
        state: json_word("a run's state", row.try_get("state")?)?,
        started_at: row.try_get("started")?,
        finished_at: row.try_get("finished")?,
        outcome: outcome.map(|Json(outcome)| outcome),
    })
}

/// How a run's end is called.
pub fn state_of(outcome: &Outcome) -> RunState {
    match outcome {
        Outcome::Done => RunState::Done,
        Outcome::Failed { .. } | Outcome::Refused { .. } => RunState::Failed,
        Outcome::Cancelled { .. } => RunState::Cancelled,
        Outcome::Lost { .. } => RunState::Lost,
    }
}

impl Store {
    /// Opens a run of a plan that is in one of the states `from`; none: it is not, or another run is
    /// under way in its environment.
    pub async fn open_run(
        &self,
        id: &str,
        plan: u64,
        from: &[PlanState],
        actor: &str,
        approval: Option<&str>,
    ) -> Result<Option<Alive>, StoreError> {
        let alive = self.hold(id).await?;
        let from: Vec<String> = from.iter().map(super::json_text).collect();
        let mut transaction = self.pool.begin().await?;
        let opened = sqlx::query(
            "UPDATE cofferdam_server.plan p SET state = 'running'
             WHERE project = $1 AND id = $2 AND state = ANY ($3)
               AND NOT EXISTS (SELECT FROM cofferdam_server.plan other
                               WHERE other.project = p.project AND other.environment = p.environment AND other.state = 'running')",
        )
        .bind(&*self.project)
        .bind(i64::try_from(plan).unwrap_or(i64::MAX))
        .bind(from)
        .execute(&mut *transaction)
        .await?;
        if opened.rows_affected() == 0 {
            alive.end().await;
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO cofferdam_server.run (project, id, plan, actor, approval) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(i64::try_from(plan).unwrap_or(i64::MAX))
        .bind(actor)
        .bind(approval)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(alive))
    }

    async fn hold(&self, run: &str) -> Result<Alive, StoreError> {
        let mut connection = self.pool.acquire().await?.detach();
        sqlx::query("SELECT pg_advisory_lock($1, hashtext($2))")
            .bind(LOCK_CLASS)
            .bind(run)
            .execute(&mut connection)
            .await?;
        Ok(Alive { connection })
    }

    /// Writes down how a run ended, once, with the last event; moves its plan on.
    pub async fn close_run(&self, id: &str, outcome: &Outcome) -> Result<(), StoreError> {
        let state = state_of(outcome);
        let plan = match state {
            RunState::Done => PlanState::Applied,
            _ => PlanState::Failed,
        };
        let mut transaction = self.pool.begin().await?;
        let closed: Option<(i64,)> = sqlx::query_as(
            "UPDATE cofferdam_server.run SET state = $3, outcome = $4, finished_at = clock_timestamp()
             WHERE project = $1 AND id = $2 AND state = 'running' RETURNING plan",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(super::json_text(state))
        .bind(Json(outcome))
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some((number,)) = closed {
            super::event::append(&mut transaction, &self.project, id, None, Some(outcome)).await?;
            sqlx::query(
                "UPDATE cofferdam_server.plan SET state = $3 WHERE project = $1 AND id = $2 AND state = 'running'",
            )
            .bind(&*self.project)
            .bind(number)
            .bind(super::json_text(plan))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Every run, or one plan's, newest first.
    pub async fn runs(&self, plan: Option<u64>) -> Result<Vec<RunSummary>, StoreError> {
        let sql: &'static str = concat!(
            "SELECT r.id, r.plan, p.environment, p.kind, p.target, r.actor, r.state, r.outcome, ",
            utc!("r.started_at"), " AS started, ", utc!("r.finished_at"), " AS finished
             FROM cofferdam_server.run r JOIN cofferdam_server.plan p ON p.id = r.plan
             WHERE r.project = $1 AND r.plan = coalesce($2, r.plan) ORDER BY r.started_at DESC, r.id"
        );
        let rows = sqlx::query(sql)
            .bind(&*self.project)
            .bind(plan.map(|plan| i64::try_from(plan).unwrap_or(i64::MAX)))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(summary).collect()
    }

    pub async fn run(&self, id: &str) -> Result<Option<RunSummary>, StoreError> {
        let sql: &'static str = concat!(
            "SELECT r.id, r.plan, p.environment, p.kind, p.target, r.actor, r.state, r.outcome, ",
            utc!("r.started_at"),
            " AS started, ",
            utc!("r.finished_at"),
            " AS finished
             FROM cofferdam_server.run r JOIN cofferdam_server.plan p ON p.id = r.plan
             WHERE r.project = $1 AND r.id = $2"
        );
        let found = sqlx::query(sql)
            .bind(&*self.project)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        found.as_ref().map(summary).transpose()
    }

    /// Asks whichever server carries the run out to stop it; false: no such run is under way.
    pub async fn request_cancel(&self, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE cofferdam_server.run SET cancel_requested = true
             WHERE project = $1 AND id = $2 AND state = 'running'",
        )
        .bind(&*self.project)
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Asks whichever server carries the run out to let it wait, or go on; false: no such run is under way.
    pub async fn request_pause(&self, id: &str, paused: bool) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE cofferdam_server.run SET pause_requested = $3
             WHERE project = $1 AND id = $2 AND state = 'running'",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(paused)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What was asked of a run; none: there is no such run.
    pub async fn wishes(&self, id: &str) -> Result<Option<Wished>, StoreError> {
        let found: Option<(bool, bool)> = sqlx::query_as(
            "SELECT cancel_requested, pause_requested FROM cofferdam_server.run WHERE project = $1 AND id = $2",
        )
        .bind(&*self.project)
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(cancel, pause)| Wished { cancel, pause }))
    }

    /// Closes the runs whose server is gone, as lost; gives their ids.
    pub async fn lose_orphans(&self) -> Result<Vec<String>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let orphans: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM (SELECT id FROM cofferdam_server.run WHERE project = $1 AND state = 'running' ORDER BY id) r
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_locks
                               WHERE locktype = 'advisory' AND granted
                                 AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                                 AND classid::bigint = $2 AND objid::bigint = hashtext(r.id)::bigint & 4294967295)",
        )
        .bind(&*self.project)
        .bind(i64::from(LOCK_CLASS))
        .fetch_all(&mut *connection)
        .await?;
        drop(connection);
        let ids: Vec<String> = orphans.into_iter().map(|(id,)| id).collect();
        for id in &ids {
            let outcome = Outcome::Lost {
                at: None,
                message:
                    "the server died under it; applying the plan again finds out what happened"
                        .into(),
            };
            self.close_run(id, &outcome).await?;
        }
        Ok(ids)
    }
}
