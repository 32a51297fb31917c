//! `cofferdam checklist`: what has to be so before a deployment or a rollback, computed where it can be.

use super::scratch::{self, Wanted, with_scratch};
use super::{Context, Format, output, verify as verifying};
use crate::project::{Project, ProjectError};
use crate::verify::{self, Order};
use anyhow::{Result, bail};
use cofferdam_engine::checklist::{self, Item, Occasion, Question};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{RevisionId, Script};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// FROM:TO, what an upgrade from FROM to TO would run, or one revision [default: base:heads]
    #[arg(allow_negative_numbers = true)]
    range: Option<String>,
    /// The list for taking these revisions back
    #[arg(long)]
    rollback: bool,
    /// Who says that something is done which no program can see, such as backup=Ada; several times
    #[arg(long, value_name = "ITEM=NAME", value_parser = confirmation)]
    confirmed: Vec<(String, String)>,
    /// Leave the proof on a throwaway PostgreSQL out: its item stays open
    #[arg(long)]
    no_verify: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn confirmation(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((item, name)) if !item.trim().is_empty() && !name.trim().is_empty() => {
            Ok((item.trim().to_owned(), name.trim().to_owned()))
        }
        _ => Err("write ITEM=NAME, such as backup=Ada".to_owned()),
    }
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let occasion = match args.rollback {
        true => Occasion::Rollback,
        false => Occasion::Deployment,
    };
    let persons = occasion.persons();
    let confirmed: BTreeMap<String, String> = args.confirmed.iter().cloned().collect();
    if let Some(unknown) = confirmed
        .keys()
        .find(|item| !persons.iter().any(|(known, _)| known == item))
    {
        let known: Vec<&str> = persons.iter().map(|(item, _)| *item).collect();
        bail!(
            "{unknown} is no item that a person confirms: there are {}",
            known.join(", ")
        );
    }
    let project = context.project()?;
    let mut items = Vec::new();
    match project.history() {
        Err(error) => items.push(broken(error)?),
        Ok(history) => {
            let (_, wanted) = verifying::range(&history, args.range.as_deref())?;
            if wanted.is_empty() {
                bail!("there is no revision in the range");
            }
            items = computed(context, &project, &history, &wanted, occasion)?;
            items.push(match args.no_verify {
                true => checklist::proved(
                    false,
                    vec!["left out: run it without --no-verify".to_owned()],
                ),
                false => proved(context, &project, &history, wanted).await?,
            });
        }
    }
    let open = |item: &str| format!("open: --confirmed {item}=NAME");
    items.extend(checklist::persons(occasion, &confirmed, open));
    let open = items.iter().filter(|item| !item.is_done).count();
    match args.format {
        Format::Json => output::print_json(&serde_json::json!({
            "format": 1,
            "open": open,
            "items": items,
        }))?,
        Format::Text => {
            output::print_lines(items.iter().flat_map(lines))?;
            output::note(match open {
                0 => "Nothing is open".to_owned(),
                1 => "1 item is open".to_owned(),
                count => format!("{count} items are open"),
            });
        }
    }
    Ok(match open {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn lines(item: &Item) -> Vec<String> {
    let mark = if item.is_done { 'x' } else { ' ' };
    let mut lines = vec![format!("[{mark}] {}: {}", item.item, item.title)];
    lines.extend(item.evidence.iter().map(|line| format!("      {line}")));
    lines
}

/// Why a history does not hold together.
fn broken(error: ProjectError) -> Result<Item> {
    let reasons = match error {
        ProjectError::History(errors) => errors.iter().map(ToString::to_string).collect(),
        ProjectError::Unreadable(findings) => findings.iter().map(ToString::to_string).collect(),
        error => return Err(error.into()),
    };
    Ok(checklist::broken(reasons))
}

/// What the files say.
fn computed(
    context: &Context,
    project: &Project,
    history: &History,
    wanted: &BTreeSet<RevisionId>,
    occasion: Occasion,
) -> Result<Vec<Item>> {
    let text = |script: &Script| {
        let bytes = project.file(&script.path).map(|file| file.bytes.as_slice());
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    Ok(checklist::computed(&Question {
        history,
        wanted,
        occasion,
        together: false,
        options: &project.config.lint_options(context.env.as_deref())?,
        text: &text,
        preview: &format!("`cofferdam {} … --sql` prints them", occasion.direction()),
    }))
}

/// Up, down and up again on a throwaway PostgreSQL.
async fn proved(
    context: &Context,
    project: &Project,
    history: &History,
    wanted: BTreeSet<RevisionId>,
) -> Result<Item> {
    let order = Order {
        history,
        wanted,
        seed: None,
    };
    let target = Wanted::find(context, project).await?;
    let (on, checked) = with_scratch(context, project, &target, async |scratch, setting| {
        let version = scratch.version().await?;
        let on = scratch::words(scratch, &version, &target);
        Ok((
            on,
            verify::prove(scratch, setting, &order, |_, _| {}).await?,
        ))
    })
    .await?;
    let mut evidence = vec![format!("{} revisions on {on}", checked.len())];
    let bad = checked.iter().filter(|one| !one.verdict.is_fine());
    evidence.extend(
        bad.clone()
            .map(|one| format!("{}: {}", one.revision, one.verdict.words())),
    );
    Ok(checklist::proved(bad.count() == 0, evidence))
}
