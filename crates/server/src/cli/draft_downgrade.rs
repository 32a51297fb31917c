//! `cofferdam draft-downgrade`: what takes a revision back, from its effect on a throwaway PostgreSQL.

use super::scratch::{self, Wanted, with_scratch};
use super::{Context, Format, output};
use crate::project::Project;
use crate::verify::{self, Checked, Drafted};
use anyhow::{Context as _, Result, bail};
use cofferdam_alembic::write;
use cofferdam_engine::draft::{Draft, Unrestored};
use cofferdam_engine::history::target;
use cofferdam_engine::revision::{Direction, Downgrade, Revision, RevisionId, Script};
use cofferdam_engine::{rewrite, script, sql};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision id or the beginning of one, a branch label, or head
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
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
    revision: &'a RevisionId,
    path: &'a str,
    sql: &'a str,
    unrestored: &'a [Unrestored],
    /// The revision with the draft as its downgrade, proved: up, down, up again. None where it has no statement.
    proof: Option<&'a Checked>,
    written: bool,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let ids = target::resolve(&history, &args.revision)?;
    let script = match ids.as_slice() {
        [id] => history.get(id),
        _ => None,
    };
    let Some(script) = script else {
        bail!("{} is not one revision: name one", args.revision);
    };
    if args.write {
        check_writing(&project, script, args.force)?;
    }
    let id = &script.revision.id;
    let target = Wanted::find(context, &project).await?;
    let (version, draft, proof) =
        with_scratch(context, &project, &target, async |scratch, setting| {
            let version = scratch.version().await?;
            output::note(format!("On {}", scratch::words(scratch, &version, &target)));
            let draft = match verify::draft(scratch, setting, &history, id).await? {
                Drafted::Done(draft) => draft,
                Drafted::Refused { revision, refused } => bail!(
                    "{revision} cannot be applied to the throwaway PostgreSQL, so nothing is known of what it does: {}",
                    refused.error
                ),
            };
            let proof = match does_something(&draft) {
                false => None,
                true => verify::prove_with(scratch, setting, &history, id, &draft.sql).await?,
            };
            Ok((version, draft, proof))
        })
        .await?;
    if args.write && !draft.sql.is_empty() {
        put(&project, script, &draft)?;
    }
    let written = args.write && !draft.sql.is_empty();
    match args.format {
        Format::Json => output::print_json(&Report {
            format: cofferdam_engine::verify::FORMAT,
            postgres: version,
            revision: id,
            path: &script.path,
            sql: &draft.sql,
            unrestored: &draft.unrestored,
            proof: proof.as_ref(),
            written,
        })?,
        Format::Text if !written => output::print(draft.sql.trim_end())?,
        Format::Text => {}
    }
    if written {
        output::note(format!("Wrote the downgrade of {id} into {}", script.path));
    }
    tell(&draft, proof.as_ref());
    let is_fine = match &proof {
        Some(proof) => proof.verdict.is_fine(),
        None => draft.sql.is_empty(),
    };
    Ok(match is_fine {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Whether a draft has statements, and not comments alone.
fn does_something(draft: &Draft) -> bool {
    !sql::split(&draft.sql).statements.is_empty()
}

/// What the draft does not bring back, and what proving it said.
fn tell(draft: &Draft, proof: Option<&Checked>) {
    for one in &draft.unrestored {
        output::note(format!(
            "Not restored: {} ({})",
            one.sentence, one.statement
        ));
    }
    let Some(proof) = proof else {
        output::note(match draft.sql.is_empty() {
            true => "There is nothing to undo",
            false => "The draft has comments only: nothing in it can be run",
        });
        return;
    };
    output::note(format!(
        "Proved up, down, up again: {}",
        proof.verdict.words()
    ));
    let details = super::verify::details(proof);
    if !details.is_empty() {
        output::note(details.trim_end());
    }
}

/// Refuses, before any work is done, what `--write` would refuse after it.
fn check_writing(project: &Project, script: &Script, force: bool) -> Result<()> {
    let has_one = match &script.revision.downgrade {
        Downgrade::Missing => false,
        Downgrade::Impossible { .. } => true,
        Downgrade::Sql(_) => !script.is_empty(Direction::Downgrade),
    };
    if has_one && !force {
        bail!(
            "{} has a downgrade already: --force writes the draft in its place",
            script.path
        );
    }
    if project.file(&script.path).is_none() {
        bail!("{} is gone: nothing is written", script.path);
    }
    Ok(())
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
