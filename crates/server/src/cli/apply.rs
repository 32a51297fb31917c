//! `cofferdam apply PLAN`: has a server apply a plan, and follows the run.

mod client;

use super::execution::Answer;
use super::progress::Progress;
use super::{Context, address, failure, say};
use anyhow::{Context as _, Result, bail};
use client::Client;
use cofferdam_engine::api::{PlanRecord, ProjectSummary, RunEvent, RunSummary};
use cofferdam_engine::plan::Sealed;
use cofferdam_engine::run::{InFlight, Outcome};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plan's number, as the workbench shows it
    plan: u64,
    /// The server's address [env: COFFERDAM_SERVER; default: http://127.0.0.1:8400]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// An API token with the scope apply [env: COFFERDAM_TOKEN, which other users of the machine cannot see]
    #[arg(long, value_name = "SECRET")]
    token: Option<String>,
    #[command(flatten)]
    answer: Answer,
}

/// How often a broken line is mended before giving up.
const TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_secs(2);

pub async fn run(_: &Context, args: Args) -> Result<ExitCode> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let token = args.token.clone().or_else(|| set("COFFERDAM_TOKEN"));
    let Some(token) = token else {
        bail!(
            "a token is needed: set COFFERDAM_TOKEN, or give --token (`cofferdam token create --name … --scope apply` makes one)"
        );
    };
    let server = match (&args.server, set("COFFERDAM_SERVER")) {
        (Some(server), _) => address::check("--server", server)?,
        (None, Some(server)) => address::check("COFFERDAM_SERVER", &server)?,
        (None, None) => address::DEFAULT.to_owned(),
    };
    let client = Client::new(server, &token);
    tokio::task::spawn_blocking(move || apply(&client, &args)).await?
}

fn apply(client: &Client, args: &Args) -> Result<ExitCode> {
    let projects: Vec<ProjectSummary> = client.read("/projects")?;
    let project = projects.first().context("the server has no project")?;
    let plan = format!("/projects/{}/plans/{}", project.slug, args.plan);
    let record: PlanRecord = client.read(&plan)?;
    let sealed = Sealed::verify(&record.text, &record.summary.digest)?;
    let body = match args.answer.in_flight() {
        Some(InFlight::Done) => serde_json::json!({ "in_flight": "done" }),
        Some(InFlight::Again) => serde_json::json!({ "in_flight": "again" }),
        None => serde_json::json!({}),
    };
    let run: RunSummary = client.send(&format!("{plan}/runs"), &body)?;
    say(format!(
        "Run {} of plan {} on {}; the server goes on with it if this command is stopped",
        run.id, run.plan, run.environment
    ));
    let mut progress = Progress::new(sealed.plan());
    let events = format!("/projects/{}/runs/{}/events", project.slug, run.id);
    let outcome = follow(client, &events, |event| {
        if let Some(report) = &event.report {
            progress.hear(report);
        }
    })?;
    progress.end();
    if outcome == Outcome::Done {
        return Ok(ExitCode::SUCCESS);
    }
    say(failure::text(sealed.plan(), &outcome, progress.committed()));
    Ok(ExitCode::FAILURE)
}

/// Hears a run's events up to its outcome, however often the line breaks.
fn follow(client: &Client, path: &str, mut hear: impl FnMut(&RunEvent)) -> Result<Outcome> {
    let mut last = 0;
    let mut broken = None;
    for _ in 0..TRIES {
        let mut outcome = None;
        let line = client.events(path, last, |event: RunEvent| {
            if event.seq > last {
                last = event.seq;
                hear(&event);
            }
            outcome = event.outcome;
            if outcome.is_some() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if let Some(outcome) = outcome {
            return Ok(outcome);
        }
        broken = line.err();
        std::thread::sleep(PAUSE);
    }
    let error = broken.unwrap_or_else(|| anyhow::anyhow!("the server ended the line"));
    Err(error.context("the run cannot be followed any more; look at it in the workbench"))
}
