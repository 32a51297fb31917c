//! Runs under way in this process, each in a task of its own.

use crate::database::Database;
use crate::driver::{self, Wishes};
use crate::store::Store;
use crate::store::run::Alive;
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run::{DbError, Options, Outcome, Report};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

/// How often the state database is asked what another server was told of a run.
const LOOK: Duration = Duration::from_secs(2);

/// The runs of this process.
#[derive(Clone, Debug)]
pub struct Runner {
    store: Store,
    active: Arc<Mutex<HashMap<String, Active>>>,
    tasks: TaskTracker,
}

#[derive(Clone, Debug)]
struct Active {
    wishes: Wishes,
    /// Changes whenever something was written to the run's events.
    news: watch::Sender<u64>,
}

impl Runner {
    pub fn new(store: Store) -> Self {
        Runner {
            store,
            active: Arc::default(),
            tasks: TaskTracker::new(),
        }
    }

    /// Starts a run that [`Store::open_run`] has opened.
    pub fn start(&self, database: Database, sealed: Sealed, options: Options, alive: Alive) {
        let active = Active {
            wishes: Wishes::default(),
            news: watch::Sender::new(0),
        };
        self.lock().insert(options.run.clone(), active.clone());
        let runner = self.clone();
        self.tasks.spawn(async move {
            let run = options.run.clone();
            let outcome = runner.carry_out(&database, &sealed, options, &active).await;
            tracing::info!(run, outcome = name(&outcome), "a run has ended");
            runner.write_end(&run, &outcome).await;
            alive.end().await;
            runner.lock().remove(&run);
            active.news.send_modify(|news| *news += 1);
        });
    }

    async fn carry_out(
        &self,
        database: &Database,
        sealed: &Sealed,
        options: Options,
        active: &Active,
    ) -> Outcome {
        let run = options.run.clone();
        let (sender, receiver) = mpsc::unbounded_channel();
        let writing = self.write_reports(&run, receiver, active);
        let running = async {
            // The writer's end is gone only after this one.
            let heard = move |report: &Report| drop(sender.send(report.clone()));
            driver::execute(database, sealed, options, heard, &active.wishes).await
        };
        let watching = self.watch_for_wishes(&run, active);
        let ended = async {
            tokio::select! {
                result = running => result,
                never = watching => match never {},
            }
        };
        let (result, ()) = tokio::join!(ended, writing);
        result.unwrap_or_else(|error| Outcome::Failed {
            at: None,
            what: "connect to the database".into(),
            error: DbError {
                message: error.to_string(),
                ..DbError::default()
            },
            half_applied: false,
        })
    }

    async fn write_reports(
        &self,
        run: &str,
        mut reports: mpsc::UnboundedReceiver<Report>,
        active: &Active,
    ) {
        while let Some(report) = reports.recv().await {
            if let Err(error) = self.store.add_report(run, &report).await {
                tracing::error!(run, %error, "a report of a run is not written down");
            }
            active.news.send_modify(|news| *news += 1);
        }
    }

    /// Another server over the same state database may have been asked to cancel, to pause or to go on.
    async fn watch_for_wishes(&self, run: &str, active: &Active) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Ok(Some(asked)) = self.store.wishes(run).await {
                if asked.cancel {
                    active.wishes.cancel();
                }
                active.wishes.pause(asked.pause);
            }
        }
    }

    async fn write_end(&self, run: &str, outcome: &Outcome) {
        for pause in [1, 5, 20] {
            match self.store.close_run(run, outcome).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(run, %error, "the end of a run is not written down yet")
                }
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }

    /// Asks a run of this process to stop where it is safe.
    pub fn cancel(&self, run: &str) {
        if let Some(active) = self.lock().get(run) {
            active.wishes.cancel();
        }
    }

    /// Asks a run of this process to wait, or to go on, after what is under way.
    pub fn pause(&self, run: &str, paused: bool) {
        if let Some(active) = self.lock().get(run) {
            active.wishes.pause(paused);
        }
    }

    /// Tells of news of a run of this process.
    pub fn news(&self, run: &str) -> Option<watch::Receiver<u64>> {
        self.lock().get(run).map(|active| active.news.subscribe())
    }

    /// Waits `patience` for the runs under way, then cancels them and waits for that.
    pub async fn finish(&self, patience: Duration) {
        self.tasks.close();
        let count = self.lock().len();
        if count == 0 {
            return;
        }
        tracing::warn!(
            count,
            "waiting up to {} seconds for runs under way",
            patience.as_secs()
        );
        if tokio::time::timeout(patience, self.tasks.wait())
            .await
            .is_ok()
        {
            return;
        }
        let active: Vec<Active> = self.lock().values().cloned().collect();
        tracing::warn!(
            count = active.len(),
            "cancelling the runs that are still under way"
        );
        for run in active {
            run.wishes.cancel();
        }
        if tokio::time::timeout(patience, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::error!(
                "leaving runs that cannot be cancelled; applying their plans again finds out what happened"
            );
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed { .. } => "failed",
        Outcome::Cancelled { .. } => "cancelled",
        Outcome::Lost { .. } => "lost",
        Outcome::Refused { .. } => "refused",
    }
}
