//! What people say of plans: reviews and comments.

use super::{Store, StoreError, json_text, json_word, utc};
use cofferdam_engine::api::{Comment, PlanState, Review, Verdict};
use cofferdam_engine::plan::StepAt;

impl Store {
    /// Reviews of a plan, oldest first.
    pub async fn reviews(&self, plan: u64) -> Result<Vec<Review>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(concat!(
            "SELECT author, verdict, body, digest, ",
            utc!("created_at"),
            " FROM cofferdam_server.review WHERE project = $1 AND plan = $2 ORDER BY id"
        ))
        .bind(&*self.project)
        .bind(i64::try_from(plan).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(author, verdict, text, digest, at)| {
                let verdict = json_word("a verdict", &verdict)?;
                Ok(Review {
                    author,
                    verdict,
                    text,
                    digest,
                    at,
                })
            })
            .collect()
    }

    /// Adds a review and moves the plan to what the reviews say together ([`together`]); false: the
    /// plan is no longer under review.
    pub async fn add_review(
        &self,
        plan: u64,
        author: &str,
        verdict: Verdict,
        text: &str,
        digest: &str,
    ) -> Result<bool, StoreError> {
        let id = i64::try_from(plan).unwrap_or(i64::MAX);
        let mut transaction = self.pool.begin().await?;
        let open: Option<(i64,)> = sqlx::query_as(
            "SELECT id FROM cofferdam_server.plan
             WHERE project = $1 AND id = $2 AND digest = $3 AND state IN ('open', 'approved', 'rejected') FOR UPDATE",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(digest)
        .fetch_optional(&mut *transaction)
        .await?;
        if open.is_none() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO cofferdam_server.review (project, plan, author, verdict, body, digest)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&*self.project)
        .bind(id)
        .bind(author)
        .bind(json_text(verdict))
        .bind(text)
        .bind(digest)
        .execute(&mut *transaction)
        .await?;
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT author, verdict FROM cofferdam_server.review WHERE project = $1 AND plan = $2 ORDER BY id",
        )
        .bind(&*self.project)
        .bind(id)
        .fetch_all(&mut *transaction)
        .await?;
        let said: Vec<(&str, Verdict)> = rows
            .iter()
            .map(|(author, verdict)| Ok((author.as_str(), json_word("a verdict", verdict)?)))
            .collect::<Result<_, StoreError>>()?;
        sqlx::query("UPDATE cofferdam_server.plan SET state = $3 WHERE project = $1 AND id = $2")
            .bind(&*self.project)
            .bind(id)
            .bind(json_text(together(&said)))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Comments on a plan, oldest first.
    pub async fn comments(&self, plan: u64) -> Result<Vec<Comment>, StoreError> {
        type Row = (
            String,
            String,
            Option<i32>,
            Option<i32>,
            Option<i32>,
            Option<String>,
            String,
        );
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "SELECT author, body, at_revision, at_segment, at_step, statement_sha256, ",
            utc!("created_at"),
            " FROM cofferdam_server.comment WHERE project = $1 AND plan = $2 ORDER BY id"
        ))
        .bind(&*self.project)
        .bind(i64::try_from(plan).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        let index = |value: Option<i32>| usize::try_from(value?).ok();
        let comments = rows.into_iter().map(
            |(author, text, revision, segment, step, statement_sha256, created_at)| {
                let at = match (index(revision), index(segment), index(step)) {
                    (Some(revision), Some(segment), Some(step)) => Some(StepAt {
                        revision,
                        segment,
                        step,
                    }),
                    _ => None,
                };
                Comment {
                    author,
                    text,
                    at,
                    statement_sha256,
                    created_at,
                }
            },
        );
        Ok(comments.collect())
    }

    /// Adds a comment, on a statement (with its SHA-256) or on the whole plan.
    pub async fn add_comment(
        &self,
        plan: u64,
        author: &str,
        text: &str,
        at: Option<(StepAt, &str)>,
    ) -> Result<(), StoreError> {
        let index = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
        sqlx::query(
            "INSERT INTO cofferdam_server.comment
                 (project, plan, author, body, at_revision, at_segment, at_step, statement_sha256)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&*self.project)
        .bind(i64::try_from(plan).unwrap_or(i64::MAX))
        .bind(author)
        .bind(text)
        .bind(at.map(|(at, _)| index(at.revision)))
        .bind(at.map(|(at, _)| index(at.segment)))
        .bind(at.map(|(at, _)| index(at.step)))
        .bind(at.map(|(_, sha256)| sha256))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// What reviews, oldest first, say together: the last word of each reviewer counts, and one who
/// rejects is enough.
fn together(reviews: &[(&str, Verdict)]) -> PlanState {
    let last = |author: &str| {
        reviews
            .iter()
            .rev()
            .find(|(who, _)| *who == author)
            .map(|(_, verdict)| *verdict)
    };
    let mut verdicts = reviews.iter().filter_map(|(author, _)| last(author));
    if verdicts.clone().any(|verdict| verdict == Verdict::Reject) {
        PlanState::Rejected
    } else if verdicts.next().is_some() {
        PlanState::Approved
    } else {
        PlanState::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_rejects_is_enough_until_they_approve() {
        use Verdict::{Approve, Reject};
        assert_eq!(together(&[]), PlanState::Open);
        assert_eq!(together(&[("ada", Approve)]), PlanState::Approved);
        assert_eq!(
            together(&[("ada", Reject), ("bob", Approve)]),
            PlanState::Rejected
        );
        assert_eq!(
            together(&[("ada", Reject), ("bob", Approve), ("ada", Approve)]),
            PlanState::Approved
        );
        assert_eq!(
            together(&[("ada", Approve), ("ada", Reject)]),
            PlanState::Rejected
        );
    }
}
