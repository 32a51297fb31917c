//! What runs report, in order.

use super::{Store, StoreError, utc};
use cofferdam_engine::api::RunEvent;
use cofferdam_engine::run::{Outcome, Report};
use sqlx::PgConnection;
use sqlx::types::Json;

/// Appends an event after those that are there.
pub(super) async fn append(
    connection: &mut PgConnection,
    project: &str,
    run: &str,
    report: Option<&Report>,
    outcome: Option<&Outcome>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO cofferdam_server.run_event (project, run, seq, report, outcome)
         SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4 FROM cofferdam_server.run_event WHERE run = $2",
    )
    .bind(project)
    .bind(run)
    .bind(report.map(Json))
    .bind(outcome.map(Json))
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Appends a report of a run.
    pub async fn add_report(&self, run: &str, report: &Report) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        append(&mut connection, &self.project, run, Some(report), None).await
    }

    /// At most `limit` events of a run after number `after`, in order.
    pub async fn events(
        &self,
        run: &str,
        after: u64,
        limit: i64,
    ) -> Result<Vec<RunEvent>, StoreError> {
        type Row = (i64, String, Option<Json<Report>>, Option<Json<Outcome>>);
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT seq, ",
            utc!("at"),
            ", report, outcome FROM cofferdam_server.run_event
             WHERE project = $1 AND run = $2 AND seq > $3 ORDER BY seq LIMIT $4"
        ))
        .bind(&*self.project)
        .bind(run)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        let events = rows.into_iter().map(|(seq, at, report, outcome)| RunEvent {
            seq: seq.unsigned_abs(),
            at,
            report: report.map(|Json(report)| report),
            outcome: outcome.map(|Json(outcome)| outcome),
        });
        Ok(events.collect())
    }
}
