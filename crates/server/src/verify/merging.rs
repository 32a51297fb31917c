//! Heads beside each other: both orders of their branches, from what they have in common.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch, copy};
use crate::embedded::Scratch;
use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Request};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::verify::merging::shared;
use cofferdam_engine::verify::{Merging, Refused};
use serde::Serialize;

/// The database that revisions run on, and the copy with what both heads have in common.
const WORK: &str = "work";
const KEPT: &str = "kept";

/// Two heads.
#[derive(Clone, Debug, Serialize)]
pub struct Merged {
    pub heads: [RevisionId; 2],
    /// What the verdict means.
    pub sentence: String,
    #[serde(flatten)]
    pub merging: Merging,
    /// The file of the revision that fails.
    pub path: Option<String>,
}

/// One order's end: the catalog, or the revision that fails.
type End = Result<Catalog, (RevisionId, Refused)>;

/// Says of each pair of `heads`, in their order, what merging them means.
pub async fn merging(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    heads: &[RevisionId],
) -> Result<Vec<Merged>, VerifyError> {
    let mut merged = Vec::new();
    for (at, one) in heads.iter().enumerate() {
        for other in &heads[at + 1..] {
            let merging = pair(scratch, setting, history, one, other).await?;
            let failing = match &merging {
                Merging::Conflicts { revision, .. } => history.get(revision),
                _ => None,
            };
            merged.push(Merged {
                heads: [one.clone(), other.clone()],
                sentence: merging.sentence(history, [one, other]),
                path: failing.map(|script| script.path.clone()),
                merging,
            });
        }
    }
    Ok(merged)
}

async fn pair(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    one: &RevisionId,
    other: &RevisionId,
) -> Result<Merging, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    for id in shared(history, one, other) {
        if let Err((revision, refused)) = climb(&mut bench, setting, history, &id).await? {
            bench.close().await;
            return Ok(Merging::Conflicts {
                revision,
                after: id,
                refused,
            });
        }
    }
    let rows = bench.rows.clone();
    copy(scratch, bench, KEPT).await?.close().await;
    let mut ends = Vec::new();
    for order in [[one, other], [other, one]] {
        let database = scratch.restore(WORK, Some(KEPT)).await?;
        let mut bench = Bench::open(setting, database, rows.clone()).await?;
        let end = in_order(&mut bench, setting, history, order).await;
        bench.close().await;
        match end? {
            Ok(catalog) => ends.push(catalog),
            Err((revision, refused)) => {
                // The first branch alone is no conflict of the two: what it fails on, it fails on by itself.
                return Ok(Merging::Conflicts {
                    after: order[0].clone(),
                    revision,
                    refused,
                });
            }
        }
    }
    Ok(Merging::judge(&ends[0], &ends[1])?)
}

async fn in_order(
    bench: &mut Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    order: [&RevisionId; 2],
) -> Result<End, VerifyError> {
    for head in order {
        if let Err(refused) = climb(bench, setting, history, head).await? {
            return Ok(Err(refused));
        }
    }
    Ok(Ok(bench.whole_catalog().await?))
}

/// Upgrades to `id`; an error is the revision that fails.
async fn climb(
    bench: &mut Bench<'_>,
    setting: Setting<'_>,
    history: &History,
    id: &RevisionId,
) -> Result<Result<(), (RevisionId, Refused)>, VerifyError> {
    let rows = bench.rows.clone();
    let request = Request {
        history,
        config: setting.config,
        environment: setting.environment,
        current: &rows,
    };
    let plan = plan::upgrade(request, id.as_str())?;
    if plan.is_empty() {
        return Ok(Ok(()));
    }
    match bench.run(plan, Watch::Nothing).await? {
        Ran::Done(_) => Ok(Ok(())),
        Ran::Refused { refused, at, .. } => {
            let revision = at.unwrap_or_else(|| id.clone());
            Ok(Err((revision, refused)))
        }
    }
}
