//! `cofferdam draft-downgrade`: what takes a revision back, from its effect on a throwaway PostgreSQL.

use super::scratch::{self, Wanted, with_scratch};
use super::{Context, Format, output};
use crate::project::Project;
use crate::verify::{self, Checked};
use anyhow::{Context as _, Result, bail};
use cofferdam_alembic::write;
use cofferdam_engine::draft::Draft;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Direction, Downgrade, Revision, RevisionId, Script};
use cofferdam_engine::verify::is_downgrade_missing;
use cofferdam_engine::{rewrite, script, sql};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision id or the beginning of one, a branch label, head; or FROM:TO for all that an upgrade from FROM to TO would run
    #[arg(default_value = "head", allow_negative_numbers = true)]
    range: String,
    /// Write it into the revision's file, where that has no downgrade yet
    #[arg(long)]
    write: bool,
    /// With --write, in place of a downgrade that there is
    #[arg(long, requires = "write")]
    force: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What was drafted; the shape of the JSON result.
#[derive(Debug, Serialize)]
struct Report<'a> {
    format: u32,
    postgres: String,
    /// In the order in which they ran.
    revisions: Vec<Drafted<'a>>,
}

#[derive(Debug, Serialize)]
struct Drafted<'a> {
    revision: &'a RevisionId,
    path: &'a str,
    #[serde(flatten)]
    draft: &'a Draft,
    /// The revision with the draft as its downgrade, proved: up, down, up again. None where it has no statement.
    proof: Option<&'a Checked>,
    written: bool,
}

impl Drafted<'_> {
    /// Whether it takes back all but rows.
    fn is_fine(&self) -> bool {
        match self.proof {
            Some(proof) => proof.verdict.is_fine(),
            None => self.draft.sql.is_empty(),
        }
    }
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let (_, mut wanted) = super::verify::range(&history, Some(&args.range))?;
    if wanted.is_empty() {
        bail!("there is no revision in {}", args.range);
    }
    if args.write && !args.force {
        leave_out(&history, &mut wanted)?;
    }
    if wanted.is_empty() {
        output::note(format!("No downgrade is missing in {}", args.range));
        return Ok(ExitCode::SUCCESS);
    }
    let target = Wanted::find(context, &project).await?;
    let (version, drafts, proofs) =
        with_scratch(context, &project, &target, async |scratch, setting| {
            let version = scratch.version().await?;
            output::note(format!("On {}", scratch::words(scratch, &version, &target)));
            let drafts = match verify::draft(scratch, setting, &history, &wanted).await? {
                Ok(drafts) => drafts,
                Err((id, refused)) => bail!(
                    "{id} cannot be applied to the throwaway PostgreSQL, so nothing is known of what it does: {}",
                    refused.error
                ),
            };
            let proved: BTreeMap<RevisionId, String> = drafts
                .iter()
                .filter(|(_, draft)| does_something(draft))
                .map(|(id, draft)| (id.clone(), draft.sql.clone()))
                .collect();
            let proofs = match proved.is_empty() {
                true => Vec::new(),
                false => verify::prove_with(scratch, setting, &history, &proved).await?,
            };
            Ok((version, drafts, proofs))
        })
        .await?;
    let mut revisions = Vec::new();
    for (id, draft) in &drafts {
        let Some(script) = history.get(id) else {
            continue;
        };
        let written = args.write && !draft.sql.is_empty();
        if written {
            put(&project, script, draft)?;
        }
        revisions.push(Drafted {
            revision: id,
            path: &script.path,
            draft,
            proof: proofs.iter().find(|proof| proof.revision == *id),
            written,
        });
    }
    let is_fine = revisions.iter().all(Drafted::is_fine);
    match args.format {
        Format::Json => output::print_json(&Report {
            format: cofferdam_engine::verify::FORMAT,
            postgres: version,
            revisions,
        })?,
        Format::Text => {
            let several = revisions.len() > 1;
            for drafted in &revisions {
                show(drafted, several)?;
            }
        }
    }
    Ok(match is_fine {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Prints a draft that was not written, and tells what it does not bring back and what proving it said.
fn show(drafted: &Drafted<'_>, several: bool) -> Result<()> {
    let (id, draft) = (drafted.revision, drafted.draft);
    if several {
        output::note(format!("{id}:"));
    }
    if drafted.written {
        output::note(format!("Wrote the downgrade of {id} into {}", drafted.path));
    } else if !draft.sql.is_empty() {
        let sql = draft.sql.trim_end();
        output::print(match several {
            true => format!("-- Downgrade of {id}\n{sql}\n"),
            false => sql.to_owned(),
        })?;
    }
    for one in &draft.unrestored {
        output::note(format!(
            "Not restored: {} ({})",
            one.sentence, one.statement
        ));
    }
    match drafted.proof {
        Some(proof) => {
            let words = proof.verdict.words();
            output::note(format!("Proved up, down, up again: {words}"));
            let details = super::verify::details(proof);
            if !details.is_empty() {
                output::note(details.trim_end());
            }
        }
        None if draft.sql.is_empty() => output::note("There is nothing to undo"),
        None => output::note("The draft has comments only: nothing in it can be run"),
    }
    Ok(())
}

/// Leaves out the revisions whose downgrade is not missing; where only one was asked for and it has one, that is an error.
fn leave_out(history: &History, wanted: &mut BTreeSet<RevisionId>) -> Result<()> {
    let alone = wanted.first().filter(|_| wanted.len() == 1);
    if let Some(script) = alone.and_then(|id| history.get(id)) {
        let says_none = matches!(script.revision.downgrade, Downgrade::Impossible { .. });
        if says_none || !script.is_empty(Direction::Downgrade) {
            bail!(
                "{} has a downgrade already: --force writes the draft in its place",
                script.path
            );
        }
    }
    wanted.retain(|id| history.get(id).is_some_and(is_downgrade_missing));
    Ok(())
}

/// Whether a draft has statements, and not comments alone.
fn does_something(draft: &Draft) -> bool {
    !sql::split(&draft.sql).statements.is_empty()
}

/// Writes the draft as the file's downgrade: in Python, as operations where they say the same. All else keeps its bytes.
fn put(project: &Project, script: &Script, draft: &Draft) -> Result<()> {
    let path = &script.path;
    let bytes = project.folder.read(path)?;
    let bytes = bytes.with_context(|| format!("{path} is gone: nothing is written"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?;
    let (mark, plain) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text.as_str()),
    };
    if script.python.is_some() {
        let downgrade = Downgrade::Sql(draft.sql.clone());
        let filled = write::fill(plain, None, Some(&downgrade), &project.settings);
        let Some(filled) = filled else {
            bail!(
                "the downgrade() of {path} has a form that Cofferdam does not change: put what is printed without --write into it as op.execute(…)"
            );
        };
        project
            .folder
            .write(path, format!("{mark}{filled}").as_bytes())?;
        return Ok(());
    }
    let Some(now) = script::read(path, plain.as_bytes()).script else {
        bail!("{path} changed meanwhile and is no revision any more: nothing is written");
    };
    if now.revision.upgrade != script.revision.upgrade {
        bail!("the upgrade in {path} changed meanwhile: run the command again");
    }
    let sql = match plain.contains("\r\n") {
        true => draft.sql.replace('\n', "\r\n"),
        false => draft.sql.clone(),
    };
    let revision = Revision {
        upgrade: apart(&now.revision.upgrade),
        downgrade: Downgrade::Sql(sql),
        ..now.revision.clone()
    };
    let text = format!("{mark}{}", rewrite::with_sections(plain, &now, &revision));
    project.folder.write(path, text.as_bytes())?;
    Ok(())
}

/// The upgrade with an empty line before the downgrade's section.
fn apart(upgrade: &str) -> String {
    let end = match upgrade {
        text if text.ends_with("\n\n") || text.ends_with("\r\n\r\n") => "",
        text if text.ends_with("\r\n") => "\r\n",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{upgrade}{end}")
}
