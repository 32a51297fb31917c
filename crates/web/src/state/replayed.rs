//! What was made by the revisions before one: replayed once, and known to whoever asks again.

use super::Workspace;
use crate::dry_run::time::Slices;
use cofferdam_engine::hazard::{Judge, Options};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A judge is kept after so many revisions: to replay as many takes a moment.
const EVERY: usize = 1000;

/// Judges that were asked for and are kept, the newest.
const ASKED: usize = 4;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Judges by what they have replayed: a digest of all those upgrades, in order.
#[derive(Default)]
struct Known {
    options: Options,
    /// After each [`EVERY`] revisions.
    milestones: HashMap<u64, Judge>,
    asked: VecDeque<(u64, Judge)>,
}

impl Known {
    fn get(&self, key: u64) -> Option<&Judge> {
        let asked = self.asked.iter().find(|(other, _)| *other == key);
        asked
            .map(|(_, judge)| judge)
            .or_else(|| self.milestones.get(&key))
    }
}

/// The way to a judge that knows what some revisions made.
struct Walk<'a> {
    scripts: Vec<&'a Script>,
    /// The digest after each of them.
    keys: Vec<u64>,
    /// How many are replayed.
    at: usize,
    judge: Judge,
}

impl<'a> Walk<'a> {
    /// From where what is known ends.
    fn new(workspace: &'a Workspace, parents: &[RevisionId]) -> Self {
        // A mistake in the project's settings is told where they are used to run.
        let options = workspace.config.lint_options(None);
        let options = options.unwrap_or_else(|_| Options::default());
        let mut scripts: Vec<&Script> = Vec::new();
        if let Ok(history) = &workspace.history {
            let below = history.ancestors(parents);
            scripts.extend(
                history
                    .scripts()
                    .filter(|script| below.contains(&script.revision.id)),
            );
        }
        let mut digest = DefaultHasher::new();
        let keys: Vec<u64> = scripts
            .iter()
            .map(|script| {
                script.revision.sql(Direction::Upgrade).hash(&mut digest);
                digest.finish()
            })
            .collect();
        KNOWN.with_borrow_mut(|known| {
            if known.options != options {
                *known = Known {
                    options: options.clone(),
                    ..Known::default()
                };
            }
            let mut from = keys.iter().enumerate().rev();
            let found = from.find_map(|(at, key)| Some((at + 1, known.get(*key)?.clone())));
            let (at, judge) = found.unwrap_or_else(|| (0, Judge::new(&options)));
            Walk {
                scripts,
                keys,
                at,
                judge,
            }
        })
    }

    /// Replays the next; false where there is none.
    fn step(&mut self) -> bool {
        let Some(script) = self.scripts.get(self.at) else {
            return false;
        };
        self.judge.replay(script.revision.sql(Direction::Upgrade));
        self.at += 1;
        if self.at.is_multiple_of(EVERY) {
            self.judge.settle();
            let key = self.keys[self.at - 1];
            KNOWN.with_borrow_mut(|known| {
                // Those of a project that is closed, or of texts that have changed, go.
                if known.milestones.len() > 4 * self.scripts.len() / EVERY + 4 {
                    known.milestones.clear();
                }
                known.milestones.insert(key, self.judge.clone());
            });
        }
        true
    }

    fn end(mut self) -> Judge {
        self.judge.settle();
        if let Some(key) = self.keys.last() {
            KNOWN.with_borrow_mut(|known| {
                known.asked.retain(|(other, _)| other != key);
                known.asked.push_front((*key, self.judge.clone()));
                known.asked.truncate(ASKED);
            });
        }
        self.judge
    }
}

/// A judge that knows what `parents` and all before them made.
pub fn before(workspace: &Workspace, parents: &[RevisionId]) -> Judge {
    let mut walk = Walk::new(workspace, parents);
    while walk.step() {}
    walk.end()
}

/// Replays a long history while nothing else is to be done, so that nobody waits for it later.
pub fn ahead(workspace: RwSignal<Option<Arc<Workspace>>>) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let workspace = workspace.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let long = workspace.filter(|it| it.history.as_ref().is_ok_and(|it| it.len() > EVERY));
        let Some(workspace) = long else { return };
        spawn_local(async move {
            let mut slices = Slices::new();
            slices.rest().await;
            let mut walk = Walk::new(&workspace, &workspace.heads());
            while turn.try_get_value() == Some(mine) {
                if !walk.step() {
                    walk.end();
                    return;
                }
                if slices.is_over() {
                    slices.rest().await;
                }
            }
        });
    });
}
