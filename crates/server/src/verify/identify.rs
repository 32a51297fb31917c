//! The catalog after each revision, beside a database's own.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch};
use crate::embedded::Scratch;
use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Request};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::verify::identify::{Identified, Search, State};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The database that revisions run on.
const WORK: &str = "work";

/// A state whose catalog is not known.
#[derive(Clone, Debug, Serialize)]
pub struct Unknown {
    pub revision: RevisionId,
    /// Why it, and what stands on it, could not be applied.
    pub reason: String,
}

/// Compares `live` with the catalog after each revision of `history` (with what it stands on, and nothing else), with that
/// of all heads together, and with that of `rows`, the database's own version rows.
pub async fn identify(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    history: &History,
    live: &Catalog,
    rows: &[RevisionId],
    mut tell: impl FnMut(&RevisionId),
) -> Result<(Identified, Vec<Unknown>), VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let mut bench = Bench::open(setting, database, Vec::new()).await?;
    let mut work = Work {
        scratch,
        setting,
        history,
        search: Search::new(live),
        copies: BTreeMap::new(),
        seen: BTreeSet::new(),
        unknown: Vec::new(),
    };
    work.compare(&mut bench).await?;
    let mut bench = Some(bench);
    for script in history.scripts() {
        let id = &script.revision.id;
        tell(id);
        let wanted = history.ancestors(std::slice::from_ref(id));
        bench = work.reach(bench, &wanted).await?;
        if work.is_unknown(&wanted) {
            continue;
        }
        if let Some(bench) = &mut bench {
            work.compare(bench).await?;
        }
        // Where branches begin, the way back to here is kept.
        let branches = history.children(id).len() > 1;
        if branches && let Some(here) = bench.take() {
            bench = Some(work.keep(here, wanted).await?);
        }
    }
    for rows in [&history.heads()[..], rows] {
        let known = rows.iter().all(|id| history.get(id).is_some());
        if known {
            bench = work.reach(bench, &history.ancestors(rows)).await?;
            if let Some(bench) = bench
                .as_mut()
                .filter(|bench| bench.rows.len() == rows.len())
            {
                work.compare(bench).await?;
            }
        }
    }
    if let Some(bench) = bench {
        bench.close().await;
    }
    Ok((work.search.end(), work.unknown))
}

struct Work<'a, 's, 'c> {
    scratch: &'s mut Scratch,
    setting: Setting<'a>,
    history: &'s History,
    search: Search<'c>,
    /// Databases that were kept, by the revisions that they have.
    copies: BTreeMap<BTreeSet<RevisionId>, String>,
    /// The version rows of the states that were compared.
    seen: BTreeSet<Vec<RevisionId>>,
    unknown: Vec<Unknown>,
}

impl<'a> Work<'a, '_, '_> {
    /// Compares the database as it is, once for each state.
    async fn compare(&mut self, bench: &mut Bench<'a>) -> Result<(), VerifyError> {
        if self.seen.insert(bench.rows.clone()) {
            let catalog = bench.catalog().await?;
            let state = State {
                heads: bench.rows.clone(),
            };
            self.search.compare(state, &catalog)?;
        }
        Ok(())
    }

    /// Whether one of these revisions could not be applied.
    fn is_unknown(&self, ids: &BTreeSet<RevisionId>) -> bool {
        self.unknown
            .iter()
            .any(|unknown| ids.contains(&unknown.revision))
    }

    /// A database with exactly `wanted`: the one at hand with what is missing, or one that is made from the copy that has
    /// most of them. None where one of them cannot be applied, which is noted, and the one at hand where that is known already.
    async fn reach(
        &mut self,
        bench: Option<Bench<'a>>,
        wanted: &BTreeSet<RevisionId>,
    ) -> Result<Option<Bench<'a>>, VerifyError> {
        if self
            .unknown
            .iter()
            .any(|unknown| wanted.contains(&unknown.revision))
        {
            return Ok(bench.filter(|_| false));
        }
        let has = |bench: &Bench<'_>| self.history.ancestors(&bench.rows);
        let at_hand = bench.filter(|bench| has(bench).is_subset(wanted));
        let mut bench = match at_hand {
            Some(bench) => bench,
            None => self.start(wanted).await?,
        };
        let applied = self.history.ancestors(&bench.rows);
        let ids = self.history.scripts().map(|script| &script.revision.id);
        for id in ids.filter(|id| wanted.contains(*id) && !applied.contains(*id)) {
            let rows = bench.rows.clone();
            let request = Request {
                history: self.history,
                config: self.setting.config,
                environment: self.setting.environment,
                current: &rows,
            };
            let reason = match plan::upgrade(request, id.as_str()) {
                Err(error) => error.to_string(),
                // The bench's own measure tells what to look at again.
                Ok(plan) => match bench.run(plan, Watch::Figures).await? {
                    Ran::Done(_) => continue,
                    Ran::Refused { refused, .. } => refused.error.to_string(),
                },
            };
            self.unknown.push(Unknown {
                revision: id.clone(),
                reason,
            });
            bench.close().await;
            return Ok(None);
        }
        Ok(Some(bench))
    }

    /// A database made from the copy that has most of `wanted` and nothing else.
    async fn start(&mut self, wanted: &BTreeSet<RevisionId>) -> Result<Bench<'a>, VerifyError> {
        let fitting = self.copies.iter().filter(|(has, _)| has.is_subset(wanted));
        let best = fitting.max_by_key(|(has, _)| has.len());
        let rows = best.map_or_else(Vec::new, |(has, _)| self.rows(has));
        let template = best.map(|(_, name)| name.clone());
        let database = self.scratch.restore(WORK, template.as_deref()).await?;
        Bench::open(self.setting, database, rows).await
    }

    /// Keeps a copy of the database as it is.
    async fn keep(
        &mut self,
        bench: Bench<'a>,
        has: BTreeSet<RevisionId>,
    ) -> Result<Bench<'a>, VerifyError> {
        let name = format!("kept_{}", self.copies.len());
        let bench = super::bench::copy(self.scratch, bench, &name).await?;
        self.copies.insert(has, name);
        Ok(bench)
    }

    fn rows(&self, has: &BTreeSet<RevisionId>) -> Vec<RevisionId> {
        let mut rows = cofferdam_engine::history::heads::Rows::new(self.history, &[]);
        let ids = self.history.scripts().map(|script| &script.revision.id);
        for id in ids.filter(|id| has.contains(*id)) {
            rows.step(id, cofferdam_engine::revision::Direction::Upgrade);
        }
        rows.ids()
    }
}
