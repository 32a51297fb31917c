//! What a dry run covers: from one state of a project's history up to another, as sealed plans.

use super::extension;
use super::seed::Seed;
use cofferdam_engine::config::Config;
use cofferdam_engine::history::History;
use cofferdam_engine::history::target::{self, TargetError};
use cofferdam_engine::plan::{self, Plan, PlanError, Request, Sealed};
use cofferdam_engine::revision::RevisionId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// In an address, what stands before an environment's name.
const ENVIRONMENT: &str = "env:";

/// What dry runs see of the open project: saved revisions and drafts in one history.
#[derive(Clone, Debug)]
pub struct Project {
    pub history: Arc<History>,
    /// The revisions of which parts that cannot be known without running Python are left out.
    pub left_out: BTreeSet<RevisionId>,
    pub config: Arc<Config>,
    pub seed: Option<Seed>,
    /// The environments whose version rows are known, in order of name.
    pub environments: Vec<(String, Vec<RevisionId>)>,
    /// The revisions that are drafts.
    pub drafted: Vec<RevisionId>,
}

/// A state that an address names: `base`, `head`, `heads`, an id, a label, or `env:NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Environment(String),
    Target(String),
}

impl Place {
    pub fn read(text: &str) -> Self {
        match text.strip_prefix(ENVIRONMENT) {
            Some(name) => Place::Environment(name.to_owned()),
            None => Place::Target(text.to_owned()),
        }
    }

    /// As it stands in an address.
    pub fn address(&self) -> String {
        match self {
            Place::Environment(name) => format!("{ENVIRONMENT}{name}"),
            Place::Target(target) => target.clone(),
        }
    }

    /// As a person calls it.
    pub fn words(&self) -> &str {
        match self {
            Place::Environment(name) => name,
            Place::Target(target) => target,
        }
    }
}

/// Why there is nothing to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// Nobody has said yet at which revisions the environment is.
    UnknownState(String),
    /// `from` stands above `to`.
    UpsideDown,
    Plan(PlanError),
}

impl std::fmt::Display for RangeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RangeError::UnknownState(name) => {
                write!(f, "it is not known here at which revision {name} is: open Databases while the server answers, or pick a revision")
            }
            RangeError::UpsideDown => {
                f.write_str("“From” stands above “to”: a dry run goes from the lower state to the upper one, and back")
            }
            RangeError::Plan(error) => error.fmt(f),
        }
    }
}

impl From<PlanError> for RangeError {
    fn from(error: PlanError) -> Self {
        RangeError::Plan(error)
    }
}

/// A range with everything that may run on it.
#[derive(Clone, Debug)]
pub struct Range {
    pub from: Place,
    pub to: Place,
    /// From nothing to `from`.
    pub replay: Vec<Sealed>,
    /// From `from` to `to`. Several where an environment stands on several branches.
    pub up: Vec<Sealed>,
    /// Back again: exactly what `up` applies, in reverse.
    pub down: Result<Vec<Sealed>, PlanError>,
    pub seed: Option<Seed>,
    /// How many of the revisions up to `to` have parts that are left out.
    pub left_out: usize,
    /// What has to be loaded with PostgreSQL.
    pub extensions: Vec<String>,
}

impl Range {
    /// Plans the way from `from` to `to` on `project`.
    pub fn new(project: &Project, from: Place, to: Place) -> Result<Self, RangeError> {
        let environment = match (&from, &to) {
            (Place::Environment(name), _) | (_, Place::Environment(name)) => Some(name.as_str()),
            _ => None,
        }
        .filter(|name| project.config.environments.contains_key(*name));
        let climb = Climb {
            project,
            environment,
        };
        let replay = climb.to(&[], &from)?;
        let start = replay.last().map_or_else(Vec::new, |plan| plan.to.clone());
        let up = climb.to(&start, &to)?;
        if up.is_empty() && climb.stands_above(&start, &to)? {
            return Err(RangeError::UpsideDown);
        }
        let down = up
            .iter()
            .rev()
            .map(|applied| climb.back(applied))
            .collect::<Result<Vec<_>, _>>();
        let steps = replay.iter().chain(&up).flat_map(|plan| &plan.revisions);
        let mut ids = steps.filter_map(|planned| planned.revision.as_ref());
        let left_out = ids
            .clone()
            .filter(|id| project.left_out.contains(id))
            .count();
        let seed = project.seed.clone();
        let seed = seed.filter(|seed| ids.any(|id| *id == seed.revision));
        let range = Range {
            left_out,
            ..Range::of((from, to), replay, up, down, seed)
        };
        Ok(range)
    }

    /// `id` alone: what it stands on is replayed, and nothing else.
    pub fn of_revision(project: &Project, id: &RevisionId) -> Result<Self, RangeError> {
        let mut below = project.history.parents(id);
        below.extend(project.history.dependencies(id));
        Range::on_top(project, &below, std::slice::from_ref(id))
    }

    /// What `order` names, one after the other, where `below` are applied. Rows do not count: no seed is loaded.
    pub fn on_top(
        project: &Project,
        below: &[RevisionId],
        order: &[RevisionId],
    ) -> Result<Self, RangeError> {
        let climb = Climb {
            project,
            environment: None,
        };
        let replay = climb.through(&[], &texts(below))?;
        let start = replay.last().map_or_else(Vec::new, |plan| plan.to.clone());
        let up = climb.through(&start, &texts(order))?;
        let named = |ids: &[RevisionId]| {
            let ids: Vec<&str> = ids.iter().map(RevisionId::short).collect();
            Place::Target(match ids.is_empty() {
                true => "base".to_owned(),
                false => ids.join(" and "),
            })
        };
        let range = Range::of(
            (named(below), named(order)),
            replay,
            up,
            Ok(Vec::new()),
            None,
        );
        Ok(range)
    }

    fn of(
        (from, to): (Place, Place),
        replay: Vec<Plan>,
        up: Vec<Plan>,
        down: Result<Vec<Plan>, PlanError>,
        seed: Option<Seed>,
    ) -> Self {
        let all = replay.iter().chain(&up).chain(down.iter().flatten());
        let extensions = extension::wanted(all, seed.iter().map(|seed| seed.text.as_str()));
        let seal = |plans: Vec<Plan>| plans.into_iter().map(Sealed::new).collect();
        Range {
            from,
            to,
            replay: seal(replay),
            up: seal(up),
            down: down.map(seal),
            seed,
            left_out: 0,
            extensions,
        }
    }

    /// Nothing lies between the two states.
    pub fn is_empty(&self) -> bool {
        self.up.is_empty()
    }

    pub fn revision_count(&self) -> usize {
        self.up
            .iter()
            .map(|sealed| sealed.plan().revisions.len())
            .sum()
    }

    pub fn statement_count(&self) -> usize {
        self.up
            .iter()
            .map(|sealed| sealed.plan().statement_count())
            .sum()
    }
}

fn texts(ids: &[RevisionId]) -> Vec<&str> {
    ids.iter().map(RevisionId::as_str).collect()
}

struct Climb<'a> {
    project: &'a Project,
    environment: Option<&'a str>,
}

impl Climb<'_> {
    fn request<'r>(&'r self, current: &'r [RevisionId]) -> Request<'r> {
        Request {
            history: &self.project.history,
            config: &self.project.config,
            environment: self.environment,
            current,
        }
    }

    /// Plans the way up from the version rows `current`; no plan where nothing is to be done.
    fn to(&self, current: &[RevisionId], place: &Place) -> Result<Vec<Plan>, RangeError> {
        match place {
            Place::Target(target) if target == "base" => Ok(Vec::new()),
            Place::Target(target) => self.through(current, &[target]),
            Place::Environment(name) => self.through(current, &texts(self.rows(name)?)),
        }
    }

    /// Plans the way up from the version rows `current` to each of `targets` in turn.
    fn through(&self, current: &[RevisionId], targets: &[&str]) -> Result<Vec<Plan>, RangeError> {
        let mut plans: Vec<Plan> = Vec::new();
        for target in targets {
            let current = plans.last().map_or(current, |plan| plan.to.as_slice());
            let plan = plan::upgrade(self.request(current), target)?;
            if !plan.is_empty() {
                plans.push(plan);
            }
        }
        Ok(plans)
    }

    fn back(&self, applied: &Plan) -> Result<Plan, PlanError> {
        plan::take_back(self.request(&applied.to), applied)
    }

    /// Whether the rows `start` are above `place`, and not at it.
    fn stands_above(&self, start: &[RevisionId], place: &Place) -> Result<bool, RangeError> {
        let history = &self.project.history;
        let named = match place {
            Place::Target(target) => target::resolve(history, target).map_err(PlanError::from)?,
            Place::Environment(name) => self.rows(name)?.to_vec(),
        };
        Ok(history.ancestors(start) != history.ancestors(&named))
    }

    fn rows(&self, name: &str) -> Result<&[RevisionId], RangeError> {
        let known = self
            .project
            .environments
            .iter()
            .find(|(known, _)| known == name);
        let rows = known
            .ok_or_else(|| RangeError::UnknownState(name.to_owned()))?
            .1
            .as_slice();
        match rows
            .iter()
            .find(|id| self.project.history.get(id).is_none())
        {
            Some(id) => Err(PlanError::from(TargetError::UnknownCurrent(id.clone())).into()),
            None => Ok(rows),
        }
    }
}
