//! Building plans: history + target + the database's version rows → statements in order.

use super::{
    FORMAT, Kind, Limits, Mode, Place, Plan, PlannedRevision, Preparation, Segment, Step, StepKind,
};
use super::{batches, recovery};
use crate::config::{self, Config};
use crate::finding::Finding;
use crate::history::History;
use crate::history::heads::{self, Rows, VersionWrite};
use crate::history::stamp;
use crate::history::target::{self, TargetError};
use crate::revision::{Direction, Downgrade, RevisionId, Script, Unreadable};
use crate::run::journal;
use crate::sql::batches::Batched;
use crate::sql::{self, Execution, literal};

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub history: &'a History,
    pub config: &'a Config,
    pub environment: Option<&'a str>,
    /// The version rows of the database.
    pub current: &'a [RevisionId],
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("{revision} ({path}) cannot be undone: its file says `+downgrade none: {reason}`")]
    Irreversible {
        revision: RevisionId,
        path: String,
        reason: String,
    },
    #[error(
        "{revision} ({path}) has no downgrade: write its `-- +downgrade` section, or say `-- +downgrade none: reason`"
    )]
    NoDowngrade { revision: RevisionId, path: String },
    #[error("{revision} cannot be planned: {}", list(.findings))]
    Findings {
        revision: RevisionId,
        findings: Vec<Finding>,
    },
    #[error(
        "{revision} cannot be planned, because its SQL cannot be known without running Python: {}; run it with Alembic, or stamp it",
        needs(.path, .unreadable)
    )]
    Unreadable {
        revision: RevisionId,
        path: String,
        unreadable: Vec<Unreadable>,
    },
    #[error("there is no environment {0:?} in cofferdam.toml")]
    UnknownEnvironment(String),
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(Finding::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn needs(path: &str, unreadable: &[Unreadable]) -> String {
    unreadable
        .iter()
        .map(|part| format!("{path}, line {}: {}", part.line, part.reason))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Plans the way up to `target`.
pub fn upgrade(request: Request<'_>, target: &str) -> Result<Plan, PlanError> {
    let ids = target::upgrade(request.history, request.current, target)?;
    walk(request, Kind::Upgrade, target, &ids, Direction::Upgrade)
}

/// Plans the way down to `target`.
pub fn downgrade(request: Request<'_>, target: &str) -> Result<Plan, PlanError> {
    let ids = target::downgrade(request.history, request.current, target)?;
    walk(request, Kind::Downgrade, target, &ids, Direction::Downgrade)
}

/// Plans undoing exactly the revisions that `applied` applies, the last one first, from the rows at
/// which it ends to those from which it starts. No target says that where branches meet.
pub fn take_back(request: Request<'_>, applied: &Plan) -> Result<Plan, PlanError> {
    let ids: Vec<RevisionId> = applied
        .revisions
        .iter()
        .rev()
        .filter_map(|planned| planned.revision.clone())
        .collect();
    let target = match applied.from.as_slice() {
        [] => "base".to_owned(),
        rows => rows
            .iter()
            .map(RevisionId::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let request = Request {
        current: &applied.to,
        ..request
    };
    walk(
        request,
        Kind::Downgrade,
        &target,
        &ids,
        Direction::Downgrade,
    )
}

/// Plans moving the version rows to `target`, a list with spaces or commas, without running any revision.
pub fn stamp(request: Request<'_>, target: &str) -> Result<Plan, PlanError> {
    let steps = stamp::steps(request.history, request.current, target)?;
    let mut plan = empty(request, Kind::Stamp, target)?;
    let writes: Vec<VersionWrite> = steps.into_iter().flat_map(|step| step.writes).collect();
    if writes.is_empty() {
        return Ok(plan);
    }
    plan.to = heads::written(request.current, &writes);
    plan.revisions.push(PlannedRevision {
        revision: None,
        direction: Direction::Upgrade,
        down: Vec::new(),
        message: format!("stamp {target}"),
        path: String::new(),
        sha256: String::new(),
        heads_before: plan.from.clone(),
        heads_after: plan.to.clone(),
        segments: vec![Segment {
            mode: Mode::Transaction,
            steps: version_steps(&plan.version_table, &writes),
            rate: None,
        }],
    });
    Ok(plan)
}

/// Plans taking back what a half-applied `revision` did: its opposite section, skipping what was
/// never done. `direction` is the one that is half applied. The version rows stay as they are.
pub fn undo(
    request: Request<'_>,
    revision: &RevisionId,
    direction: Direction,
) -> Result<Plan, PlanError> {
    let script = request
        .history
        .get(revision)
        .ok_or_else(|| TargetError::Unknown(revision.to_string()))?;
    let back = direction.opposite();
    let mut plan = empty(request, Kind::Undo, revision.as_str())?;
    let mut segments = segments(script, back, &plan.version_table, false)?;
    // undefined table, object, column, function, schema; or, going up again, the duplicates of these.
    let tolerate: &[&str] = match back {
        Direction::Downgrade => &["42P01", "42704", "42703", "42883", "3F000"],
        Direction::Upgrade => &["42P07", "42710", "42701", "42723", "42P06"],
    };
    for step in segments.iter_mut().flat_map(|segment| &mut segment.steps) {
        step.tolerate = tolerate.iter().map(|&code| code.to_owned()).collect();
    }
    let forgotten = cursors(script, direction, &plan.version_table);
    if !forgotten.is_empty() {
        segments.push(Segment {
            mode: Mode::Transaction,
            steps: forgotten
                .iter()
                .map(|cursor| batches::forget(cursor))
                .collect(),
            rate: None,
        });
    }
    plan.to = plan.from.clone();
    plan.revisions.push(PlannedRevision {
        revision: Some(revision.clone()),
        direction: back,
        down: script.revision.down.clone(),
        message: script.revision.message.clone(),
        path: script.path.clone(),
        sha256: script.sha256.clone(),
        heads_before: plan.from.clone(),
        heads_after: plan.from.clone(),
        segments,
    });
    Ok(plan)
}

fn walk(
    request: Request<'_>,
    kind: Kind,
    target: &str,
    ids: &[RevisionId],
    direction: Direction,
) -> Result<Plan, PlanError> {
    let mut plan = empty(request, kind, target)?;
    let mut rows = Rows::new(request.history, request.current);
    for id in ids {
        let script = request
            .history
            .get(id)
            .ok_or_else(|| TargetError::Unknown(id.to_string()))?;
        let heads_before = rows.ids();
        let writes = rows.step(id, direction);
        let mut segments = segments(script, direction, &plan.version_table, true)?;
        let versions = version_steps(&plan.version_table, &writes);
        match segments.last_mut() {
            Some(last) if last.mode == Mode::Transaction => last.steps.extend(versions),
            _ => segments.push(Segment {
                mode: Mode::Transaction,
                steps: versions,
                rate: None,
            }),
        }
        plan.revisions.push(PlannedRevision {
            revision: Some(id.clone()),
            direction,
            down: script.revision.down.clone(),
            message: script.revision.message.clone(),
            path: script.path.clone(),
            sha256: script.sha256.clone(),
            heads_before,
            heads_after: rows.ids(),
            segments,
        });
    }
    plan.to = rows.ids();
    Ok(plan)
}

fn empty(request: Request<'_>, kind: Kind, target: &str) -> Result<Plan, PlanError> {
    let environment = match request.environment {
        None => None,
        Some(name) => {
            let found = request.config.environments.get(name);
            Some(found.ok_or_else(|| PlanError::UnknownEnvironment(name.to_owned()))?)
        }
    };
    let project = &request.config.project;
    let version_table = version_table(project);
    let mut settings = vec!["RESET ALL;".to_owned()];
    settings.extend(request.config.settings(request.environment));
    Ok(Plan {
        format: FORMAT,
        project: config::slug(&project.name),
        environment: request.environment.map(str::to_owned),
        kind,
        target: target.to_owned(),
        from: sorted(request.current),
        to: sorted(request.current),
        prepare: prepare(project, &version_table),
        version_table,
        settings,
        limits: Limits::of(environment),
        revisions: Vec::new(),
    })
}

/// The version table's name as SQL text.
pub fn version_table(project: &config::Project) -> String {
    let table = sql::identifier(&project.version_table);
    match &project.version_table_schema {
        Some(schema) => format!("{}.{table}", sql::identifier(schema)),
        None => table,
    }
}

/// Plans deleting every version row, known or not, and writing `targets`, a list with spaces or commas (Alembic's
/// `stamp --purge`).
pub fn purge(request: Request<'_>, targets: &str) -> Result<Plan, PlanError> {
    let mut plan = stamp(
        Request {
            current: &[],
            ..request
        },
        targets,
    )?;
    plan.from = sorted(request.current);
    let deletes: Vec<VersionWrite> = plan
        .from
        .iter()
        .cloned()
        .map(VersionWrite::Delete)
        .collect();
    let steps = version_steps(&plan.version_table, &deletes);
    match plan.revisions.first_mut() {
        Some(planned) => {
            planned.heads_before = plan.from.clone();
            if let Some(segment) = planned.segments.first_mut() {
                segment.steps.splice(0..0, steps);
            }
        }
        None if !deletes.is_empty() => plan.revisions.push(PlannedRevision {
            revision: None,
            direction: Direction::Upgrade,
            down: Vec::new(),
            message: format!("stamp {targets}"),
            path: String::new(),
            sha256: String::new(),
            heads_before: plan.from.clone(),
            heads_after: plan.to.clone(),
            segments: vec![Segment {
                mode: Mode::Transaction,
                steps,
                rate: None,
            }],
        }),
        None => {}
    }
    Ok(plan)
}

/// What has to be there for the version table alone.
pub fn prepare_versions(project: &config::Project) -> Vec<Preparation> {
    let mut prepare = prepare(project, &version_table(project));
    prepare.truncate(prepare.len() - journal::tables().len());
    prepare
}

fn prepare(project: &config::Project, version_table: &str) -> Vec<Preparation> {
    let mut prepare = Vec::new();
    if let Some(schema) = &project.version_table_schema {
        prepare.push(Preparation {
            check: format!(
                "SELECT (to_regnamespace({}) IS NOT NULL)::text;",
                literal(&sql::identifier(schema))
            ),
            sql: format!("CREATE SCHEMA {};", sql::identifier(schema)),
        });
    }
    prepare.push(Preparation {
        check: format!(
            "SELECT (to_regclass({}) IS NOT NULL)::text;",
            literal(version_table)
        ),
        sql: create_version_table(project, version_table),
    });
    prepare.extend(journal::tables());
    prepare
}

/// The version table as Alembic creates it (alembic/runtime/migration.py, `_version`).
pub fn create_version_table(project: &config::Project, version_table: &str) -> String {
    let constraint = sql::identifier(&format!("{}_pkc", project.version_table));
    format!(
        "CREATE TABLE {version_table} (\n    version_num VARCHAR(32) NOT NULL, \n    CONSTRAINT {constraint} PRIMARY KEY (version_num)\n);"
    )
}

fn version_steps(version_table: &str, writes: &[VersionWrite]) -> Vec<Step> {
    let steps = writes.iter().map(|write| {
        let sql = version_sql(version_table, write);
        Step {
            kind: StepKind::Version,
            sql,
            place: None,
            tolerate: Vec::new(),
            recovery: None,
        }
    });
    steps.collect()
}

/// A write in the words of Alembic's own (as `alembic upgrade --sql` prints them).
pub(super) fn version_sql(version_table: &str, write: &VersionWrite) -> String {
    match write {
        VersionWrite::Insert(id) => format!(
            "INSERT INTO {version_table} (version_num) VALUES ({}) RETURNING {version_table}.version_num;",
            literal(id.as_str())
        ),
        VersionWrite::Update { from, to } => format!(
            "UPDATE {version_table} SET version_num={} WHERE {version_table}.version_num = {};",
            literal(to.as_str()),
            literal(from.as_str())
        ),
        VersionWrite::Delete(id) => format!(
            "DELETE FROM {version_table} WHERE {version_table}.version_num = {};",
            literal(id.as_str())
        ),
    }
}

/// The cursors of a section's statements that run in batches.
fn cursors(script: &Script, direction: Direction, version_table: &str) -> Vec<String> {
    let cut = script.cut(direction);
    let statements = cut.segments.iter().flat_map(|segment| {
        let batched = matches!(segment.execution, Execution::Batches(_));
        segment.statements.iter().map(move |_| batched)
    });
    statements
        .enumerate()
        .filter(|(_, batched)| *batched)
        .map(|(ordinal, _)| batches::cursor(version_table, &script.revision.id, direction, ordinal))
        .collect()
}

/// The statements of one section, cut into transactions in the order of the file; those that are to run in batches do so
/// where `in_batches`.
fn segments(
    script: &Script,
    direction: Direction,
    version_table: &str,
    in_batches: bool,
) -> Result<Vec<Segment>, PlanError> {
    let revision = &script.revision;
    if direction == Direction::Downgrade {
        let id = revision.id.clone();
        let path = script.path.clone();
        match &revision.downgrade {
            Downgrade::Impossible { reason } => {
                return Err(PlanError::Irreversible {
                    revision: id,
                    path,
                    reason: reason.clone(),
                });
            }
            Downgrade::Missing => return Err(PlanError::NoDowngrade { revision: id, path }),
            Downgrade::Sql(_) => {
                // Alembic runs a downgrade of `pass` as it is.
                if script.python.is_none()
                    && script.is_empty(Direction::Downgrade)
                    && !script.is_empty(Direction::Upgrade)
                {
                    return Err(PlanError::NoDowngrade { revision: id, path });
                }
            }
        }
    }
    let python = script.body(direction);
    if let Some(body) = python.filter(|body| !body.unreadable.is_empty()) {
        return Err(PlanError::Unreadable {
            revision: revision.id.clone(),
            path: script.path.clone(),
            unreadable: body.unreadable.clone(),
        });
    }
    let cut = script.cut(direction);
    if !cut.errors.is_empty() {
        return Err(PlanError::Findings {
            revision: revision.id.clone(),
            findings: cut.errors.clone(),
        });
    }
    let text = revision.sql(direction);
    let offset = script.offset(direction);
    let mut ordinals = 0..;
    Ok(cut
        .segments
        .iter()
        .map(|segment| {
            let rate = match &segment.execution {
                Execution::Batches(backfill) if in_batches => backfill.rate,
                _ => None,
            };
            let (mode, recovery) = match &segment.execution {
                Execution::Batches(_) if in_batches => (Mode::Batches, None),
                Execution::Transactional | Execution::Batches(_) => (Mode::Transaction, None),
                Execution::Outside(known) => (Mode::Outside, Some(recovery::of(known))),
            };
            let steps = segment.statements.iter().zip(&mut ordinals);
            let steps = steps.flat_map(|(statement, ordinal)| {
                let sql = &text[statement.body.clone()];
                let place = Place {
                    ordinal,
                    line: statement.line,
                    start: offset + statement.body.start,
                    end: offset + statement.body.end,
                };
                // What cannot be run in batches is a finding, and nothing is planned.
                if let Execution::Batches(backfill) = &segment.execution
                    && in_batches
                    && let Ok(batched) = Batched::read(sql, backfill)
                {
                    let id = &revision.id;
                    let cursor = batches::cursor(version_table, id, direction, ordinal);
                    return batches::steps(&batched, &cursor, version_table, id, direction, place);
                }
                vec![Step {
                    kind: StepKind::Statement,
                    sql: sql.to_owned(),
                    place: Some(place),
                    tolerate: Vec::new(),
                    recovery: recovery.clone(),
                }]
            });
            Segment {
                mode,
                steps: steps.collect(),
                rate,
            }
        })
        .collect())
}

fn sorted(ids: &[RevisionId]) -> Vec<RevisionId> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    ids
}
