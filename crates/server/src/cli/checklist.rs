//! `cofferdam checklist`: what has to be so before a deployment or a rollback, computed where it can be.

use super::scratch::{self, Wanted, with_scratch};
use super::{Context, Format, output, verify as verifying, words};
use crate::project::{Project, ProjectError};
use crate::verify::{self, Order};
use anyhow::{Result, bail};
use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::Judge;
use cofferdam_engine::history::History;
use cofferdam_engine::lint::{self, Found};
use cofferdam_engine::revision::{Direction, Downgrade, RevisionId, Script};
use cofferdam_engine::sql::effect::{Effect, Loss};
use serde::Serialize;
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

/// How an item is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum How {
    /// From the files.
    Computed,
    /// From a run on a PostgreSQL.
    Run,
    /// A person says so.
    Person,
}

#[derive(Debug, Serialize)]
struct Item {
    item: &'static str,
    title: &'static str,
    how: How,
    is_done: bool,
    /// What was found, a line each.
    evidence: Vec<String>,
}

/// What only a person knows, before a deployment.
const DEPLOYMENT: &[(&str, &str)] = &[
    ("backup", "A backup of the database is there"),
    ("staging", "It ran on staging"),
    ("team", "The team knows"),
    ("window", "The hour is one of little traffic"),
    ("monitoring", "Somebody watches logs and alerts"),
];

/// What only a person knows, before a rollback.
const ROLLBACK: &[(&str, &str)] = &[
    ("backup", "A backup of the database is there"),
    ("team", "The team knows"),
    ("reason", "The reason is written down"),
];

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let persons = match args.rollback {
        true => ROLLBACK,
        false => DEPLOYMENT,
    };
    let confirmed: BTreeMap<&str, &str> = args
        .confirmed
        .iter()
        .map(|(item, name)| (item.as_str(), name.as_str()))
        .collect();
    if let Some(unknown) = confirmed
        .keys()
        .find(|item| !persons.iter().any(|(known, _)| known == *item))
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
            items = computed(context, &project, &history, &wanted, args.rollback)?;
            items.push(match args.no_verify {
                true => Item {
                    item: "proved",
                    title: "Each revision goes up, down and up again",
                    how: How::Run,
                    is_done: false,
                    evidence: vec!["left out: run it without --no-verify".to_owned()],
                },
                false => proved(context, &project, &history, wanted).await?,
            });
        }
    }
    items.extend(persons.iter().map(|(item, title)| Item {
        item,
        title,
        how: How::Person,
        is_done: confirmed.contains_key(item),
        evidence: match confirmed.get(item) {
            Some(name) => vec![format!("confirmed by {name}")],
            None => vec![format!("open: --confirmed {item}=NAME")],
        },
    }));
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

/// The item of a history that does not hold together.
fn broken(error: ProjectError) -> Result<Item> {
    let evidence = match error {
        ProjectError::History(errors) => errors.iter().map(ToString::to_string).collect(),
        ProjectError::Unreadable(findings) => findings.iter().map(ToString::to_string).collect(),
        error => return Err(error.into()),
    };
    Ok(Item {
        item: "chain",
        title: "The history is whole",
        how: How::Computed,
        is_done: false,
        evidence,
    })
}

/// What the files say.
fn computed(
    context: &Context,
    project: &Project,
    history: &History,
    wanted: &BTreeSet<RevisionId>,
    rollback: bool,
) -> Result<Vec<Item>> {
    let item = |item, title, is_done, evidence| Item {
        item,
        title,
        how: How::Computed,
        is_done,
        evidence,
    };
    let scripts: Vec<&Script> = history
        .scripts()
        .filter(|script| wanted.contains(&script.revision.id))
        .collect();
    let heads = history.heads_by_file();
    let missing: Vec<String> = scripts
        .iter()
        .filter(|script| !has_way_back(script))
        .map(|script| format!("{} has no downgrade ({})", script.revision.id, script.path))
        .collect();
    let judged = judge(context, project, history, wanted, rollback)?;
    let direction = if rollback { "downgrade" } else { "upgrade" };
    let statements: usize = scripts
        .iter()
        .map(|script| {
            let sql = script.revision.sql(match rollback {
                true => Direction::Downgrade,
                false => Direction::Upgrade,
            });
            cofferdam_engine::sql::split(sql).statements.len()
        })
        .sum();
    let names = [
        "meaningless-message",
        "identifier-too-long",
        "naming-convention",
    ];
    let open = |found: &&Found| found.allowed.is_none();
    let name = |found: &&Found| names.contains(&found.code);
    let said = |found: &Found| {
        format!(
            "{}:{} {}: {}",
            found.path, found.line, found.code, found.message
        )
    };
    let bad_names: Vec<String> = judged
        .found
        .iter()
        .filter(open)
        .filter(name)
        .map(said)
        .collect();
    let hazards: Vec<String> = judged
        .found
        .iter()
        .filter(|found| found.is_serious() && !name(found))
        .map(said)
        .collect();
    let allowed = judged.found.iter().filter(|found| found.allowed.is_some());
    let mut answered: Vec<String> = allowed
        .map(|found| {
            let reason = found.allowed.as_deref().unwrap_or_default();
            format!(
                "{}:{} {} is allowed: {reason}",
                found.path, found.line, found.code
            )
        })
        .collect();
    let hazards_open = !hazards.is_empty();
    answered.splice(0..0, hazards);
    let mut items = vec![
        item(
            "chain",
            "The history is whole",
            true,
            vec![format!("{} revisions", history.len())],
        ),
        item(
            "heads",
            "There is one head",
            heads.len() == 1,
            vec![words::join(&heads)],
        ),
        item(
            "downgrades",
            "Every revision has a downgrade, or says why not",
            missing.is_empty(),
            missing,
        ),
        item(
            "preview",
            "The SQL can be read before",
            !judged.is_unknown,
            vec![format!(
                "{statements} statements: `cofferdam {direction} … --sql` prints them{}",
                if judged.is_unknown {
                    ", but for what needs Python"
                } else {
                    ""
                }
            )],
        ),
        item(
            "destroys",
            "What is destroyed is known",
            judged.destroyed_unallowed == 0,
            judged.destroyed,
        ),
        item(
            "hazards",
            "Hazards are fixed, or allowed with a reason",
            !hazards_open,
            answered,
        ),
        item(
            "names",
            "Names and messages say something",
            bad_names.is_empty(),
            bad_names,
        ),
    ];
    if rollback {
        let after: Vec<String> = history
            .descendants(&wanted.iter().cloned().collect::<Vec<_>>())
            .into_iter()
            .filter(|id| !wanted.contains(id))
            .map(|id| format!("{id} comes after them, and would have to go first"))
            .collect();
        items.push(item(
            "dependents",
            "No other revision stands on these",
            after.is_empty(),
            after,
        ));
    }
    Ok(items)
}

/// What judging the revisions gives.
#[derive(Default)]
struct Judged {
    found: Vec<Found>,
    destroyed: Vec<String>,
    /// How many of them no suppression answers.
    destroyed_unallowed: usize,
    /// A part of them needs Python.
    is_unknown: bool,
}

/// Rules about what is destroyed.
const DESTROYS: [&str; 12] = [
    "ban-drop-column",
    "ban-drop-database",
    "ban-drop-domain",
    "ban-drop-extension",
    "ban-drop-schema",
    "ban-drop-sequence",
    "ban-drop-table",
    "ban-drop-type",
    "ban-truncate-cascade",
    "create-after-drop",
    "drop-cascade",
    "truncating",
];

fn judge(
    context: &Context,
    project: &Project,
    history: &History,
    wanted: &BTreeSet<RevisionId>,
    rollback: bool,
) -> Result<Judged> {
    let options = project.config.lint_options(context.env.as_deref())?;
    let mut judge = Judge::new(&options);
    let mut judged = Judged::default();
    let direction = match rollback {
        true => Direction::Downgrade,
        false => Direction::Upgrade,
    };
    for script in history.scripts() {
        let revision = &script.revision;
        if !wanted.contains(&revision.id) {
            judge.replay(revision.sql(Direction::Upgrade));
            continue;
        }
        judge.mark();
        judged.is_unknown |= script
            .body(direction)
            .is_some_and(|body| !body.unreadable.is_empty());
        let mut reading = judge.clone();
        let up = reading.effects(revision.sql(Direction::Upgrade));
        let effects = match rollback {
            true => reading.effects(revision.sql(Direction::Downgrade)),
            false => up,
        };
        let losses = effects.into_iter().filter_map(|effect| match effect {
            Effect::Known(facts) => Some(facts.losses),
            Effect::Unknown { .. } => None,
        });
        for loss in losses.flatten() {
            let what = match loss {
                Loss::Table(table) => format!("the table {table} with its rows"),
                Loss::Column { table, column } => format!("the column {column} of {table}"),
                Loss::Rows(table) => format!("rows of {table}"),
                Loss::Narrowed { table, column } => {
                    format!("what {column} of {table} holds beyond its new type")
                }
                Loss::Dependents(name) => format!("what depends on {name}"),
            };
            judged.destroyed.push(format!("{}: {what}", revision.id));
        }
        let bytes = project.file(&script.path).map(|file| file.bytes.as_slice());
        let text = String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
        let found = lint::script(script, &text, &[], &mut judge);
        judged.destroyed_unallowed += found
            .iter()
            .filter(|one| DESTROYS.contains(&one.code) && one.allowed.is_none())
            .count();
        judged.found.extend(found);
    }
    judged.found.retain(|one| {
        one.severity > Severity::Note || one.allowed.is_some() || one.code == "meaningless-message"
    });
    // Taking back is what a rollback is for; a person reads the list.
    if rollback {
        judged.destroyed_unallowed = 0;
    }
    Ok(judged)
}

fn has_way_back(script: &Script) -> bool {
    let does = |direction| !script.is_empty(direction);
    match &script.revision.downgrade {
        Downgrade::Impossible { .. } => true,
        Downgrade::Missing | Downgrade::Sql(_) => {
            !does(Direction::Upgrade) || does(Direction::Downgrade)
        }
    }
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
    Ok(Item {
        item: "proved",
        title: "Each revision goes up, down and up again",
        how: How::Run,
        is_done: bad.count() == 0,
        evidence,
    })
}
