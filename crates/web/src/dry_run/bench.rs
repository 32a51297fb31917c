//! The bench: the dry run under way or done last, kept while the tab lives, and the warm database.

use super::order::Order;
use super::record::{Kind, Progress, Proof, State};
use super::stop::Stop;
use super::warm::Warmth;
use super::{prover, warm};
use crate::js::pglite::Pglite;
use cofferdam_engine::config::Project;
use cofferdam_engine::plan::PlanError;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

struct Bench {
    last: ArcRwSignal<Option<Arc<Proof>>>,
    running: ArcRwSignal<bool>,
    stop: RefCell<Rc<Stop>>,
    /// What the page wants kept warm; none while no page is open.
    wanted: RefCell<Option<Vec<String>>>,
}

thread_local! {
    static BENCH: Bench = Bench {
        last: ArcRwSignal::new(None),
        running: ArcRwSignal::new(false),
        stop: RefCell::default(),
        wanted: RefCell::new(None),
    };
}

/// The dry run under way, or the last one.
pub fn last() -> ArcRwSignal<Option<Arc<Proof>>> {
    BENCH.with(|bench| bench.last.clone())
}

pub fn running() -> ArcRwSignal<bool> {
    BENCH.with(|bench| bench.running.clone())
}

/// The page is open, before it knows what it may run: PostgreSQL's files are fetched and compiled.
pub fn open() {
    leptos::task::spawn_local(async {
        // Whoever starts a database tries again, and says what failed.
        let _ = Pglite::load().await;
    });
}

/// Keeps one database warm with `extensions` while the page is open; not beside a run.
pub fn keep_warm(extensions: &[String]) {
    BENCH.with(|bench| {
        bench.wanted.replace(Some(extensions.to_vec()));
        if !bench.running.get_untracked() {
            warm::start(extensions);
        }
    });
}

/// The page is gone: its warm database goes too. A run goes on.
pub fn cool() {
    BENCH.with(|bench| bench.wanted.replace(None));
    warm::drop_spare();
}

/// How the warm database is.
pub fn warmth() -> ArcRwSignal<Warmth> {
    warm::warmth()
}

/// Stops the run under way. What it has shown stays.
pub fn cancel() {
    BENCH.with(|bench| bench.stop.borrow().now());
}

/// Starts `order`, unless a run is under way.
pub fn start(order: Order, project: Project) -> Result<(), PlanError> {
    let (running, last) = (running(), last());
    if running.get_untracked() {
        return Ok(());
    }
    let proof = Arc::new(record(&order)?);
    let stop = Rc::new(Stop::default());
    BENCH.with(|bench| bench.stop.replace(stop.clone()));
    running.set(true);
    last.set(Some(proof.clone()));
    leptos::task::spawn_local(async move {
        prover::prove(&order, &project, &proof, &stop).await;
        running.set(false);
        // The next click should not wait for a start either.
        if let Some(extensions) = BENCH.with(|bench| bench.wanted.borrow().clone()) {
            warm::start(&extensions);
        }
    });
    Ok(())
}

/// The record of `order` before anything has run.
pub fn record(order: &Order) -> Result<Proof, PlanError> {
    let phases = order.phases()?;
    let digests = order.legs()?.into_iter().flat_map(|leg| {
        leg.plans
            .iter()
            .map(move |sealed| (leg.kind, sealed.digest().to_owned()))
    });
    if let Some(boot) = phases.iter().find(|phase| phase.kind == Kind::Boot) {
        boot.progress.set(Progress {
            state: State::Running,
            ..Progress::default()
        });
    }
    Ok(Proof {
        mode: order.mode,
        from: order.range.from.clone(),
        to: order.range.to.clone(),
        left_out: order.range.left_out,
        phases,
        digests: digests.collect(),
        postgres: ArcRwSignal::new(None),
        now: ArcRwSignal::new(None),
        seed_rows: ArcRwSignal::new(None),
        change: ArcRwSignal::new(None),
        ends: ArcRwSignal::new(None),
        comparison: ArcRwSignal::new(None),
        ending: ArcRwSignal::new(None),
        elapsed_ms: ArcRwSignal::new(0.0),
    })
}
