//! Up, down, up for each revision, on the way up the history.

use super::VerifyError;
use super::bench::{Bench, Ran, Setting, Watch, copy};
use super::report::{Checked, LegReport};
use crate::database::Database;
use crate::embedded::Scratch;
use cofferdam_engine::catalog::diff;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Plan, PlanError, Request};
use cofferdam_engine::revision::{Direction, Downgrade, RevisionId, Script};
use cofferdam_engine::verify::{
    Leg, Moment, Refused, Verdict, is_downgrade_missing, judge, ordered,
};
use std::collections::{BTreeSet, HashMap};

/// The database that revisions run on, and the copies of it that were kept.
const WORK: &str = "work";
const KEPT: &str = "kept";

/// What is proved.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    pub history: &'a History,
    /// The revisions to be proved; those below them are only applied.
    pub wanted: BTreeSet<RevisionId>,
    pub seed: Option<Seed>,
}

/// Rows to load when a revision has been applied.
#[derive(Clone, Debug)]
pub struct Seed {
    pub path: String,
    pub text: String,
    pub after: RevisionId,
}

/// Proves what `order` wants; `tell` hears each result as it comes, and how many are to come.
pub async fn prove(
    scratch: &mut Scratch,
    setting: Setting<'_>,
    order: &Order<'_>,
    mut tell: impl FnMut(&Checked, usize),
) -> Result<Vec<Checked>, VerifyError> {
    let database = scratch.restore(WORK, None).await?;
    let bench = Bench::open(setting, database.clone(), Vec::new()).await?;
    let mut work = Work {
        scratch,
        setting,
        order,
        database,
        bench: Some(bench),
        applied: Vec::new(),
        kept: 0,
        now: None,
    };
    let wanted: Vec<RevisionId> = order.wanted.iter().cloned().collect();
    let needed = order.history.ancestors(&wanted);
    let mut blocked: HashMap<&RevisionId, &RevisionId> = HashMap::new();
    let mut checked = Vec::new();
    for script in order.history.scripts() {
        let id = &script.revision.id;
        if !needed.contains(id) {
            continue;
        }
        let below = order
            .history
            .parents(id)
            .into_iter()
            .chain(order.history.dependencies(id));
        let cause = below.into_iter().find_map(|id| blocked.get(&id).copied());
        let is_wanted = order.wanted.contains(id);
        let (verdict, legs, reached) = match cause {
            Some(after) => (
                Verdict::NotReached {
                    after: after.clone(),
                },
                Vec::new(),
                false,
            ),
            None => work.revision(script, is_wanted).await?,
        };
        if !reached {
            blocked.insert(id, cause.unwrap_or(id));
        }
        // Below what is proved, only what stands in its way is told.
        if is_wanted || !(reached || matches!(verdict, Verdict::NotReached { .. })) {
            let one = Checked {
                revision: id.clone(),
                message: script.revision.message.clone(),
                path: script.path.clone(),
                verdict,
                legs,
            };
            tell(&one, order.wanted.len());
            checked.push(one);
        }
    }
    work.check_following().await?;
    work.end().await;
    Ok(checked)
}

struct Work<'a, 's> {
    scratch: &'s mut Scratch,
    setting: Setting<'a>,
    order: &'s Order<'a>,
    database: Database,
    /// None only while it is made anew.
    bench: Option<Bench<'a>>,
    /// The revisions on the database, in the order in which they were applied.
    applied: Vec<RevisionId>,
    /// How many of them the copy has; none is kept where it has none.
    kept: usize,
    /// The database as it was looked at last, where nothing has run since.
    now: Option<Moment>,
}

/// Verdict, legs, and whether the database has the revision now.
type Tried = (Verdict, Vec<LegReport>, bool);

impl<'a> Work<'a, '_> {
    fn bench(&mut self) -> Result<&mut Bench<'a>, VerifyError> {
        let gone = || VerifyError::Lost("its database was being made anew".into());
        self.bench.as_mut().ok_or_else(gone)
    }

    fn upgrade(&mut self, id: &RevisionId) -> Result<Result<Plan, PlanError>, VerifyError> {
        let rows = self.bench()?.rows.clone();
        Ok(plan::upgrade(self.request(&rows), id.as_str()))
    }

    fn request<'r>(&self, current: &'r [RevisionId]) -> Request<'r>
    where
        'a: 'r,
    {
        Request {
            history: self.order.history,
            config: self.setting.config,
            environment: self.setting.environment,
            current,
        }
    }

    async fn moment(&mut self) -> Result<Moment, VerifyError> {
        self.bench()?.moment().await
    }

    /// Applies a revision, and proves it where it is `wanted`.
    async fn revision(&mut self, script: &Script, wanted: bool) -> Result<Tried, VerifyError> {
        let id = &script.revision.id;
        let plan = match self.upgrade(id)? {
            Ok(plan) => plan,
            Err(error) => return Ok((unplanned(error, Direction::Upgrade), Vec::new(), false)),
        };
        let before = match (wanted, self.now.take()) {
            (false, _) => None,
            (true, Some(moment)) => Some(moment),
            (true, None) => Some(self.moment().await?),
        };
        let watch = match wanted {
            true => Watch::Figures,
            false => Watch::Nothing,
        };
        let up = match self.bench()?.run(plan.clone(), watch).await? {
            Ran::Done(work) => LegReport { leg: Leg::Up, work },
            Ran::Refused { refused, half, .. } => {
                if half {
                    self.restore().await?;
                } else {
                    self.now = before;
                }
                let leg = Leg::Up;
                return Ok((Verdict::Fails { leg, refused }, Vec::new(), false));
            }
        };
        self.applied.push(id.clone());
        let mut legs = vec![up];
        let verdict = match before {
            None => Verdict::Reversible,
            Some(before) => self.down_and_up(script, &plan, before, &mut legs).await?,
        };
        if let Some(seed) = self.order.seed.as_ref().filter(|seed| seed.after == *id) {
            self.bench()?.load(&seed.path, &seed.text).await?;
            self.now = None;
        }
        Ok((verdict, legs, true))
    }

    /// Takes an applied revision back and applies it again; the database has it afterwards, as if nothing had been.
    async fn down_and_up(
        &mut self,
        script: &Script,
        applied: &Plan,
        before: Moment,
        legs: &mut Vec<LegReport>,
    ) -> Result<Verdict, VerifyError> {
        let up = self.moment().await?;
        if let Downgrade::Impossible { reason } = &script.revision.downgrade {
            self.now = Some(up);
            return Ok(Verdict::Irreversible {
                reason: reason.clone(),
            });
        }
        if is_downgrade_missing(script) {
            self.now = Some(up);
            return Ok(Verdict::MissingDowngrade);
        }
        let plan = match plan::take_back(self.request(&applied.to), applied) {
            Ok(plan) => plan,
            Err(error) => {
                self.now = Some(up);
                return Ok(unplanned(error, Direction::Downgrade));
            }
        };
        match self.bench()?.run(plan, Watch::Figures).await? {
            Ran::Done(work) => legs.push(LegReport {
                leg: Leg::Down,
                work,
            }),
            Ran::Refused { refused, half, .. } => {
                match half {
                    true => self.restore().await?,
                    false => self.now = Some(up),
                }
                let leg = Leg::Down;
                return Ok(Verdict::Fails { leg, refused });
            }
        }
        let down = self.moment().await?;
        match self.bench()?.run(applied.clone(), Watch::Figures).await? {
            Ran::Done(work) => legs.push(LegReport {
                leg: Leg::UpAgain,
                work,
            }),
            Ran::Refused { refused, .. } => {
                let (left, _) = ordered(diff(&before.catalog, &down.catalog)?);
                self.restore().await?;
                return Ok(refused_again(left, refused));
            }
        }
        let again = self.moment().await?;
        let verdict = judge(&before, &up, &down, &again)?;
        match verdict {
            Verdict::Reversible => self.now = Some(again),
            _ => self.restore().await?,
        }
        Ok(verdict)
    }

    /// Makes the database anew with the revisions that it should have, and keeps a copy, so that every revision is
    /// applied again only once.
    async fn restore(&mut self) -> Result<(), VerifyError> {
        self.now = None;
        if let Some(bench) = self.bench.take() {
            bench.close().await;
        }
        let template = (self.kept > 0).then_some(KEPT);
        self.scratch.restore(WORK, template).await?;
        let rows = self.rows(self.kept);
        let mut bench = Bench::open(self.setting, self.database.clone(), rows).await?;
        for at in self.kept..self.applied.len() {
            // The seed comes between a revision and the next; that of the last one is loaded by whoever applied it.
            if let Some(seed) = self.order.seed.as_ref()
                && at > 0
                && seed.after == self.applied[at - 1]
            {
                bench.load(&seed.path, &seed.text).await?;
            }
            let rows = bench.rows.clone();
            let plan = plan::upgrade(self.request(&rows), self.applied[at].as_str())?;
            if let Ran::Refused { refused, .. } = bench.run(plan, Watch::Nothing).await? {
                return Err(VerifyError::Refused {
                    what: "apply a revision once more",
                    error: refused.error,
                });
            }
        }
        self.bench = Some(match self.applied.is_empty() {
            true => bench,
            false => copy(self.scratch, bench, KEPT).await?,
        });
        self.kept = self.applied.len();
        Ok(())
    }

    /// The version rows after the first `count` of the applied revisions.
    fn rows(&self, count: usize) -> Vec<RevisionId> {
        let mut rows = cofferdam_engine::history::heads::Rows::new(self.order.history, &[]);
        for id in &self.applied[..count] {
            rows.step(id, Direction::Upgrade);
        }
        rows.ids()
    }

    /// Compares the catalog that was followed with one looked at whole.
    async fn check_following(&mut self) -> Result<(), VerifyError> {
        let Some(now) = self.now.take() else {
            return Ok(());
        };
        let whole = self.bench()?.whole_catalog().await?;
        match diff(&now.catalog, &whole)?.first() {
            Some(found) => Err(VerifyError::Followed(found.sentence.clone())),
            None => Ok(()),
        }
    }

    async fn end(mut self) {
        if let Some(bench) = self.bench.take() {
            bench.close().await;
        }
    }
}

/// The second upgrade was refused: because of what the downgrade left, where it left something.
fn refused_again(left: Vec<cofferdam_engine::catalog::Difference>, refused: Refused) -> Verdict {
    match left.is_empty() {
        true => Verdict::Fails {
            leg: Leg::UpAgain,
            refused,
        },
        false => Verdict::NotInverse {
            down: left,
            again: Vec::new(),
            refused: Some(refused),
        },
    }
}

fn unplanned(error: PlanError, direction: Direction) -> Verdict {
    match error {
        PlanError::Unreadable { unreadable, .. } => Verdict::NeedsPython {
            direction,
            unreadable,
        },
        PlanError::NoDowngrade { .. } => Verdict::MissingDowngrade,
        error => Verdict::Unplanned {
            reason: error.to_string(),
        },
    }
}
