//! Plans as the server makes them, and whether one still holds: made again from the files and the
//! version rows of now, it must be the same, byte for byte.

use crate::environment::State;
use crate::project::{Project, ProjectError};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Kind, Plan, PlanError, Request, Sealed};
use cofferdam_engine::revision::{Direction, RevisionId, RevisionIdError};

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Revision(#[from] RevisionIdError),
    #[error("there is nothing to do: the database is there already")]
    NothingToDo,
    #[error(
        "{revision} is half applied ({direction}: {done} of {segments} parts): resume it, or undo it, before anything else"
    )]
    HalfApplied {
        revision: String,
        direction: Direction,
        done: u32,
        segments: u32,
    },
    #[error("{0} is not half applied, so there is nothing to undo")]
    NotHalfApplied(String),
}

/// Makes the plan for `environment` in `state`.
pub fn make(
    project: &Project,
    state: &State,
    environment: &str,
    kind: Kind,
    target: &str,
) -> Result<Sealed, PlanningError> {
    let history = project.history()?;
    let plan = build(project, &history, state, environment, kind, target)?;
    if plan.is_empty() {
        return Err(PlanningError::NothingToDo);
    }
    refuse_beside_half_applied(&plan, state)?;
    Ok(Sealed::new(plan))
}

fn build(
    project: &Project,
    history: &History,
    state: &State,
    environment: &str,
    kind: Kind,
    target: &str,
) -> Result<Plan, PlanningError> {
    let request = Request {
        history,
        config: &project.config,
        environment: Some(environment),
        current: &state.heads,
    };
    Ok(match kind {
        Kind::Upgrade => plan::upgrade(request, target)?,
        Kind::Downgrade => plan::downgrade(request, target)?,
        Kind::Stamp => plan::stamp(request, target)?,
        Kind::Undo => {
            let half = state
                .half_applied
                .as_ref()
                .filter(|half| half.revision.starts_with(target));
            let half = half.ok_or_else(|| PlanningError::NotHalfApplied(target.to_owned()))?;
            plan::undo(
                request,
                &RevisionId::new(half.revision.as_str())?,
                half.direction,
            )?
        }
    })
}

/// While a revision is half applied, a plan has to begin with it.
fn refuse_beside_half_applied(plan: &Plan, state: &State) -> Result<(), PlanningError> {
    let Some(half) = &state.half_applied else {
        return Ok(());
    };
    let begins = plan.revisions.first().is_some_and(|planned| {
        let same = planned
            .revision
            .as_ref()
            .is_some_and(|id| id.as_str() == half.revision);
        same && (planned.direction == half.direction) != (plan.kind == Kind::Undo)
    });
    if begins {
        return Ok(());
    }
    Err(PlanningError::HalfApplied {
        revision: half.revision.clone(),
        direction: half.direction,
        done: half.done,
        segments: half.segments,
    })
}

/// What has changed since `sealed` was made, in words; nothing: it holds.
pub fn stale(sealed: &Sealed, project: &Project, state: &State) -> Vec<String> {
    let old = sealed.plan();
    let environment = old.environment.as_deref().unwrap_or_default();
    let mut words = Vec::new();
    if old.from != state.heads {
        words.push(format!(
            "The plan starts from {}, and the database is at {} now. Make a new plan for what is left.",
            ids(&old.from),
            ids(&state.heads)
        ));
    }
    for planned in old
        .revisions
        .iter()
        .filter(|planned| planned.revision.is_some())
    {
        match project.file(&planned.path) {
            None => words.push(format!("{} is gone from the project.", planned.path)),
            Some(file) if file.sha256 != planned.sha256 => {
                words.push(format!(
                    "{} has changed since the plan was made.",
                    planned.path
                ));
            }
            Some(_) => {}
        }
    }
    if !words.is_empty() {
        return words;
    }
    match make(project, state, environment, old.kind, &old.target) {
        Ok(new) if new.text() == sealed.text() => {}
        Ok(new) => words.extend(differences(old, new.plan())),
        Err(error) => words.push(format!("It cannot be made again: {error}.")),
    }
    words
}

/// How two plans from the same version rows and the same files differ.
fn differences(old: &Plan, new: &Plan) -> Vec<String> {
    let mut words = Vec::new();
    let revisions = |plan: &Plan| -> Vec<RevisionId> {
        plan.revisions
            .iter()
            .filter_map(|planned| planned.revision.clone())
            .collect()
    };
    let (before, after) = (revisions(old), revisions(new));
    let missing = |from: &[RevisionId], of: &[RevisionId]| -> Vec<RevisionId> {
        of.iter().filter(|id| !from.contains(id)).cloned().collect()
    };
    let (added, gone) = (missing(&before, &after), missing(&after, &before));
    if !added.is_empty() {
        words.push(format!(
            "{} would also take in {} now.",
            old.target,
            ids(&added)
        ));
    }
    if !gone.is_empty() {
        words.push(format!(
            "{} would no longer take in {}.",
            old.target,
            ids(&gone)
        ));
    }
    if added.is_empty() && gone.is_empty() && before != after {
        words.push("The revisions would run in another order.".into());
    }
    if old.settings != new.settings {
        words.push("The environment's settings in cofferdam.toml have changed.".into());
    }
    if old.version_table != new.version_table {
        words.push("cofferdam.toml names another version table.".into());
    }
    if words.is_empty() {
        words.push("Made again, the plan is not the same (cofferdam.toml or this server's version changed).".into());
    }
    words
}

fn ids(ids: &[RevisionId]) -> String {
    if ids.is_empty() {
        return "base (no revision)".into();
    }
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cofferdam_engine::api::HalfApplied;
    use std::path::{Path, PathBuf};

    const CONFIG: &str = "[project]\nname = 'p'\n[environments.local]\n";

    struct Scratch(PathBuf);

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn write(root: &Path, id: &str, down: &str, up: &str) {
        let text = format!(
            "-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2026-01-01 00:00:00\n\n-- +upgrade\n{up}\n\n-- +downgrade\nDROP TABLE {id};\n"
        );
        std::fs::write(root.join(format!("versions/{id}.sql")), text).expect("a file");
    }

    fn scratch(name: &str) -> Scratch {
        let root =
            std::env::temp_dir().join(format!("cofferdam-planning-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("versions")).expect("a folder");
        std::fs::write(root.join("cofferdam.toml"), CONFIG).expect("a file");
        write(&root, "a1", "", "CREATE TABLE a1 (id int);");
        write(&root, "b2", "a1", "CREATE TABLE b2 (id int);");
        Scratch(root)
    }

    fn at(heads: &[&str]) -> State {
        State {
            server_version: "18.0".into(),
            heads: heads
                .iter()
                .filter_map(|id| RevisionId::new(*id).ok())
                .collect(),
            journal: Vec::new(),
            half_applied: None,
            last_run: None,
        }
    }

    fn open(scratch: &Scratch) -> Project {
        Project::open(&scratch.0).expect("a project")
    }

    fn head(scratch: &Scratch, state: &State) -> Sealed {
        make(&open(scratch), state, "local", Kind::Upgrade, "head").expect("a plan")
    }

    #[test]
    fn a_plan_holds_while_nothing_changes() {
        let scratch = scratch("holds");
        let sealed = head(&scratch, &at(&[]));
        assert_eq!(
            stale(&sealed, &open(&scratch), &at(&[])),
            Vec::<String>::new()
        );
    }

    #[test]
    fn moved_rows_changed_files_and_new_revisions_are_told() {
        let scratch = scratch("moved");
        let sealed = head(&scratch, &at(&[]));
        let words = stale(&sealed, &open(&scratch), &at(&["a1"]));
        assert!(words[0].contains("the database is at a1 now"), "{words:?}");
        write(&scratch.0, "c3", "b2", "CREATE TABLE c3 (id int);");
        let words = stale(&sealed, &open(&scratch), &at(&[]));
        assert_eq!(words, ["head would also take in c3 now."]);
        write(&scratch.0, "b2", "a1", "CREATE TABLE b2 (id bigint);");
        let words = stale(&sealed, &open(&scratch), &at(&[]));
        assert_eq!(
            words,
            ["versions/b2.sql has changed since the plan was made."]
        );
    }

    #[test]
    fn changed_settings_are_told() {
        let scratch = scratch("settings");
        let sealed = head(&scratch, &at(&[]));
        std::fs::write(
            scratch.0.join("cofferdam.toml"),
            format!("{CONFIG}lock_timeout = '5s'\n"),
        )
        .expect("a file");
        let words = stale(&sealed, &open(&scratch), &at(&[]));
        assert_eq!(
            words,
            ["The environment's settings in cofferdam.toml have changed."]
        );
    }

    #[test]
    fn beside_a_half_applied_revision_only_its_own_plan_is_made() {
        let scratch = scratch("half");
        let project = open(&scratch);
        let half = |revision: &str| State {
            half_applied: Some(HalfApplied {
                revision: revision.into(),
                direction: Direction::Upgrade,
                done: 1,
                segments: 2,
                in_flight: false,
            }),
            ..at(&["a1"])
        };
        assert!(make(&project, &half("b2"), "local", Kind::Upgrade, "head").is_ok());
        assert!(make(&project, &half("b2"), "local", Kind::Undo, "b2").is_ok());
        assert!(matches!(
            make(&project, &half("b2"), "local", Kind::Downgrade, "base"),
            Err(PlanningError::HalfApplied { .. })
        ));
        assert!(matches!(
            make(&project, &at(&["a1"]), "local", Kind::Undo, "b2"),
            Err(PlanningError::NotHalfApplied(_))
        ));
    }

    #[test]
    fn nothing_to_do_is_no_plan() {
        let scratch = scratch("nothing");
        let made = make(
            &open(&scratch),
            &at(&["b2"]),
            "local",
            Kind::Upgrade,
            "head",
        );
        assert!(matches!(made, Err(PlanningError::NothingToDo)));
    }
}
