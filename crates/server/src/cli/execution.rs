//! Planning and running on a database: what upgrade, downgrade, stamp and undo have in common.

use super::context::Target;
use super::output::note;
use super::progress::Progress;
use super::{Context, failure, say, words};
use crate::driver::{self, Wishes};
use crate::environment::{State, StateError};
use crate::gate;
use crate::project::Project;
use anyhow::{Result, bail};
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{Kind, Plan, PlanError, Request, Sealed};
use cofferdam_engine::run::{InFlight, Options, Outcome, Refusal};
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long to wait for another run where nothing else is said.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// How often a database that does not answer is asked again.
const RETRY: Duration = Duration::from_millis(500);

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub target: &'a str,
    /// How long to wait for the database and for other runs; none: only a little, for other runs.
    pub wait: Option<Duration>,
    pub in_flight: Option<InFlight>,
    /// A protected environment's name, repeated.
    pub confirmed: Option<&'a str>,
}

/// A person's answer about a statement that a crash left open.
#[derive(Debug, clap::Args)]
pub struct Answer {
    /// Whether the statement outside a transaction that a crash left open took effect
    #[arg(long, value_name = "done|again", value_parser = ["done", "again"])]
    in_flight: Option<String>,
}

impl Answer {
    pub fn in_flight(&self) -> Option<InFlight> {
        self.in_flight.as_deref().map(|word| match word {
            "done" => InFlight::Done,
            _ => InFlight::Again,
        })
    }
}

/// Plans by `make`, runs, and plans again where another run came first.
pub async fn run(
    context: &Context,
    project: &Project,
    order: Order<'_>,
    make: impl Fn(Request<'_>, &State) -> Result<Plan, PlanError>,
) -> Result<ExitCode> {
    let history = project.history()?;
    context
        .with_target(project, async |target| {
            target.allow_direct(&project.config)?;
            let work = Work {
                project,
                history: &history,
                target,
                order,
            };
            work.run(&make).await
        })
        .await
}

struct Work<'a> {
    project: &'a Project,
    history: &'a History,
    target: &'a Target,
    order: Order<'a>,
}

impl Work<'_> {
    async fn run(
        &self,
        make: &impl Fn(Request<'_>, &State) -> Result<Plan, PlanError>,
    ) -> Result<ExitCode> {
        let deadline = Instant::now() + self.order.wait.unwrap_or(LOCK_WAIT);
        let cancel = listen_for_signals();
        let wishes = Wishes::until(cancel.clone());
        listen_for_pauses(&wishes);
        loop {
            let state = self.state(deadline, &cancel).await?;
            let request = Request {
                history: self.history,
                config: &self.project.config,
                environment: self.target.environment.as_deref(),
                current: &state.heads,
            };
            let plan = make(request, &state)?;
            self.check_confirmed(&plan)?;
            if plan.is_empty() {
                return self.nothing_to_do(&state);
            }
            let environment = self.target.environment.as_deref();
            gate::check_plan(&self.target.database, environment, self.project, &plan).await?;
            let sealed = Sealed::new(plan);
            let options = Options {
                run: format!("{:016x}{:016x}", driver::random(), driver::random()),
                actor: actor(),
                approval: None,
                wait_ms: u64::try_from((deadline - Instant::now()).as_millis()).unwrap_or(u64::MAX),
                in_flight: self.order.in_flight,
            };
            let mut progress = Progress::new(sealed.plan());
            let on_report = |report: &_| progress.hear(report);
            let outcome =
                driver::execute(&self.target.database, &sealed, options, on_report, &wishes).await;
            let outcome = match outcome {
                Err(error) if self.may_retry(error.is_transient(), deadline) => {
                    pause(&cancel).await;
                    continue;
                }
                outcome => outcome?,
            };
            let in_time = Instant::now() < deadline;
            match &outcome {
                Outcome::Done => {
                    progress.end();
                    return Ok(ExitCode::SUCCESS);
                }
                // Somebody else's run came first. A counted target means something else now.
                Outcome::Refused {
                    refusal: Refusal::Moved { .. },
                } if in_time && !self.is_counted() => {}
                // The server went away before anything was done, as it does while starting.
                Outcome::Lost { at: None, .. } if self.may_retry(true, deadline) => {
                    pause(&cancel).await
                }
                _ => {
                    progress.end();
                    say(failure::text(sealed.plan(), &outcome, progress.committed()));
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
    }

    /// Reads the state, waiting for the database to answer where that was asked for.
    async fn state(&self, deadline: Instant, cancel: &CancellationToken) -> Result<State> {
        let mut told = false;
        loop {
            match self.target.state(&self.project.config).await {
                Err(StateError::Connect(error))
                    if self.may_retry(error.is_transient(), deadline) && !cancel.is_cancelled() =>
                {
                    if !told {
                        note(format!("Waiting for the database: {error}"));
                        told = true;
                    }
                    pause(cancel).await;
                }
                state => return Ok(state?),
            }
        }
    }

    fn may_retry(&self, transient: bool, deadline: Instant) -> bool {
        transient && self.order.wait.is_some() && Instant::now() < deadline
    }

    fn is_counted(&self) -> bool {
        self.order.target.starts_with(['+', '-'])
    }

    /// A protected environment is not downgraded to base without being named twice.
    fn check_confirmed(&self, plan: &Plan) -> Result<()> {
        let to_base = plan.kind == Kind::Downgrade && plan.to.is_empty() && !plan.is_empty();
        match self.target.rules(&self.project.config) {
            Some((name, rules))
                if rules.protected && to_base && self.order.confirmed != Some(name) =>
            {
                bail!(
                    "environment {name} is protected: to downgrade it to base, repeat its name with --confirm {name}"
                )
            }
            _ => Ok(()),
        }
    }

    fn nothing_to_do(&self, state: &State) -> Result<ExitCode> {
        if let Some(half) = &state.half_applied {
            let refusal = Refusal::HalfApplied {
                revision: half.revision.clone(),
                direction: half.direction,
                done: half.done as usize,
                segments: half.segments as usize,
            };
            bail!("{refusal}");
        }
        note(format!(
            "Nothing to do: the database is at {}",
            words::place(&state.heads)
        ));
        Ok(ExitCode::SUCCESS)
    }
}

async fn pause(cancel: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(RETRY) => {}
        () = cancel.cancelled() => {}
    }
}

/// Who runs it, for the journal.
pub(super) fn actor() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = set("USER")
        .or_else(|| set("LOGNAME"))
        .unwrap_or_else(|| "unknown".into());
    let file = || {
        std::fs::read_to_string("/etc/hostname")
            .ok()
            .map(|text| text.trim().to_owned())
    };
    match set("HOSTNAME")
        .or_else(file)
        .filter(|host| !host.is_empty())
    {
        Some(host) => format!("{user}@{host}"),
        None => user,
    }
}

/// Cancelled by Ctrl-C, or as a container is stopped. The second signal ends the process at once.
pub(super) fn listen_for_signals() -> CancellationToken {
    let token = CancellationToken::new();
    let heard = token.clone();
    tokio::spawn(async move {
        signal().await;
        say("\nStopping where it is safe; once more to leave at once");
        heard.cancel();
        signal().await;
        std::process::exit(130);
    });
    token
}

/// Ctrl-Z (SIGTSTP) lets a run wait between two parts or batches, and go on again; SIGCONT lets it go on. To be stopped by
/// the terminal in the midst of a transaction would hold its locks.
#[cfg(unix)]
fn listen_for_pauses(wishes: &Wishes) {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};
    let of = |which: Signal| signal(SignalKind::from_raw(which.as_raw()));
    let (Ok(mut stop), Ok(mut go_on)) = (of(Signal::TSTP), of(Signal::CONT)) else {
        return;
    };
    let wishes = wishes.clone();
    tokio::spawn(async move {
        loop {
            let paused = tokio::select! {
                Some(()) = stop.recv() => !wishes.is_paused(),
                Some(()) = go_on.recv() => false,
                else => return,
            };
            if paused {
                say("\nPausing after what is under way; Ctrl-Z once more, or SIGCONT, goes on");
            }
            wishes.pause(paused);
        }
    });
}

#[cfg(not(unix))]
fn listen_for_pauses(_: &Wishes) {}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
