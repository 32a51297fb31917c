//! Runs of which only the schema is wanted, beside the bench: the schema around a revision, and both orders of two branches.
//! What one run found is known for as long as the tab lives and the files stay as they are.

use super::bench::record;
use super::order::{Mode, Order};
use super::prover;
use super::range::{Project, Range};
use super::record::{Ending, Ends, Proof};
use super::stop::Stop;
use cofferdam_engine::plan::PlanError;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// Results that are kept; those of long ago go first.
const KEPT: usize = 12;

thread_local! {
    static KNOWN: RefCell<VecDeque<(String, Arc<Ends>)>> = const { RefCell::new(VecDeque::new()) };
}

/// What an order's result depends on: the digests of what it runs.
fn key(order: &Order) -> Result<String, PlanError> {
    let legs = order.legs()?;
    let digests = legs.iter().flat_map(|leg| leg.plans).map(|it| it.digest());
    let digests: Vec<String> = digests.map(str::to_owned).collect();
    Ok(digests.join(" "))
}

/// One run that has not begun.
pub struct Aside {
    order: Order,
    key: String,
    pub proof: Arc<Proof>,
    pub stop: Rc<Stop>,
}

impl Aside {
    pub fn new(range: Range) -> Result<Self, PlanError> {
        Aside::with_mode(range, Mode::Upgrade)
    }

    pub fn with_mode(range: Range, mode: Mode) -> Result<Self, PlanError> {
        let order = Order {
            mode,
            range: Arc::new(range),
        };
        Ok(Aside {
            key: key(&order)?,
            proof: Arc::new(record(&order)?),
            order,
            stop: Rc::default(),
        })
    }

    /// What it found when it ran before.
    pub fn known(&self) -> Option<Arc<Ends>> {
        KNOWN.with_borrow(|known| {
            let mut found = known.iter().filter(|(key, _)| *key == self.key);
            found.next().map(|(_, ends)| ends.clone())
        })
    }

    /// How many revisions it runs.
    pub fn count(&self) -> usize {
        self.proof.phases.iter().map(|it| it.entries.len()).sum()
    }

    /// Runs it, whether or not it ran before: all that it shows is wanted.
    pub async fn prove(&self, project: &Project) {
        let settings = &project.config.project;
        prover::prove(&self.order, settings, &self.proof, &self.stop).await;
    }

    /// Runs it, unless its result is known. What is under way stands in `proof`.
    pub async fn run(&self, project: &Project) -> Result<Arc<Ends>, Ending> {
        if let Some(ends) = self.known() {
            return Ok(ends);
        }
        self.prove(project).await;
        match (
            self.proof.ending.get_untracked(),
            self.proof.ends.get_untracked(),
        ) {
            (Some(Ending::Done), Some(ends)) => {
                KNOWN.with_borrow_mut(|known| {
                    known.truncate(KEPT - 1);
                    known.push_front((self.key.clone(), ends.clone()));
                });
                Ok(ends)
            }
            (ending, _) => Err(ending.unwrap_or(Ending::Cancelled)),
        }
    }
}
