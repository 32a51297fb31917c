//! Plans: their sealed bytes, their digest, and the files they were made of.

use super::{Store, StoreError, json_text, json_word, utc};
use crate::project::File;
use cofferdam_engine::api::{PlanState, PlanSummary};
use cofferdam_engine::plan::{SealError, Sealed};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// A plan as it is stored.
#[derive(Clone, Debug)]
pub struct StoredPlan {
    pub summary: PlanSummary,
    pub note: String,
    /// The sealed bytes.
    pub text: String,
}

impl StoredPlan {
    /// The plan, with its bytes checked against its digest.
    pub fn sealed(&self) -> Result<Sealed, SealError> {
        Sealed::verify(&self.text, &self.summary.digest)
    }
}

/// What a plan is stored with.
#[derive(Clone, Copy, Debug)]
pub struct NewStoredPlan<'a> {
    pub environment: &'a str,
    pub sealed: &'a Sealed,
    pub author: &'a str,
    pub note: &'a str,
    /// The files that the plan was made of: settings and revisions.
    pub files: &'a [File],
}

fn summary(row: &PgRow) -> Result<PlanSummary, StoreError> {
    let id: i64 = row.try_get("id")?;
    let count = |column: &str| -> Result<u32, StoreError> {
        let count: i32 = row.try_get(column)?;
        Ok(count.unsigned_abs())
    };
    Ok(PlanSummary {
        id: id.unsigned_abs(),
        environment: row.try_get("environment")?,
        kind: json_word("a kind of plan", row.try_get("kind")?)?,
        target: row.try_get("target")?,
        from: row.try_get("heads_from")?,
        to: row.try_get("heads_to")?,
        revisions: count("revisions")?,
        statements: count("statements")?,
        author: row.try_get("author")?,
        created_at: row.try_get("made")?,
        state: json_word("a plan's state", row.try_get("state")?)?,
        digest: row.try_get("digest")?,
    })
}

impl Store {
    /// Stores a plan with a snapshot of its files; gives its number.
    pub async fn add_plan(&self, new: NewStoredPlan<'_>) -> Result<u64, StoreError> {
        let plan = new.sealed.plan();
        let texts = |ids: &[cofferdam_engine::revision::RevisionId]| -> Vec<String> {
            ids.iter().map(ToString::to_string).collect()
        };
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let mut transaction = self.pool.begin().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO cofferdam_server.plan
                 (project, environment, kind, target, heads_from, heads_to, revisions, statements, author, note, digest, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        )
        .bind(&*self.project)
        .bind(new.environment)
        .bind(plan.kind.as_str())
        .bind(&plan.target)
        .bind(texts(&plan.from))
        .bind(texts(&plan.to))
        .bind(count(plan.revisions.len()))
        .bind(count(plan.statement_count()))
        .bind(new.author)
        .bind(new.note)
        .bind(new.sealed.digest())
        .bind(new.sealed.text())
        .fetch_one(&mut *transaction)
        .await?;
        for file in new.files {
            sqlx::query(
                "INSERT INTO cofferdam_server.blob (project, sha256, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(&*self.project)
            .bind(&file.sha256)
            .bind(&file.bytes)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "INSERT INTO cofferdam_server.plan_file (project, plan, path, sha256) VALUES ($1, $2, $3, $4)",
            )
            .bind(&*self.project)
            .bind(id)
            .bind(&file.path)
            .bind(&file.sha256)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(id.unsigned_abs())
    }

    /// Every plan, newest first.
    pub async fn plans(&self) -> Result<Vec<PlanSummary>, StoreError> {
        let sql: &'static str = concat!(
            "SELECT id, environment, kind, target, heads_from, heads_to, revisions, statements, author, digest, state, ",
            utc!("created_at"),
            " AS made FROM cofferdam_server.plan WHERE project = $1 ORDER BY id DESC"
        );
        let rows = sqlx::query(sql)
            .bind(&*self.project)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(summary).collect()
    }

    pub async fn plan(&self, id: u64) -> Result<Option<StoredPlan>, StoreError> {
        let Ok(id) = i64::try_from(id) else {
            return Ok(None);
        };
        let sql: &'static str = concat!(
            "SELECT id, environment, kind, target, heads_from, heads_to, revisions, statements, author, note, digest, body, state, ",
            utc!("created_at"),
            " AS made FROM cofferdam_server.plan WHERE project = $1 AND id = $2"
        );
        let found = sqlx::query(sql)
            .bind(&*self.project)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(StoredPlan {
            summary: summary(&row)?,
            note: row.try_get("note")?,
            text: row.try_get("body")?,
        }))
    }

    /// The snapshot of the files that a plan was made of whose paths begin with `below`, in order of path.
    pub async fn plan_files(&self, id: u64, below: &str) -> Result<Vec<File>, StoreError> {
        let rows: Vec<(String, String, Vec<u8>)> = sqlx::query_as(
            "SELECT f.path, f.sha256, b.bytes FROM cofferdam_server.plan_file f
             JOIN cofferdam_server.blob b ON b.project = f.project AND b.sha256 = f.sha256
             WHERE f.project = $1 AND f.plan = $2 AND starts_with(f.path, $3) ORDER BY f.path COLLATE \"C\"",
        )
        .bind(&*self.project)
        .bind(i64::try_from(id).unwrap_or(i64::MAX))
        .bind(below)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(path, sha256, bytes)| File {
                path,
                bytes,
                sha256,
            })
            .collect())
    }

    /// Moves a plan to `to` if it is in one of `from`; false: it is not.
    pub async fn move_plan(
        &self,
        id: u64,
        from: &[PlanState],
        to: PlanState,
    ) -> Result<bool, StoreError> {
        let from: Vec<String> = from.iter().map(json_text).collect();
        let done = sqlx::query(
            "UPDATE cofferdam_server.plan SET state = $4 WHERE project = $1 AND id = $2 AND state = ANY ($3)",
        )
        .bind(&*self.project)
        .bind(i64::try_from(id).unwrap_or(i64::MAX))
        .bind(from)
        .bind(json_text(to))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
