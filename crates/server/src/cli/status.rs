//! `cofferdam status`: the database beside the files.

use super::words::Item;
use super::{Context, Format, output, words};
use crate::environment::State;
use anyhow::Result;
use cofferdam_engine::api::{HalfApplied, LastRun};
use cofferdam_engine::history::History;
use cofferdam_engine::history::target::{self, TargetError};
use cofferdam_engine::revision::RevisionId;
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is so; the shape of the JSON result.
#[derive(Debug, Serialize)]
struct Status<'a> {
    environment: Option<String>,
    /// Without the password.
    database: String,
    server_version: &'a str,
    current: &'a [RevisionId],
    heads: Vec<RevisionId>,
    /// In the order in which `upgrade heads` would run them; null where it could not, as where a current revision has
    /// no file.
    pending: Option<Vec<Item<'a>>>,
    /// Why nobody can know.
    #[serde(skip)]
    not_known: Option<TargetError>,
    /// Applied revisions whose file is not what was applied.
    changed: Vec<Difference<'a>>,
    /// Applied revisions that no file has.
    gone: Vec<Difference<'a>>,
    half_applied: Option<&'a HalfApplied>,
    last_run: Option<&'a LastRun>,
}

#[derive(Debug, Serialize)]
struct Difference<'a> {
    revision: &'a str,
    path: &'a str,
    /// When it was applied; none where the journal does not know.
    applied_at: Option<&'a str>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    // The digests of whole files are compared.
    let project = context.project()?;
    let history = project.history()?;
    let (state, environment, database) = context
        .with_target(&project, async |target| {
            let state = target.state(&project.config).await?;
            Ok((
                state,
                target.environment.clone(),
                target.database.to_string(),
            ))
        })
        .await?;
    let status = Status {
        environment,
        database,
        ..compare(&history, &state)
    };
    match args.format {
        Format::Json => output::print_json(&status)?,
        Format::Text => output::print(text(&status))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn compare<'a>(history: &'a History, state: &'a State) -> Status<'a> {
    let applied = history.ancestors(&state.heads);
    let pending = target::upgrade(history, &state.heads, "heads");
    let mut changed = Vec::new();
    let mut gone = Vec::new();
    for file in &state.journal {
        let id = RevisionId::new(file.revision.as_str()).ok();
        let now = id.and_then(|id| history.get(&id));
        let difference = Difference {
            revision: &file.revision,
            path: now.map_or(&file.path, |script| &script.path),
            applied_at: Some(&file.at),
        };
        match now {
            None => gone.push(difference),
            Some(now) if now.sha256 != file.sha256 && applied.contains(&now.revision.id) => {
                changed.push(difference)
            }
            Some(_) => {}
        }
    }
    for id in &state.heads {
        let told = gone
            .iter()
            .any(|difference| difference.revision == id.as_str());
        if history.get(id).is_none() && !told {
            gone.push(Difference {
                revision: id.as_str(),
                path: "",
                applied_at: None,
            });
        }
    }
    let (pending, not_known) = match pending {
        Ok(ids) => {
            let scripts = ids.iter().filter_map(|id| history.get(id));
            (
                Some(scripts.map(|script| Item::new(history, script)).collect()),
                None,
            )
        }
        Err(error) => (None, Some(error)),
    };
    Status {
        environment: None,
        database: String::new(),
        server_version: &state.server_version,
        current: &state.heads,
        heads: history.heads(),
        pending,
        not_known,
        changed,
        gone,
        half_applied: state.half_applied.as_ref(),
        last_run: state.last_run.as_ref(),
    }
}

fn text(status: &Status<'_>) -> String {
    let mut text = String::new();
    let mut row = |name: &str, words: &str| {
        let _ = writeln!(text, "{name:<14}{words}");
    };
    row(
        "Database",
        &format!("{} (PostgreSQL {})", status.database, status.server_version),
    );
    if let Some(environment) = &status.environment {
        row("Environment", environment);
    }
    let pending = status.pending.as_deref();
    let at_heads = pending.is_some_and(<[_]>::is_empty) && !status.current.is_empty();
    let mark = if at_heads { " (head)" } else { "" };
    row(
        "Current",
        &format!("{}{mark}", words::place(status.current)),
    );
    row("Heads", &words::join(&status.heads));
    match pending {
        None => {
            let why = status.not_known.as_ref().map(ToString::to_string);
            row("Pending", &format!("unknown: {}", why.unwrap_or_default()));
        }
        Some([]) => row("Pending", "nothing"),
        Some(items) => row("Pending", &items.len().to_string()),
    }
    for item in pending.unwrap_or_default() {
        row("", &format!("{}, {}", item.revision, item.message));
    }
    for (name, list) in [("Changed", &status.changed), ("Gone", &status.gone)] {
        for (at, difference) in list.iter().enumerate() {
            let when = difference
                .applied_at
                .map(|at| format!(", applied {at}"))
                .unwrap_or_default();
            let words = format!("{} {}{when}", difference.revision, difference.path);
            row(if at == 0 { name } else { "" }, words.trim_end());
        }
    }
    if let Some(half) = status.half_applied {
        let open = if half.in_flight {
            "; one statement was under way"
        } else {
            ""
        };
        let words = format!(
            "{} ({}: {} of {} parts{open})",
            half.revision, half.direction, half.done, half.segments
        );
        row("Half applied", &words);
        row(
            "",
            &format!(
                "run the same command again, or `cofferdam undo {}`",
                half.revision
            ),
        );
    }
    if let Some(run) = status.last_run {
        row(
            "Last run",
            &format!(
                "{} by {}, {}, {}",
                run.kind, run.actor, run.started_at, run.state
            ),
        );
        if let Some(error) = &run.error {
            row("", error);
        }
    }
    text
}
