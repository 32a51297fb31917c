//! The schema after revisions; and a downgrade for one, drafted from the schema before and after each of its statements.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch};
use super::prove::{Order, prove};
use super::report::Checked;
use crate::embedded::Scratch;
use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::draft::{Draft, Trace};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Plan, Request};
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId, Script};
use cofferdam_engine::script;
use cofferdam_engine::verify::{Refused, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The database that revisions run on.
pub(super) const WORK: &str = "work";

/// A revision that the database refused.
pub type Refusal = (RevisionId, Refused);

/// Applies the `wanted` revisions with what they stand on, and drafts the downgrade of each, in the order in which they ran.
pub async fn draft(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    wanted: &BTreeSet<RevisionId>,
) -> Result<Result<Vec<(RevisionId, Draft)>, Refusal>, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    let drafts = drafts(&mut bench, setting, history, wanted).await;
    bench.close().await;
    drafts
}

async fn drafts(
    bench: &mut Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    wanted: &BTreeSet<RevisionId>,
) -> Result<Result<Vec<(RevisionId, Draft)>, Refusal>, VerifyError> {
    let role = bench.role().await?;
    let needed = history.ancestors(&wanted.iter().cloned().collect::<Vec<_>>());
    let scripts = history.scripts().map(|script| &script.revision.id);
    let mut drafts = Vec::new();
    for id in scripts.filter(|id| needed.contains(*id)) {
        let plan = upgrade(bench, setting, history, id)?;
        let mut trace = match wanted.contains(id) {
            true => Some(Trace::new(bench.whole_catalog().await?)),
            false => None,
        };
        let watch = trace.as_mut().map_or(Watch::Nothing, Watch::Schema);
        if let Ran::Refused { refused, .. } = bench.run(plan.clone(), watch).await? {
            return Ok(Err((id.clone(), refused)));
        }
        if let Some(trace) = trace {
            drafts.push((id.clone(), trace.draft(&plan, &role)?));
        }
    }
    Ok(Ok(drafts))
}

pub(super) fn upgrade(
    bench: &Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    id: &RevisionId,
) -> Result<Plan, VerifyError> {
    let request = Request {
        history,
        config: setting.config,
        environment: setting.environment,
        current: &bench.rows,
    };
    Ok(plan::upgrade(request, id.as_str())?)
}

/// The schema after `ids` and what they stand on, applied as `cofferdam upgrade` does.
pub async fn catalog_after(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    ids: &[RevisionId],
) -> Result<Result<Catalog, Refusal>, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    for id in ids {
        let plan = upgrade(&bench, setting, history, id)?;
        if let Ran::Refused { at, refused, .. } = bench.run(plan, Watch::Nothing).await? {
            bench.close().await;
            return Ok(Err((at.unwrap_or_else(|| id.clone()), refused)));
        }
    }
    let catalog = bench.whole_catalog().await;
    bench.close().await;
    Ok(Ok(catalog?))
}

/// Proves revisions with these downgrades; those whose history does not hold with them are left out.
pub async fn prove_with(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    drafts: &BTreeMap<RevisionId, String>,
) -> Result<Vec<Checked>, VerifyError> {
    let scripts = history
        .scripts()
        .map(|script| match drafts.get(&script.revision.id) {
            Some(sql) => with_downgrade(script, sql).unwrap_or_else(|| script.clone()),
            None => script.clone(),
        });
    let Ok(changed) = History::of_project(scripts.collect(), &setting.config.project) else {
        return Ok(Vec::new());
    };
    let order = Order {
        history: &changed,
        wanted: drafts.keys().cloned().collect(),
        seed: None,
    };
    let mut checked = prove(scratch, setting, &order, |_, _| {}).await?;
    for one in &mut checked {
        // Its lines are those of no file.
        match &mut one.verdict {
            Verdict::Fails { refused, .. }
            | Verdict::NotInverse {
                refused: Some(refused),
                ..
            } => refused.line = None,
            _ => {}
        }
    }
    Ok(checked)
}

/// The revision as a script with that downgrade, whatever file it comes from.
fn with_downgrade(script: &Script, sql: &str) -> Option<Script> {
    let revision = Revision {
        downgrade: Downgrade::Sql(sql.to_owned()),
        ..script.revision.clone()
    };
    script::read(&script.path, script::write(&revision).as_bytes()).script
}
