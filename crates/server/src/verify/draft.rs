//! The schema after revisions; and a downgrade for one, drafted from the schema before and after each of its statements.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch};
use super::prove::{Order, prove};
use super::report::Checked;
use crate::embedded::Scratch;
use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::draft::{Draft, Trace};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Request};
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId, Script};
use cofferdam_engine::script;
use cofferdam_engine::verify::{Refused, Verdict};

/// The database that revisions run on.
const WORK: &str = "work";

/// What came of it.
#[derive(Clone, Debug)]
pub enum Drafted {
    Done(Draft),
    /// The database refused this revision, the one itself or one below it.
    Refused {
        revision: RevisionId,
        refused: Refused,
    },
}

/// Applies what `id` stands on, then it, and drafts its downgrade.
pub async fn draft(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    id: &RevisionId,
) -> Result<Drafted, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    let result = work(&mut bench, setting, history, id).await;
    bench.close().await;
    result
}

async fn work(
    bench: &mut Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    id: &RevisionId,
) -> Result<Drafted, VerifyError> {
    let below: Vec<RevisionId> = history
        .parents(id)
        .into_iter()
        .chain(history.dependencies(id))
        .collect();
    if let Err((revision, refused)) = apply(bench, setting, history, &below).await? {
        return Ok(Drafted::Refused { revision, refused });
    }
    let request = Request {
        history,
        config: setting.config,
        environment: setting.environment,
        current: &bench.rows,
    };
    let plan = plan::upgrade(request, id.as_str())?;
    let role = bench.role().await?;
    let mut trace = Trace::new(bench.whole_catalog().await?);
    let ran = bench.run(plan.clone(), Watch::Schema(&mut trace)).await?;
    Ok(match ran {
        Ran::Done(_) => Drafted::Done(trace.draft(&plan, &role)?),
        Ran::Refused { refused, .. } => Drafted::Refused {
            revision: id.clone(),
            refused,
        },
    })
}

/// A revision that the database refused.
pub type Refusal = (RevisionId, Refused);

/// Applies `ids` and what they stand on.
async fn apply(
    bench: &mut Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    ids: &[RevisionId],
) -> Result<Result<(), Refusal>, VerifyError> {
    let wanted = history.ancestors(ids);
    let all = history.scripts().map(|script| &script.revision.id);
    for id in all.filter(|id| wanted.contains(*id)) {
        let request = Request {
            history,
            config: setting.config,
            environment: setting.environment,
            current: &bench.rows,
        };
        let plan = plan::upgrade(request, id.as_str())?;
        if let Ran::Refused { refused, .. } = bench.run(plan, Watch::Nothing).await? {
            return Ok(Err((id.clone(), refused)));
        }
    }
    Ok(Ok(()))
}

/// The schema after `ids` and what they stand on.
pub async fn catalog_after(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    ids: &[RevisionId],
) -> Result<Result<Catalog, Refusal>, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    let applied = apply(&mut bench, setting, history, ids).await?;
    let catalog = match applied {
        Ok(()) => Ok(bench.whole_catalog().await?),
        Err(refusal) => Err(refusal),
    };
    bench.close().await;
    Ok(catalog)
}

/// Proves a revision with `sql` as its downgrade. None where the history does not hold with it, as where it is no revision's.
pub async fn prove_with(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    id: &RevisionId,
    sql: &str,
) -> Result<Option<Checked>, VerifyError> {
    let scripts: Option<Vec<Script>> = history
        .scripts()
        .map(|script| match script.revision.id == *id {
            true => with_downgrade(script, sql),
            false => Some(script.clone()),
        })
        .collect();
    let changed =
        scripts.and_then(|scripts| History::of_project(scripts, &setting.config.project).ok());
    let Some(changed) = changed else {
        return Ok(None);
    };
    let order = Order {
        history: &changed,
        wanted: [id.clone()].into(),
        seed: None,
    };
    let checked = prove(scratch, setting, &order, |_, _| {}).await?;
    let found = checked.into_iter().find(|one| one.revision == *id);
    Ok(found.map(|mut found| {
        // Its lines are those of no file.
        match &mut found.verdict {
            Verdict::Fails { refused, .. }
            | Verdict::NotInverse {
                refused: Some(refused),
                ..
            } => refused.line = None,
            _ => {}
        }
        found
    }))
}

/// The revision as a script with that downgrade, whatever file it comes from.
fn with_downgrade(script: &Script, sql: &str) -> Option<Script> {
    let revision = Revision {
        downgrade: Downgrade::Sql(sql.to_owned()),
        ..script.revision.clone()
    };
    script::read(&script.path, script::write(&revision).as_bytes()).script
}
