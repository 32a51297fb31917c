//! Works through an order: start, replay, then up, down, up as asked, filling the record.

use super::driver::{Driver, Progress};
use super::order::{Leg, Order, loads_after};
use super::record::{
    At, Comparison, Ending, Ends, Kind, Proof, State, Statement, Subject, Verdict,
};
use super::stop::{Stop, Stopped};
use super::{time, warm};
use crate::js::pglite::{BootError, Pglite};
use cofferdam_engine::catalog::{self, Catalog, CatalogError, Difference};
use cofferdam_engine::config::Project;
use cofferdam_engine::plan::{PlannedRevision, Sealed, StepAt};
use cofferdam_engine::run::{Answer, DbError, Failure, Outcome, Report};
use cofferdam_engine::verify::measure::{self, Meter, is_measurable};
use cofferdam_engine::verify::ordered;
use leptos::prelude::*;
use std::sync::Arc;

/// Longest range in which the schema is looked at after every revision.
const LOOK_AT_EACH: usize = 200;

/// Runs `order` and leaves everything in `proof`.
pub async fn prove(order: &Order, project: &Project, proof: &Proof, stop: &Stop) {
    let started = time::now();
    let ending = match stop.unless(warm::take(&order.range.extensions)).await {
        Err(Stopped) => Err(Ending::Cancelled),
        Ok(Err(error @ BootError::UnknownExtensions { .. })) => {
            Err(Ending::Refused(error.to_string()))
        }
        Ok(Err(error)) => Err(Ending::NotStarted(error.to_string())),
        Ok(Ok(database)) => {
            let prover = Prover {
                order,
                project,
                proof,
                stop,
                database,
            };
            let ending = prover.all(started).await;
            prover.database.terminate();
            ending
        }
    };
    let ending = ending.err().unwrap_or(Ending::Done);
    settle(proof, &ending);
    proof.elapsed_ms.set(time::now() - started);
    proof.ending.set(Some(ending));
}

/// What was under way when it ended is not under way any more.
fn settle(proof: &Proof, ending: &Ending) {
    let state = if matches!(ending, Ending::Failed { .. } | Ending::NotStarted(_)) {
        State::Failed
    } else {
        State::Stopped
    };
    for phase in &proof.phases {
        if phase.progress.read_untracked().state == State::Running {
            phase.progress.update(|progress| progress.state = state);
        }
    }
    let Some(entry) = proof.now.get_untracked().and_then(|at| proof.entry(at)) else {
        return;
    };
    if entry.work.read_untracked().state == State::Running {
        entry.work.update(|work| {
            work.state = state;
            for statement in work
                .statements
                .iter_mut()
                .filter(|one| one.state == State::Running)
            {
                statement.state = state;
            }
        });
    }
}

struct Prover<'a> {
    order: &'a Order,
    project: &'a Project,
    proof: &'a Proof,
    stop: &'a Stop,
    database: Pglite,
}

/// The looks at the schema during one phase: before it, then after each revision or only at the end.
struct Looks {
    each: bool,
    taken: Vec<Catalog>,
}

impl Looks {
    fn before(&self) -> Catalog {
        self.taken.first().cloned().unwrap_or_default()
    }

    fn after(&self) -> Catalog {
        self.taken.last().cloned().unwrap_or_default()
    }
}

impl Prover<'_> {
    async fn all(&self, started: f64) -> Result<(), Ending> {
        self.proof
            .postgres
            .set(Some(self.database.version().to_owned()));
        self.finish(0, time::now() - started);
        let legs = self
            .order
            .legs()
            .map_err(|error| Ending::Refused(error.to_string()))?;
        let mut up: Option<Looks> = None;
        for (index, leg) in legs.into_iter().enumerate() {
            let phase = index + 1;
            let looks = self.leg(phase, leg).await?;
            match (leg.kind, &up) {
                (Kind::Up | Kind::Climb, _) => {
                    let change = differences(&looks.before(), &looks.after())?;
                    self.proof.change.set(Some(change));
                    self.proof.ends.set(Some(Arc::new(Ends {
                        before: looks.before(),
                        after: looks.after(),
                    })));
                    up = Some(looks);
                }
                (Kind::Down, Some(up)) => self.compare_down(phase, up, &looks)?,
                (Kind::UpAgain, Some(up)) => {
                    let again = differences(&up.after(), &looks.after())?;
                    self.proof.comparison.update(|comparison| {
                        if let Some(comparison) = comparison {
                            comparison.again = Some(again);
                        }
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn compare_down(&self, phase: usize, up: &Looks, down: &Looks) -> Result<(), Ending> {
        let residues = if down.each {
            catalog::residues(&up.taken, &down.taken[1..]).map_err(engine)?
        } else {
            Vec::new()
        };
        let entries = self.proof.phases[phase].entries.iter().enumerate();
        let verdicts = entries
            .zip(residues)
            .filter_map(|((entry, found), differences)| {
                let (differences, _) = ordered(differences);
                let Subject::Revision { id, message, .. } = &found.subject else {
                    return None;
                };
                found
                    .work
                    .update(|work| work.differs = !differences.is_empty());
                Some(Verdict {
                    at: At { phase, entry },
                    id: id.clone(),
                    message: message.clone(),
                    differences,
                })
            });
        let mut verdicts: Vec<Verdict> = verdicts.collect();
        verdicts.reverse();
        self.proof.comparison.set(Some(Comparison {
            down: differences(&up.before(), &down.after())?,
            again: None,
            verdicts,
        }));
        Ok(())
    }

    /// Runs one phase's plans.
    async fn leg(&self, phase: usize, leg: Leg<'_>) -> Result<Looks, Ending> {
        let started = time::now();
        self.begin(phase);
        let counted: usize = leg
            .plans
            .iter()
            .map(|sealed| sealed.plan().revisions.len())
            .sum();
        let each =
            matches!(leg.kind, Kind::Up | Kind::Climb | Kind::Down) && counted <= LOOK_AT_EACH;
        let mut looks = Looks {
            each,
            taken: Vec::new(),
        };
        let compared = leg.kind != Kind::Replay;
        let mut looking = 0.0;
        if compared {
            looking += self.look(&mut looks).await?;
        }
        let mut entry = 0;
        for sealed in leg.plans {
            looking += self.plan(At { phase, entry }, sealed, &mut looks).await?;
            entry += sealed
                .plan()
                .revisions
                .iter()
                .map(|planned| 1 + usize::from(self.seeds(planned)))
                .sum::<usize>();
        }
        if compared && !each {
            looking += self.look(&mut looks).await?;
        }
        self.finish(phase, time::now() - started - looking);
        Ok(looks)
    }

    /// Runs one plan, whose first entry stands at `first`. Gives the time spent on looks.
    async fn plan(&self, first: At, sealed: &Sealed, looks: &mut Looks) -> Result<f64, Ending> {
        let plan = sealed.plan();
        // A seed's entry comes after its revision's.
        let place = |revision: usize| {
            let seeds = plan.revisions[..revision]
                .iter()
                .filter(|planned| self.seeds(planned))
                .count();
            At {
                phase: first.phase,
                entry: first.entry + revision + seeds,
            }
        };
        let run = format!("dry-run-{}-{}", first.phase, first.entry);
        let mut driver = Driver::new(&self.database, self.stop, sealed, run, "dry run");
        let mut looking = 0.0;
        let mut meter = Meter::default();
        let mut began = None;
        let is_measured = self.proof.phases[first.phase].kind != Kind::Replay;
        loop {
            let report = match driver.next().await {
                Progress::Report(report) => report,
                Progress::Finished(outcome) => {
                    return self.ended(outcome, sealed, &place).map(|()| looking);
                }
            };
            self.note(&report, sealed, &place);
            match &report {
                Report::StepStarted { at } if is_measured && is_measurable(plan, *at) => {
                    let started = time::now();
                    let segment = Some((at.revision, at.segment));
                    if began != segment {
                        let look = self.ask(measure::LOOK, None).await?;
                        let relations = self.ask(measure::RELATIONS, None).await?;
                        meter.begin_alone(&look, &relations);
                        began = segment;
                    }
                    looking += time::now() - started;
                }
                Report::StepDone { at, .. } if is_measured && is_measurable(plan, *at) => {
                    let started = time::now();
                    let look = self.ask(measure::LOOK, None).await?;
                    meter.hear(&look);
                    let figures = meter.figures(None);
                    self.statement(place(at.revision), ordinal(sealed, *at), |one| {
                        one.measured = Some(figures);
                    });
                    looking += time::now() - started;
                }
                _ => {}
            }
            let Report::RevisionDone { revision } = report else {
                continue;
            };
            let planned = &plan.revisions[revision];
            if looks.each {
                looking += self.look(looks).await?;
            }
            if self.seeds(planned) {
                let At { phase, entry } = place(revision);
                self.load_seed(
                    At {
                        phase,
                        entry: entry + 1,
                    },
                    &plan.settings,
                )
                .await?;
            }
        }
    }

    /// Writes down what the run reports.
    fn note(&self, report: &Report, sealed: &Sealed, place: &impl Fn(usize) -> At) {
        match report {
            Report::RevisionStarted { revision } => self.open(place(*revision)),
            Report::RevisionDone { revision } => self.close(place(*revision)),
            Report::StepStarted { at } => {
                self.statement(place(at.revision), ordinal(sealed, *at), |one| {
                    one.state = State::Running
                });
            }
            Report::StepDone {
                at,
                affected,
                elapsed_ms,
                notices,
            } => {
                self.statement(place(at.revision), ordinal(sealed, *at), |one| {
                    one.state = State::Done;
                    one.affected = *affected;
                    one.elapsed_ms = *elapsed_ms;
                    one.notices = notices.clone();
                });
            }
            Report::StepSkipped { at, reason } => {
                self.statement(place(at.revision), ordinal(sealed, *at), |one| {
                    one.state = State::Done;
                    one.skipped = Some(reason.clone());
                });
            }
            Report::Repaired { .. }
            | Report::Waiting { .. }
            | Report::Started { .. }
            | Report::Resuming { .. }
            | Report::Batch { .. }
            | Report::Retrying { .. }
            | Report::Yielding { .. }
            | Report::ReplicaLagUnknown
            | Report::Paused
            | Report::Resumed
            | Report::Committed { .. } => {}
        }
    }

    /// What a run's outcome means for the proof.
    fn ended(
        &self,
        outcome: Outcome,
        sealed: &Sealed,
        place: &impl Fn(usize) -> At,
    ) -> Result<(), Ending> {
        let now = self.proof.now.get_untracked();
        match outcome {
            Outcome::Done => Ok(()),
            Outcome::Cancelled { .. } => Err(Ending::Cancelled),
            Outcome::Refused { refusal } => Err(Ending::Refused(refusal.to_string())),
            Outcome::Lost { at, message } => Err(Ending::Engine {
                at: at.map(|at| place(at.revision)).or(now),
                message,
            }),
            Outcome::Failed {
                at, what, error, ..
            } => {
                let (found, statement) = match at {
                    Some(at) => (Some(place(at.revision)), Some(ordinal(sealed, at))),
                    None => (now, None),
                };
                if let (Some(found), Some(statement)) = (found, statement) {
                    self.statement(found, statement, |one| one.state = State::Failed);
                }
                match found {
                    Some(at) => Err(Ending::Failed {
                        at,
                        statement,
                        what,
                        error: Box::new(error),
                    }),
                    None => Err(Ending::Refused(format!(
                        "PostgreSQL could not {what}: {error}"
                    ))),
                }
            }
        }
    }

    /// Runs the seed statement by statement, each in a transaction of its own.
    async fn load_seed(&self, at: At, settings: &[String]) -> Result<(), Ending> {
        self.open(at);
        for setting in settings {
            self.ask(setting, Some(at)).await?;
        }
        let statements: Vec<String> = self.proof.entry(at).map_or_else(Vec::new, |entry| {
            entry
                .work
                .read_untracked()
                .statements
                .iter()
                .map(|one| one.sql.clone())
                .collect()
        });
        for (ordinal, sql) in statements.iter().enumerate() {
            self.statement(at, ordinal, |one| one.state = State::Running);
            let answer = self.answer(sql, Some(at)).await?.map_err(|error| {
                self.statement(at, ordinal, |one| one.state = State::Failed);
                Ending::Failed {
                    at,
                    statement: Some(ordinal),
                    what: "load the seed".into(),
                    error: Box::new(error),
                }
            })?;
            self.statement(at, ordinal, |one| {
                one.state = State::Done;
                one.affected = answer.affected;
                one.elapsed_ms = answer.elapsed_ms;
                one.notices = answer.notices;
            });
        }
        self.close(at);
        let rows = self
            .proof
            .entry(at)
            .map_or(0, |entry| entry.work.read_untracked().affected());
        self.proof.seed_rows.set(Some(rows));
        Ok(())
    }

    fn seeds(&self, planned: &PlannedRevision) -> bool {
        self.order
            .range
            .seed
            .as_ref()
            .is_some_and(|seed| loads_after(&seed.revision, planned))
    }

    /// Looks at the schema. Gives the time that it took.
    async fn look(&self, looks: &mut Looks) -> Result<f64, Ending> {
        let started = time::now();
        let answer = match self.answer(&catalog::look(), None).await? {
            // The first look, or one after a `DISCARD ALL`.
            Err(error) if error.code == catalog::NOT_PREPARED => {
                self.ask(&catalog::prepare(self.major(), self.project), None)
                    .await?;
                self.ask(&catalog::look(), None).await?
            }
            answer => answer.map_err(|error| Ending::Engine {
                at: None,
                message: error.to_string(),
            })?,
        };
        looks
            .taken
            .push(catalog::read(self.major(), &answer).map_err(engine)?);
        Ok(time::now() - started)
    }

    /// The database's major version.
    fn major(&self) -> u32 {
        super::database::major(&self.database)
    }

    /// Asks for something that is no statement of the user's; an error is the engine's fault.
    async fn ask(&self, sql: &str, at: Option<At>) -> Result<Answer, Ending> {
        let answer = self.answer(sql, at).await?;
        answer.map_err(|error| Ending::Engine {
            at,
            message: error.to_string(),
        })
    }

    async fn answer(&self, sql: &str, at: Option<At>) -> Result<Result<Answer, DbError>, Ending> {
        match self.stop.unless(self.database.sql(sql)).await {
            Err(Stopped) => Err(Ending::Cancelled),
            Ok(Err(Failure::Lost(message))) => Err(Ending::Engine { at, message }),
            Ok(Err(Failure::Database(error))) => Ok(Err(error)),
            Ok(Ok(answer)) => Ok(Ok(answer)),
        }
    }

    fn begin(&self, phase: usize) {
        self.proof.phases[phase]
            .progress
            .update(|progress| progress.state = State::Running);
    }

    fn finish(&self, phase: usize, elapsed_ms: f64) {
        self.proof.phases[phase].progress.update(|progress| {
            progress.state = State::Done;
            progress.elapsed_ms = elapsed_ms;
        });
    }

    fn open(&self, at: At) {
        self.proof.now.set(Some(at));
        if let Some(entry) = self.proof.entry(at) {
            entry.work.update(|work| work.state = State::Running);
        }
    }

    fn close(&self, at: At) {
        if let Some(entry) = self.proof.entry(at) {
            entry.work.update(|work| work.state = State::Done);
        }
        self.proof.phases[at.phase]
            .progress
            .update(|progress| progress.done += 1);
    }

    fn statement(&self, at: At, ordinal: usize, change: impl FnOnce(&mut Statement)) {
        if let Some(entry) = self.proof.entry(at) {
            entry.work.update(|work| {
                if let Some(statement) = work.statements.get_mut(ordinal) {
                    change(statement);
                }
            });
        }
    }
}

/// The schema at one moment against another, but for the order of columns.
fn differences(before: &Catalog, after: &Catalog) -> Result<Vec<Difference>, Ending> {
    let found = catalog::diff(before, after).map_err(engine)?;
    Ok(ordered(found).0)
}

/// The database's answer about its schema is none.
fn engine(error: CatalogError) -> Ending {
    Ending::Engine {
        at: None,
        message: error.to_string(),
    }
}

/// A step's position among all the steps of its revision.
fn ordinal(sealed: &Sealed, at: StepAt) -> usize {
    let segments = &sealed.plan().revisions[at.revision].segments;
    segments[..at.segment]
        .iter()
        .map(|segment| segment.steps.len())
        .sum::<usize>()
        + at.step
}
