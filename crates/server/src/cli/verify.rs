//! `cofferdam verify`: each revision up, down and up again on a throwaway PostgreSQL.

use super::scratch::{self, Wanted, with_scratch};
use super::{Context, Format, output, words};
use crate::project::Project;
use crate::verify::{self, Checked, Order, Report, Seed, Seeded};
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::history::History;
use cofferdam_engine::history::target;
use cofferdam_engine::revision::RevisionId;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::time::Instant;

mod text;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// FROM:TO proves what an upgrade from FROM to TO would run; a revision, that one alone [default: base:heads]
    #[arg(allow_negative_numbers = true)]
    range: Option<String>,
    /// A SQL file with rows, to see which of them a downgrade loses [default: that of [dry_run.seed] in cofferdam.toml]
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Load the rows when this revision has been applied [default: that of [dry_run.seed], else FROM]
    #[arg(long, value_name = "REVISION")]
    seed_at: Option<String>,
    /// Say whether the heads can be merged: apply their branches in both orders, and compare
    #[arg(long, conflicts_with_all = ["range", "seed", "seed_at"])]
    heads: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    if args.heads {
        return heads(context, &project, &history, args.format).await;
    }
    let (from, wanted) = range(&history, args.range.as_deref())?;
    if wanted.is_empty() {
        bail!(
            "there is no revision to prove in {}",
            args.range.as_deref().unwrap_or("this project")
        );
    }
    let applied = history.ancestors(&wanted.iter().cloned().collect::<Vec<_>>());
    let seed = seed(&project, &history, &args, &from)?;
    let asked = args.seed.is_some() || args.seed_at.is_some();
    if let Some(seed) = seed
        .as_ref()
        .filter(|seed| asked && !applied.contains(&seed.after))
    {
        bail!(
            "{} would be loaded after {}, which is not applied for this range: name another revision with --seed-at",
            seed.path,
            seed.after
        );
    }
    let seed = seed.filter(|seed| applied.contains(&seed.after));
    let order = Order {
        history: &history,
        wanted,
        seed,
    };
    let target = Wanted::find(context, &project).await?;
    let started = Instant::now();
    let mut progress = Progress::default();
    let report = with_scratch(context, &project, &target, async |scratch, setting| {
        let version = scratch.version().await?;
        progress.say(&format!(
            "On {}",
            scratch::words(scratch, &version, &target)
        ));
        let checked = verify::prove(scratch, setting, &order, |checked, all| {
            progress.hear(checked, all);
        });
        let checked = checked.await?;
        let seeded = order.seed.as_ref().map(|seed| Seeded {
            file: seed.path.clone(),
            after: seed.after.clone(),
        });
        let elapsed = started.elapsed().as_secs_f64() * 1000.0;
        Ok(Report::new(version, seeded, checked, elapsed))
    });
    let report = report.await;
    progress.end();
    let report = report?;
    match args.format {
        Format::Json => output::print_json(&report)?,
        Format::Text => output::print(text::report(&report, context.verbose))?,
    }
    Ok(code(report.is_fine()))
}

/// What is to be known of a revision that is not simply reversible, in lines; empty where there is nothing.
pub(super) fn details(checked: &Checked) -> String {
    let mut lines = String::new();
    text::details(&mut lines, checked);
    lines
}

pub(super) fn code(fine: bool) -> ExitCode {
    match fine {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Where the range begins, and the revisions in it.
pub(super) fn range(
    history: &History,
    text: Option<&str>,
) -> Result<(Vec<RevisionId>, BTreeSet<RevisionId>)> {
    let (from, to) = match text.unwrap_or("base:heads").split_once(':') {
        Some(ends) => ends,
        None => {
            let alone = target::resolve(history, text.unwrap_or("heads"))?;
            let below = alone.iter().flat_map(|id| history.parents(id)).collect();
            return Ok((below, alone.into_iter().collect()));
        }
    };
    let named = |text: &str, otherwise: &str| {
        target::resolve(history, if text.is_empty() { otherwise } else { text })
    };
    let from = named(from, "base")?;
    let below = history.ancestors(&from);
    let all = history.ancestors(&named(to, "heads")?);
    Ok((from, all.difference(&below).cloned().collect()))
}

/// The rows to load, as the options or the configuration say.
fn seed(
    project: &Project,
    history: &History,
    args: &Args,
    from: &[RevisionId],
) -> Result<Option<Seed>> {
    let configured = project.config.dry_run.seed.as_ref();
    let (path, file) = match (&args.seed, configured) {
        (Some(path), _) => (path.display().to_string(), path.clone()),
        (None, Some(seed)) => (seed.file.clone(), project.folder.root().join(&seed.file)),
        (None, None) if args.seed_at.is_some() => {
            bail!("--seed-at says when rows are loaded: name their file with --seed")
        }
        (None, None) => return Ok(None),
    };
    let named = args
        .seed_at
        .as_deref()
        .or(configured.map(|seed| seed.revision.as_str()));
    let after = match named {
        Some(text) => match target::resolve(history, text)?.as_slice() {
            [one] => one.clone(),
            _ => bail!("{text} is not one revision: name the one after which {path} is loaded"),
        },
        None => match from {
            [one] => one.clone(),
            _ => bail!(
                "say after which revision {path} is loaded: --seed-at REVISION, or [dry_run.seed] in cofferdam.toml"
            ),
        },
    };
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Some(Seed { path, text, after }))
}

/// Whether the heads can be merged.
async fn heads(
    context: &Context,
    project: &Project,
    history: &History,
    format: Format,
) -> Result<ExitCode> {
    let heads = history.heads_by_file();
    if heads.len() < 2 {
        output::note(format!(
            "There is one head ({}): nothing to merge",
            words::join(&heads)
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let target = Wanted::find(context, project).await?;
    let mut progress = Progress::default();
    let (version, merged) = with_scratch(context, project, &target, async |scratch, setting| {
        let version = scratch.version().await?;
        progress.say(&format!(
            "On {}",
            scratch::words(scratch, &version, &target)
        ));
        Ok((
            version,
            verify::merging(scratch, setting, history, &heads).await?,
        ))
    })
    .await?;
    let fine = merged.iter().all(|pair| {
        matches!(
            pair.merging,
            cofferdam_engine::verify::Merging::Commutes { .. }
        )
    });
    match format {
        Format::Json => output::print_json(&serde_json::json!({
            "format": cofferdam_engine::verify::FORMAT,
            "postgres": version,
            "pairs": merged,
        }))?,
        Format::Text => output::print(text::merging(&merged))?,
    }
    Ok(code(fine))
}

/// What is under way, on stderr: one line that changes on a terminal, nothing in a log.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: usize,
    open: bool,
}

impl Progress {
    pub fn say(&mut self, words: &str) {
        output::note(words);
    }

    fn hear(&mut self, checked: &Checked, all: usize) {
        self.done += 1;
        self.show(&format!("{} of {all}: {}", self.done, checked.revision));
    }

    /// Shows `words` in place of what was shown before.
    pub fn show(&mut self, words: &str) {
        if output::is_quiet() || !std::io::stderr().is_terminal() {
            return;
        }
        self.open = true;
        let mut out = std::io::stderr().lock();
        let _ = write!(out, "\r\x1b[K{words}");
        let _ = out.flush();
    }

    pub fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
