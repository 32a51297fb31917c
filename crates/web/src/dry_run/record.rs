//! What a dry run did, filling while it runs. Its signals belong to nobody's view, so a result
//! outlives the page that shows it.

use super::order::Mode;
use super::range::Place;
use cofferdam_engine::catalog::{Catalog, Difference};
use cofferdam_engine::plan::StepKind;
use cofferdam_engine::revision::{Direction, RevisionId};
use cofferdam_engine::run::{DbError, Notice};
use cofferdam_engine::sql::effect::Effect;
use cofferdam_engine::verify::measure::Figures;
use leptos::prelude::{ArcRwSignal, Update};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Waiting,
    Running,
    Done,
    Failed,
    /// Somebody stopped the run, or the database died, while it ran.
    Stopped,
}

/// One statement and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub sql: String,
    pub kind: StepKind,
    /// 1-based line in its file.
    pub line: Option<u32>,
    pub state: State,
    pub elapsed_ms: f64,
    pub affected: Option<u64>,
    pub notices: Vec<Notice>,
    /// Why it was not needed.
    pub skipped: Option<String>,
    /// What reading it says that it does; none of what is no statement of a revision, and where there are too many.
    pub predicted: Option<Effect>,
    /// What it did; none where it was not measured.
    pub measured: Option<Figures>,
}

/// Whose statements they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Revision {
        id: Option<RevisionId>,
        message: String,
        direction: Direction,
    },
    Seed {
        path: String,
        after: RevisionId,
    },
}

impl Subject {
    /// The revision's message, or its id where it has none; or the seed's file.
    pub fn words(&self) -> &str {
        match self {
            Subject::Revision {
                id: Some(id),
                message,
                ..
            } if message.is_empty() => id.short(),
            Subject::Revision { message, .. } => message,
            Subject::Seed { path, .. } => path,
        }
    }
}

/// The part of an entry that changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    pub state: State,
    pub statements: Vec<Statement>,
    /// The schema after this downgrade is not what it was before the upgrade.
    pub differs: bool,
}

impl Work {
    pub fn elapsed_ms(&self) -> f64 {
        self.statements
            .iter()
            .map(|statement| statement.elapsed_ms)
            .sum()
    }

    /// Rows that its statements changed.
    pub fn affected(&self) -> u64 {
        self.statements
            .iter()
            .filter_map(|statement| statement.affected)
            .sum()
    }

    pub fn notice_count(&self) -> usize {
        self.statements
            .iter()
            .map(|statement| statement.notices.len())
            .sum()
    }
}

/// One revision, or the seed, in one phase.
#[derive(Clone, Debug)]
pub struct Entry {
    pub subject: Subject,
    pub work: ArcRwSignal<Work>,
}

impl Entry {
    pub fn new(
        subject: Subject,
        statements: impl Iterator<Item = (String, StepKind, Option<u32>)>,
    ) -> Self {
        let statements = statements.map(|(sql, kind, line)| Statement {
            sql,
            kind,
            line,
            state: State::Waiting,
            elapsed_ms: 0.0,
            affected: None,
            notices: Vec::new(),
            skipped: None,
            predicted: None,
            measured: None,
        });
        let work = Work {
            statements: statements.collect(),
            ..Work::default()
        };
        Entry {
            subject,
            work: ArcRwSignal::new(work),
        }
    }
}

impl Entry {
    /// With what reading says of its statements, in order.
    pub fn predicting(self, effects: Vec<Effect>) -> Self {
        self.work.update(|work| {
            let own = work.statements.iter_mut();
            let own = own.filter(|one| one.kind == StepKind::Statement);
            for (statement, effect) in own.zip(effects) {
                statement.predicted = Some(effect);
            }
        });
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Boot,
    /// From nothing to the state from which the range starts.
    Replay,
    Up,
    /// The range applied only so that it can be taken back.
    Climb,
    Down,
    UpAgain,
}

impl Kind {
    pub fn words(self) -> &'static str {
        match self {
            Kind::Boot => "Start",
            Kind::Replay => "Replay",
            Kind::Up => "Up",
            Kind::Climb => "Up, to come down",
            Kind::Down => "Down",
            Kind::UpAgain => "Up again",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    pub state: State,
    /// Entries that are done.
    pub done: usize,
    pub elapsed_ms: f64,
}

#[derive(Clone, Debug)]
pub struct Phase {
    pub kind: Kind,
    pub entries: Vec<Entry>,
    pub progress: ArcRwSignal<Progress>,
}

impl Phase {
    pub fn new(kind: Kind, entries: Vec<Entry>) -> Self {
        Phase {
            kind,
            entries,
            progress: ArcRwSignal::default(),
        }
    }
}

/// An entry of a proof: its phase, and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    pub phase: usize,
    pub entry: usize,
}

/// One downgrade beside its upgrade.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub at: At,
    pub id: Option<RevisionId>,
    pub message: String,
    /// What is left different by this revision alone; none where it is the inverse.
    pub differences: Vec<Difference>,
}

/// What up, down, up says of the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// After down, against before up.
    pub down: Vec<Difference>,
    /// After the second up, against after the first; none before it has run.
    pub again: Option<Vec<Difference>>,
    /// In the order of the upgrade; empty where the range is too long to look at each.
    pub verdicts: Vec<Verdict>,
}

/// The schema before a range and after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ends {
    pub before: Catalog,
    pub after: Catalog,
}

/// How a dry run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    Done,
    /// The database refused a statement.
    Failed {
        at: At,
        statement: Option<usize>,
        what: String,
        error: Box<DbError>,
    },
    /// The database in the tab stopped working; that says nothing of the SQL on a real server.
    Engine {
        at: Option<At>,
        message: String,
    },
    /// PostgreSQL did not start.
    NotStarted(String),
    /// The run was refused before it began.
    Refused(String),
    Cancelled,
}

/// One dry run.
#[derive(Clone, Debug)]
pub struct Proof {
    pub mode: Mode,
    pub from: Place,
    pub to: Place,
    /// How many revisions ran without the parts that need Python.
    pub left_out: usize,
    pub phases: Vec<Phase>,
    /// Digests of the plans that run, in order.
    pub digests: Vec<(Kind, String)>,
    /// `18.6`, once it has answered.
    pub postgres: ArcRwSignal<Option<String>>,
    /// What runs now, or ran last.
    pub now: ArcRwSignal<Option<At>>,
    /// Rows that the seed brought, where one was loaded.
    pub seed_rows: ArcRwSignal<Option<u64>>,
    /// The schema at `to` against the schema at `from`.
    pub change: ArcRwSignal<Option<Vec<Difference>>>,
    /// Both schemas themselves.
    pub ends: ArcRwSignal<Option<Arc<Ends>>>,
    pub comparison: ArcRwSignal<Option<Comparison>>,
    pub ending: ArcRwSignal<Option<Ending>>,
    pub elapsed_ms: ArcRwSignal<f64>,
}

impl Proof {
    pub fn entry(&self, at: At) -> Option<&Entry> {
        self.phases.get(at.phase)?.entries.get(at.entry)
    }
}
