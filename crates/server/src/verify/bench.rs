//! A throwaway database with two sessions: one runs, the other looks.

use super::VerifyError;
use super::report::{Step, Work};
use crate::database::Database;
use crate::driver::{Driver, Progress, Wishes, query, random};
use crate::embedded::Scratch;
use cofferdam_engine::catalog::{self, Catalog, Follower, Touched};
use cofferdam_engine::config::Config;
use cofferdam_engine::draft::{Trace, look_inside};
use cofferdam_engine::plan::{Plan, Sealed, StepAt, StepKind};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::run::{Answer, Options, Outcome, Report, Run};
use cofferdam_engine::sql;
use cofferdam_engine::verify::Moment;
use cofferdam_engine::verify::Refused;
use cofferdam_engine::verify::contents::{self, Contents};
use cofferdam_engine::verify::measure::{self, Meter};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Tables whose rows are asked for at once.
const TABLES: usize = 50;

/// What every part of the work wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    pub config: &'a Config,
    pub environment: Option<&'a str>,
    pub major: u32,
    pub cancel: &'a CancellationToken,
}

/// A database at work.
#[derive(Debug)]
pub struct Bench<'a> {
    setting: Setting<'a>,
    database: Database,
    main: PgConnection,
    watcher: PgConnection,
    follower: Follower,
    meter: Meter,
    contents: Contents,
    /// The main session, too, has prepared looking at the schema.
    can_look: bool,
    /// The version rows, sorted.
    pub rows: Vec<RevisionId>,
}

/// What is looked at while a plan runs.
#[derive(Debug)]
pub enum Watch<'t> {
    Nothing,
    /// What each statement does: locks, rewrites, WAL.
    Figures,
    /// The schema after each statement.
    Schema(&'t mut Trace),
}

/// How a plan ended.
#[derive(Clone, Debug)]
pub enum Ran {
    Done(Work),
    /// The database refused it. `half` says that a part of it is committed.
    Refused {
        /// The revision whose statement it is.
        at: Option<RevisionId>,
        refused: Refused,
        half: bool,
    },
}

impl<'a> Bench<'a> {
    /// Opens the sessions on `database`, whose version rows are `rows`.
    pub async fn open(
        setting: Setting<'a>,
        database: Database,
        rows: Vec<RevisionId>,
    ) -> Result<Self, VerifyError> {
        let main = database.connect().await?;
        let mut watcher = database.connect().await?;
        let prepare = Follower::prepare(setting.major, &setting.config.project);
        query(&mut watcher, prepare, true)
            .await
            .map_err(VerifyError::of("prepare looking at the schema"))?;
        Ok(Bench {
            setting,
            database,
            main,
            watcher,
            follower: Follower::new(setting.major),
            meter: Meter::default(),
            contents: Contents::default(),
            can_look: false,
            rows,
        })
    }

    /// Leaves the database, so that it can be copied or removed.
    pub async fn close(self) {
        let _ = self.main.close().await;
        let _ = self.watcher.close().await;
    }

    /// Runs `plan`, and looks at what is wanted.
    pub async fn run(&mut self, plan: Plan, mut watch: Watch<'_>) -> Result<Ran, VerifyError> {
        let measured = matches!(watch, Watch::Figures);
        if matches!(watch, Watch::Schema(_)) && !self.can_look {
            let prepare = catalog::prepare(self.setting.major, &self.setting.config.project);
            self.ask_main(prepare).await?;
            self.can_look = true;
        }
        let to = plan.to.clone();
        let sealed = Sealed::new(plan);
        let started = Instant::now();
        if !measured {
            self.meter.outside();
        }
        let options = Options {
            run: format!("{:016x}{:016x}", random(), random()),
            actor: "verify".into(),
            approval: None,
            wait_ms: 0,
            in_flight: None,
        };
        let database = self.database.clone();
        let mut driver = Driver::new(&database, Run::new(&sealed, options));
        let wishes = Wishes::until(self.setting.cancel.clone());
        let mut steps = Vec::new();
        let mut looking = Duration::ZERO;
        let mut began = None;
        let outcome = loop {
            let report = match driver.next(&mut self.main, &wishes).await {
                Progress::Report(report) => report,
                Progress::Finished(outcome) => break outcome,
            };
            let look = Instant::now();
            match report {
                Report::StepStarted { at }
                    if measured && measure::is_measurable(sealed.plan(), at) =>
                {
                    let segment = Some((at.revision, at.segment));
                    if began != segment {
                        let answer = self.ask_main(measure::LOOK.into()).await?;
                        self.meter.begin(&answer);
                        began = segment;
                    }
                }
                Report::StepDone {
                    at,
                    affected,
                    elapsed_ms,
                    ..
                } => {
                    let planned = sealed
                        .plan()
                        .step(at)
                        .filter(|step| step.kind == StepKind::Statement);
                    if let (Some(_), Watch::Schema(trace)) = (planned, &mut watch) {
                        trace.note(at, self.look_at(sealed.plan(), at).await?);
                    }
                    if let Some(planned) = planned {
                        let figures = match measured && measure::is_measurable(sealed.plan(), at) {
                            true => Some(self.measure().await?),
                            false => {
                                self.meter.outside();
                                None
                            }
                        };
                        steps.push(Step {
                            statement: sql::label(&planned.sql),
                            line: planned.place.as_ref().map(|place| place.line),
                            elapsed_ms,
                            rows: affected,
                            measured: figures,
                        });
                    }
                }
                _ => {}
            }
            looking += look.elapsed();
        };
        match outcome {
            Outcome::Done => {
                self.rows = to;
                Ok(Ran::Done(Work {
                    elapsed_ms: (started.elapsed() - looking).as_secs_f64() * 1000.0,
                    steps,
                }))
            }
            Outcome::Failed {
                at,
                error,
                half_applied,
                ..
            } => {
                let step = at.and_then(|at| sealed.plan().step(at));
                let revision = at.and_then(|at| sealed.plan().revisions.get(at.revision));
                Ok(Ran::Refused {
                    at: revision.and_then(|planned| planned.revision.clone()),
                    refused: Refused {
                        sql: step.map(|step| step.sql.clone()),
                        line: step
                            .and_then(|step| step.place.as_ref())
                            .map(|place| place.line),
                        error,
                    },
                    half: half_applied,
                })
            }
            Outcome::Cancelled { .. } => Err(VerifyError::Cancelled),
            Outcome::Lost { message, .. } => Err(VerifyError::Lost(message)),
            Outcome::Refused { refusal } => Err(VerifyError::Lost(refusal.to_string())),
        }
    }

    /// The schema after the statement at `at`, which may not be committed yet.
    async fn look_at(&mut self, plan: &Plan, at: StepAt) -> Result<Catalog, VerifyError> {
        if !measure::is_measurable(plan, at) {
            return self.whole_catalog().await;
        }
        let answer = self.ask_main(look_inside()).await?;
        Ok(catalog::read(self.setting.major, &answer)?)
    }

    /// The role that runs plans.
    pub async fn role(&mut self) -> Result<String, VerifyError> {
        let answer = self.ask_main("SELECT current_user::text".into()).await?;
        let cell = answer.rows.into_iter().flatten().next().flatten();
        Ok(cell.unwrap_or_default())
    }

    /// What the statement that has just run did.
    async fn measure(&mut self) -> Result<measure::Figures, VerifyError> {
        let answer = self.ask_main(measure::LOOK.into()).await?;
        let before = match self.meter.hear(&answer) {
            Some(sql) => Some(self.ask(sql).await?),
            None => None,
        };
        Ok(self.meter.figures(before.as_ref()))
    }

    /// The catalog as it is now, looked at where something changed.
    pub async fn catalog(&mut self) -> Result<Catalog, VerifyError> {
        let touched = self.meter.take_touched();
        self.follow(&touched).await
    }

    async fn follow(&mut self, touched: &Touched) -> Result<Catalog, VerifyError> {
        if self.setting.cancel.is_cancelled() {
            return Err(VerifyError::Cancelled);
        }
        let question = self.follower.ask(touched);
        let answer = self.ask(question).await?;
        let question = self.follower.hear(&answer)?;
        let answer = self.ask(question).await?;
        Ok(self.follower.take(&answer)?)
    }

    /// The database as it is now.
    pub async fn moment(&mut self) -> Result<Moment, VerifyError> {
        let touched = self.meter.take_touched();
        let written = self.meter.take_written(&touched);
        let catalog = self.follow(&touched).await?;
        let stale = |table: &contents::Table| {
            written
                .as_ref()
                .is_none_or(|written| written.contains(table))
        };
        let tables = self.contents.outdated(&catalog, stale);
        for some in tables.chunks(TABLES) {
            let answer = self.ask(contents::query(some)).await?;
            self.contents.take(&answer);
        }
        Ok(Moment {
            catalog,
            contents: self.contents.clone(),
        })
    }

    /// The catalog, looked at whole.
    pub async fn whole_catalog(&mut self) -> Result<Catalog, VerifyError> {
        let answer = self.ask(catalog::look()).await?;
        Ok(catalog::read(self.setting.major, &answer)?)
    }

    /// Runs statements that are no revision's, each in a transaction of its own.
    pub async fn load(&mut self, path: &str, text: &str) -> Result<(), VerifyError> {
        self.meter.outside();
        self.ask_main("RESET ALL;".into()).await?;
        for setting in self.setting.config.settings(self.setting.environment) {
            self.ask_main(setting).await?;
        }
        for statement in sql::split(text).statements {
            let (line, _) = cofferdam_engine::finding::line_column(text, statement.body.start);
            let sql = text[statement.body].to_owned();
            let done = query(&mut self.main, sql, false).await;
            done.map_err(|failure| match VerifyError::of("load")(failure) {
                VerifyError::Refused { error, .. } => VerifyError::Seed {
                    path: path.to_owned(),
                    line,
                    error,
                },
                lost => lost,
            })?;
        }
        Ok(())
    }

    async fn ask_main(&mut self, sql: String) -> Result<Answer, VerifyError> {
        let answer = query(&mut self.main, sql, true).await;
        answer.map_err(VerifyError::of("measure a statement"))
    }

    async fn ask(&mut self, sql: String) -> Result<Answer, VerifyError> {
        let answer = query(&mut self.watcher, sql, true).await;
        answer.map_err(VerifyError::of("look at the database"))
    }
}

/// A copy of the database that `bench` has, under `name`; and the bench on it again.
pub async fn copy<'a>(
    scratch: &mut Scratch,
    bench: Bench<'a>,
    name: &str,
) -> Result<Bench<'a>, VerifyError> {
    let (setting, database, rows) = (bench.setting, bench.database.clone(), bench.rows.clone());
    let own = database.name().to_owned();
    bench.close().await;
    scratch.keep(name, &own).await?;
    Bench::open(setting, database, rows).await
}
