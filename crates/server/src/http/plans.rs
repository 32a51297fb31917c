//! Plans: made by the server from saved files and real version rows, shown whole, withdrawn.

use super::App;
use super::json::Body;
use super::problem::{Code, Error, sentence};
use super::projects::wire;
use crate::auth::{Caller, Scope};
use crate::gate;
use crate::planning;
use crate::project::Project;
use crate::store::plan::{NewStoredPlan, StoredPlan};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cofferdam_engine::api::{
    NewPlan, PlanActions, PlanRecord, PlanState, PlanSummary, Problem, ProjectFile, Review, Role,
    ShutGate, Verdict,
};
use cofferdam_engine::plan::Sealed;

/// Longest note, comment or review, in characters.
pub const LONGEST_TEXT: usize = 20_000;

/// Every plan, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/plans", tag = "plans", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<PlanSummary>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Vec<PlanSummary>>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    Ok(Json(app.store.plans().await?))
}

/// Makes a plan for an environment as its database is now.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/plans", tag = "plans", params(("slug" = String, Path)),
    request_body = NewPlan, responses(
    (status = 201, body = PlanRecord),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "There is nothing to do"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 502, body = Problem, content_type = "application/problem+json"),
))]
pub async fn make(
    State(app): State<App>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(new): Body<NewPlan>,
) -> Result<(StatusCode, Json<PlanRecord>), Error> {
    caller.may(Scope::Write, Role::Author)?;
    app.check_slug(&slug)?;
    check_text(&new.note)?;
    let project = app.workbench.project().await?;
    let state = app.workbench.state(&project, &new.environment).await?;
    let sealed = planning::make(
        &project,
        &state,
        &new.environment,
        new.kind,
        new.target.trim(),
    )?;
    check_gates(&app, &project, &new.environment, &sealed).await?;
    let id = app
        .store
        .add_plan(NewStoredPlan {
            environment: &new.environment,
            sealed: &sealed,
            author: &caller.user.name,
            note: new.note.trim(),
            files: &project.files,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(record(&app, &caller, id).await?)))
}

/// A plan, whole, with what was said of it and what may be done with it now.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/plans/{id}", tag = "plans",
    params(("slug" = String, Path), ("id" = u64, Path)), responses(
    (status = 200, body = PlanRecord),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
) -> Result<Json<PlanRecord>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    Ok(Json(record(&app, &caller, id).await?))
}

/// The files that a plan was made of, as they were then, in order of path.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/plans/{id}/files", tag = "plans",
    params(("slug" = String, Path), ("id" = u64, Path)), responses((status = 200, body = Vec<ProjectFile>)))]
pub async fn files(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
) -> Result<Json<Vec<ProjectFile>>, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    stored(&app, id).await?;
    let files = app.store.plan_files(id, "").await?;
    Ok(Json(files.iter().map(wire).collect()))
}

/// Withdraws a plan: its author, or an admin.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/plans/{id}/withdraw", tag = "plans",
    params(("slug" = String, Path), ("id" = u64, Path)), responses(
    (status = 200, body = PlanRecord),
    (status = 409, body = Problem, content_type = "application/problem+json"),
))]
pub async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, u64)>,
) -> Result<Json<PlanRecord>, Error> {
    caller.may(Scope::Write, Role::Author)?;
    app.check_slug(&slug)?;
    let plan = stored(&app, id).await?;
    if plan.summary.author != caller.user.name && caller.user.role < Role::Admin {
        return Err(Error::new(
            Code::Forbidden,
            "A plan is withdrawn by its author or by an admin.",
        ));
    }
    if !app
        .store
        .move_plan(id, WITHDRAWABLE, PlanState::Withdrawn)
        .await?
    {
        return Err(Error::new(
            Code::WrongState,
            "A plan that is running, applied or withdrawn cannot be withdrawn.",
        ));
    }
    Ok(Json(record(&app, &caller, id).await?))
}

const WITHDRAWABLE: &[PlanState] = &[
    PlanState::Open,
    PlanState::Approved,
    PlanState::Rejected,
    PlanState::Failed,
];
const REVIEWABLE: &[PlanState] = &[PlanState::Open, PlanState::Approved, PlanState::Rejected];
/// The states from which a plan can be applied.
pub const APPLICABLE: &[PlanState] = &[PlanState::Open, PlanState::Approved, PlanState::Failed];

pub async fn stored(app: &App, id: u64) -> Result<StoredPlan, Error> {
    let found = app.store.plan(id).await?;
    found.ok_or_else(|| Error::new(Code::NotFound, format!("There is no plan {id}.")))
}

pub fn check_text(text: &str) -> Result<(), Error> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(Error::new(
            Code::Invalid,
            format!("A text may have at most {LONGEST_TEXT} characters."),
        ));
    }
    Ok(())
}

/// Everything about a plan, for its page.
pub async fn record(app: &App, caller: &Caller, id: u64) -> Result<PlanRecord, Error> {
    let plan = stored(app, id).await?;
    let reviews = app.store.reviews(id).await?;
    let hindrance = hindrance(app, &plan).await;
    let needs = needs_approval(app, &plan).await;
    let changes = app.store.plan_files(id, "changes/").await?;
    Ok(PlanRecord {
        may: actions(caller, &plan.summary, &reviews, &hindrance, needs),
        reviews,
        comments: app.store.comments(id).await?,
        runs: app.store.runs(Some(id)).await?,
        stale: hindrance.stale,
        gate: hindrance.gate,
        changes: changes.iter().map(wire).collect(),
        summary: plan.summary,
        note: plan.note,
        text: plan.text,
    })
}

/// What keeps a plan from running, whoever wants it; nothing for plans that are over.
#[derive(Debug, Default)]
struct Hindrance {
    /// What has changed since it was made.
    stale: Vec<String>,
    gate: Option<ShutGate>,
}

impl Hindrance {
    fn stale(words: Vec<String>) -> Self {
        Hindrance {
            stale: words,
            gate: None,
        }
    }
}

async fn hindrance(app: &App, plan: &StoredPlan) -> Hindrance {
    use PlanState::{Approved, Failed, Open};
    if !matches!(plan.summary.state, Open | Approved | Failed) {
        return Hindrance::default();
    }
    let sealed = match plan.sealed() {
        Ok(sealed) => sealed,
        Err(error) => return Hindrance::stale(vec![sentence(&error)]),
    };
    let project = match app.workbench.project().await {
        Ok(project) => project,
        Err(error) => return Hindrance::stale(vec![sentence(&error)]),
    };
    let environment = &plan.summary.environment;
    let state = match app.workbench.state(&project, environment).await {
        Ok(state) => state,
        Err(error) => return Hindrance::stale(vec![sentence(&error)]),
    };
    let words = planning::stale(&sealed, &project, &state);
    if !words.is_empty() {
        return Hindrance::stale(words);
    }
    let checked = check_gates(app, &project, environment, &sealed).await;
    match checked.map_err(Error::into_gate) {
        Ok(()) => Hindrance::default(),
        Err(Ok(gate)) => Hindrance {
            stale: Vec::new(),
            gate: Some(gate),
        },
        Err(Err(error)) => Hindrance::stale(vec![error.detail().to_owned()]),
    }
}

/// Refuses a plan that begins a contract whose gate is shut on the environment.
pub async fn check_gates(
    app: &App,
    project: &Project,
    environment: &str,
    sealed: &Sealed,
) -> Result<(), Error> {
    let database = app.workbench.database(project, environment).await?;
    Ok(gate::check_plan(&database, Some(environment), project, sealed.plan()).await?)
}

/// Whether the environment runs approved plans only; one that nobody can read does.
async fn needs_approval(app: &App, plan: &StoredPlan) -> bool {
    let project = app.workbench.project().await.ok();
    let rules = project
        .as_ref()
        .and_then(|project| project.config.environments.get(&plan.summary.environment));
    rules.is_none_or(|rules| rules.approval)
}

/// Who approved this very plan, where somebody did and nobody rejects it.
pub fn approval(digest: &str, reviews: &[Review]) -> Option<String> {
    let last = |author: &str| reviews.iter().rev().find(|review| review.author == author);
    let current: Vec<&Review> = reviews
        .iter()
        .filter(|review| last(&review.author).is_some_and(|last| std::ptr::eq(last, *review)))
        .filter(|review| review.digest == digest)
        .collect();
    if current
        .iter()
        .any(|review| review.verdict == Verdict::Reject)
    {
        return None;
    }
    let names: Vec<&str> = current
        .iter()
        .map(|review| review.author.as_str())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn actions(
    caller: &Caller,
    plan: &PlanSummary,
    reviews: &[Review],
    hindrance: &Hindrance,
    needs_approval: bool,
) -> PlanActions {
    let mut why_not = Vec::new();
    let user = &caller.user;
    let own = plan.author == user.name;
    let under_review = REVIEWABLE.contains(&plan.state);
    let review = under_review && !own && user.role >= Role::Reviewer;
    if under_review && user.role < Role::Reviewer {
        why_not.push("Reviewing needs the role reviewer.".to_owned());
    } else if under_review && own {
        why_not.push("Your own plan is reviewed by somebody else.".to_owned());
    }
    let approved = approval(&plan.digest, reviews).is_some();
    let mut apply = APPLICABLE.contains(&plan.state);
    if apply {
        let mut refuse = |when: bool, words: String| {
            if when {
                apply = false;
                why_not.push(words);
            }
        };
        refuse(
            user.role < Role::Admin,
            "Applying needs the role admin.".into(),
        );
        refuse(
            needs_approval && !approved,
            format!(
                "{} runs approved plans only, and nobody has approved this one.",
                plan.environment
            ),
        );
        refuse(
            !hindrance.stale.is_empty(),
            "The plan no longer holds: make a new plan.".into(),
        );
        if let Some(gate) = &hindrance.gate {
            refuse(
                true,
                format!("The gate before the contract of {} is shut.", gate.change),
            );
        }
    } else if plan.state == PlanState::Rejected {
        why_not.push("A rejected plan is not applied.".to_owned());
    }
    PlanActions {
        comment: true,
        approve: review && hindrance.gate.is_none(),
        reject: review,
        withdraw: WITHDRAWABLE.contains(&plan.state) && (own || user.role >= Role::Admin),
        apply,
        why_not,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(author: &str, verdict: Verdict, digest: &str) -> Review {
        Review {
            author: author.into(),
            verdict,
            text: String::new(),
            digest: digest.into(),
            at: String::new(),
        }
    }

    #[test]
    fn an_approval_counts_for_the_very_digest_and_while_nobody_rejects() {
        use Verdict::{Approve, Reject};
        assert_eq!(approval("d", &[]), None);
        assert_eq!(approval("d", &[review("ada", Approve, "other")]), None);
        assert_eq!(
            approval("d", &[review("ada", Approve, "d")]).as_deref(),
            Some("ada")
        );
        assert_eq!(
            approval(
                "d",
                &[review("ada", Approve, "d"), review("bob", Reject, "d")]
            ),
            None
        );
        assert_eq!(
            approval(
                "d",
                &[review("ada", Approve, "d"), review("ada", Reject, "d")]
            ),
            None
        );
        let changed = [
            review("bob", Reject, "d"),
            review("ada", Approve, "d"),
            review("bob", Approve, "d"),
        ];
        assert_eq!(approval("d", &changed).as_deref(), Some("ada, bob"));
    }
}
