//! Reviews of plans and comments on their statements.

use super::App;
use super::json::Body;
use super::plans::{check_gates, check_text, record, stored};
use super::problem::{Code, Error, sentence};
use crate::auth::{Caller, Scope};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cofferdam_engine::api::{NewComment, NewReview, PlanRecord, Problem, Role, Verdict};

/// Approves or rejects somebody else's plan, by the digest that was seen.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/plans/{id}/reviews", tag = "plans",
    params(("slug" = String, Path), ("id" = u64, Path)), request_body = NewReview, responses(
    (status = 201, body = PlanRecord),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn review(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
    Body(new): Body<NewReview>,
) -> Result<(StatusCode, Json<PlanRecord>), Error> {
    caller.may(Scope::Write, Role::Reviewer)?;
    app.check_slug(&slug)?;
    check_text(&new.text)?;
    let plan = stored(&app, id).await?;
    if plan.summary.author == caller.user.name {
        return Err(Error::new(
            Code::Forbidden,
            "Your own plan is reviewed by somebody else.",
        ));
    }
    if new.digest != plan.summary.digest {
        return Err(Error::new(
            Code::OtherDigest,
            "This is not the plan that you saw: reload it, and read it again.",
        ));
    }
    if new.verdict == Verdict::Approve {
        let sealed = plan
            .sealed()
            .map_err(|error| Error::new(Code::Stale, sentence(&error)))?;
        let project = app.workbench.project().await?;
        check_gates(&app, &project, &plan.summary.environment, &sealed).await?;
    }
    let author = &caller.user.name;
    if !app
        .store
        .add_review(id, author, new.verdict, new.text.trim(), &new.digest)
        .await?
    {
        return Err(Error::new(
            Code::WrongState,
            "The plan is no longer under review.",
        ));
    }
    Ok((StatusCode::CREATED, Json(record(&app, &caller, id).await?)))
}

/// Comments on a plan, or on one of its statements.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/plans/{id}/comments", tag = "plans",
    params(("slug" = String, Path), ("id" = u64, Path)), request_body = NewComment, responses(
    (status = 201, body = PlanRecord),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn comment(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
    Body(new): Body<NewComment>,
) -> Result<(StatusCode, Json<PlanRecord>), Error> {
    caller.may(Scope::Write, Role::Author)?;
    app.check_slug(&slug)?;
    check_text(&new.text)?;
    let text = new.text.trim();
    if text.is_empty() {
        return Err(Error::new(Code::Invalid, "A comment needs words."));
    }
    let plan = stored(&app, id).await?;
    let sealed = plan
        .sealed()
        .map_err(|error| Error::new(Code::Internal, sentence(&error)))?;
    let at = match new.at {
        None => None,
        Some(at) => match sealed.plan().step(at) {
            Some(step) => Some((at, step.sha256())),
            None => return Err(Error::new(Code::Invalid, "The plan has no such statement.")),
        },
    };
    app.store
        .add_comment(
            id,
            &caller.user.name,
            text,
            at.as_ref().map(|(at, sha256)| (*at, sha256.as_str())),
        )
        .await?;
    Ok((StatusCode::CREATED, Json(record(&app, &caller, id).await?)))
}
