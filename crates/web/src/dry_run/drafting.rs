//! A downgrade for a revision, drafted from what it does to a PostgreSQL in the tab.

use super::database::{Database, NoResult, major};
use super::extension;
use super::stop::Stop;
use cofferdam_engine::catalog::{self, Catalog};
use cofferdam_engine::config::Config;
use cofferdam_engine::draft::{Draft, Trace, look_inside};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Plan, Request, Sealed, StepAt, StepKind};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::Report;
use cofferdam_engine::verify::measure::is_measurable;

/// Applies what `id` stands on in a database of its own, then it, and drafts what takes it back.
pub async fn draft(
    history: &History,
    config: &Config,
    id: &RevisionId,
    stop: &Stop,
) -> Result<Draft, NoResult> {
    let request = Request {
        history,
        config,
        environment: None,
        current: &[],
    };
    let plan = plan::upgrade(request, id.as_str()).map_err(NoResult::failed)?;
    let extensions = extension::wanted([&plan], []);
    let database = Database::start(&extensions, stop).await?;
    // The plan's last revision is the one to be undone.
    let last = plan.revisions.len().saturating_sub(1);
    let sealed = Sealed::new(plan);
    let version = major(&database.pglite);
    database
        .ask(&catalog::prepare(version, &config.project))
        .await?;
    let role = database.ask("SELECT current_user::text").await?;
    let role = role.rows.into_iter().flatten().next().flatten();
    let is_undone = |at: StepAt| at.revision == last && is_own(sealed.plan(), at);
    let mut trace: Option<Trace> = None;
    let unknown = "PostgreSQL refuses the upgrade, so nothing is known of what it does";
    database
        .run(&sealed, "draft", unknown, async |report| {
            match report {
                Report::StepStarted { at } if trace.is_none() && is_undone(at) => {
                    trace = Some(Trace::new(look(&database, sealed.plan(), at).await?));
                }
                Report::StepDone { at, .. } if is_undone(at) => {
                    let after = look(&database, sealed.plan(), at).await?;
                    if let Some(trace) = &mut trace {
                        trace.note(at, after);
                    }
                }
                _ => {}
            }
            Ok(())
        })
        .await?;
    match trace {
        Some(trace) => trace
            .draft(sealed.plan(), &role.unwrap_or_default())
            .map_err(NoResult::failed),
        None => Ok(Draft::default()),
    }
}

/// The schema now, in the transaction of the statement where it has one.
async fn look(database: &Database<'_>, plan: &Plan, at: StepAt) -> Result<Catalog, NoResult> {
    let question = match is_measurable(plan, at) {
        true => look_inside(),
        false => catalog::look(),
    };
    let answer = database.ask(&question).await?;
    catalog::read(major(&database.pglite), &answer).map_err(NoResult::failed)
}

/// Whether the step is a statement of a revision's own.
fn is_own(plan: &Plan, at: StepAt) -> bool {
    plan.step(at)
        .is_some_and(|step| step.kind == StepKind::Statement)
}
