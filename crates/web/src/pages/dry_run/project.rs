//! What the dry run takes from the workspace: saved files with the drafts laid over them.

use super::python::has_source;
use crate::dry_run::bench;
use crate::dry_run::range::{Place, Project};
use crate::dry_run::seed::Seed;
use crate::state::{Workspace, state};
use cofferdam_engine::api::EnvironmentState;
use cofferdam_engine::history::{History, target};
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The open project, as far as it can be run.
#[derive(Clone)]
pub enum Opening {
    Loading,
    /// Why its files make no history.
    Broken(Vec<String>),
    /// Two are the same only when they are one.
    Ready(Arc<Project>),
}

impl PartialEq for Opening {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Opening::Loading, Opening::Loading) => true,
            (Opening::Broken(one), Opening::Broken(two)) => one == two,
            (Opening::Ready(one), Opening::Ready(two)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}

impl Opening {
    pub fn ready(&self) -> Option<&Arc<Project>> {
        match self {
            Opening::Ready(project) => Some(project),
            Opening::Loading | Opening::Broken(_) => None,
        }
    }
}

/// `leaves_out`: without the parts of Python files that cannot be known.
pub fn project(leaves_out: Memo<bool>) -> Memo<Opening> {
    let state = state();
    Memo::new(move |_| match state.with_drafts.get() {
        Some(workspace) => state
            .environments
            .with(|environments| open(&workspace, environments, leaves_out.get())),
        None => Opening::Loading,
    })
}

fn open(workspace: &Workspace, environments: &[EnvironmentState], leaves_out: bool) -> Opening {
    let mut broken: Vec<String> = workspace.trouble.iter().cloned().collect();
    let history = match &workspace.history {
        Ok(history) if broken.is_empty() => history.clone(),
        Ok(_) => return Opening::Broken(broken),
        Err(errors) => {
            broken.extend(errors.iter().map(ToString::to_string));
            return Opening::Broken(broken);
        }
    };
    let (history, left_out) = match leaves_out {
        true => without_python(&history),
        false => (history, BTreeSet::new()),
    };
    Opening::Ready(Arc::new(Project {
        history,
        left_out,
        config: Arc::new(workspace.config.clone()),
        seed: seed(workspace),
        environments: environments.iter().filter_map(rows).collect(),
        drafted: workspace.drafted.clone(),
    }))
}

/// The project with `history` in the place of its own: what is not written yet is part of it. No environment is there.
pub fn alone(workspace: &Workspace, history: Arc<History>) -> Project {
    Project {
        history,
        left_out: BTreeSet::new(),
        config: Arc::new(workspace.config.clone()),
        seed: seed(workspace),
        environments: Vec::new(),
        drafted: Vec::new(),
    }
}

/// The same history without the parts that cannot be known, and the revisions that had some. What a file raises stays: it
/// is there to stop a run.
fn without_python(history: &Arc<History>) -> (Arc<History>, BTreeSet<RevisionId>) {
    let mut left_out = BTreeSet::new();
    let scripts = history.scripts().map(|script| {
        let mut script = script.clone();
        if let Some(python) = &mut script.python {
            for body in [&mut python.upgrade, &mut python.downgrade] {
                let before = body.unreadable.len();
                body.unreadable.retain(|part| !has_source(part));
                if body.unreadable.len() < before {
                    left_out.insert(script.revision.id.clone());
                }
            }
        }
        script
    });
    match History::new(scripts.collect()) {
        Ok(known) => (Arc::new(known), left_out),
        // The same revisions made a history before.
        Err(_) => (history.clone(), BTreeSet::new()),
    }
}

fn seed(workspace: &Workspace) -> Option<Seed> {
    let seed = workspace.config.dry_run.seed.as_ref()?;
    let file = workspace.files.get(seed.file.trim_start_matches("./"))?;
    let revision = RevisionId::new(seed.revision.as_str()).ok()?;
    Some(Seed {
        path: file.path.clone(),
        revision,
        text: file.text(),
    })
}

/// The version rows of an environment, where they are known.
fn rows(environment: &EnvironmentState) -> Option<(String, Vec<RevisionId>)> {
    if environment.error.is_some() {
        return None;
    }
    let ids = environment
        .heads
        .iter()
        .map(|id| RevisionId::new(id.as_str()).ok());
    Some((environment.name.clone(), ids.collect::<Option<_>>()?))
}

/// The range when the address names none: the last run's, where this project has it; else from the first environment
/// that is behind, or from nothing, to the heads.
pub fn usual(project: &Project) -> (Place, Place) {
    let last = bench::last().with_untracked(|last| {
        last.as_ref()
            .map(|proof| (proof.from.clone(), proof.to.clone()))
    });
    let known = |place: &Place| match place {
        Place::Environment(name) => project.environments.iter().any(|(other, _)| other == name),
        Place::Target(target) => target::resolve(&project.history, target).is_ok(),
    };
    last.filter(|(from, to)| known(from) && known(to))
        .unwrap_or_else(|| {
            let heads = project.history.heads();
            let behind = project
                .environments
                .iter()
                .find(|(_, rows)| !heads.iter().all(|head| rows.contains(head)));
            let from = behind.map_or_else(
                || Place::Target("base".into()),
                |(name, _)| Place::Environment(name.clone()),
            );
            (from, Place::Target("heads".into()))
        })
}
