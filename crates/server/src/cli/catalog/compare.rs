//! `cofferdam catalog --diff`: one schema against another, of revisions and databases.

use crate::cli::scratch::{self, Wanted, with_scratch};
use crate::cli::{Context, Format, output, words};
use crate::project::Project;
use crate::verify;
use anyhow::{Result, bail};
use cofferdam_engine::catalog::{self, Catalog, Difference, Layer};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::revision::RevisionId;
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

/// The word for the database that the options name.
const LIVE: &str = "live";
/// What stands before an environment's name.
const ENVIRONMENT: &str = "env:";

/// What a database has besides what its files say: roles are other people there, and where branches were applied in another
/// order, so were columns.
const NOT_OF_FILES: [Layer; 2] = [Layer::Order, Layer::Access];

/// A schema that is compared.
enum Side {
    /// After these revisions, replayed.
    Revisions(Vec<RevisionId>),
    /// Of a database, as it is.
    Database(Catalog),
}

/// What was found; the shape of the JSON result.
#[derive(Debug, Serialize)]
struct Report<'a> {
    format: u32,
    postgres: u32,
    before: &'a str,
    after: &'a str,
    /// What was not compared.
    left_out: Vec<Layer>,
    differences: Vec<Difference>,
}

/// Compares the two that are named, the first being the one before.
pub async fn run(context: &Context, names: &[String], format: Format) -> Result<ExitCode> {
    let [one, other] = names else {
        bail!("--diff compares two: name two revisions, env:NAME or live");
    };
    let project = context.project()?;
    let history = project.history()?;
    let sides = [
        side(context, &project, &history, one).await?,
        side(context, &project, &history, other).await?,
    ];
    let left_out = match sides {
        [Side::Revisions(_), Side::Database(_)] | [Side::Database(_), Side::Revisions(_)] => {
            NOT_OF_FILES.to_vec()
        }
        _ => Vec::new(),
    };
    let [before, after] = catalogs(context, &project, &history, sides).await?;
    let mut differences = catalog::diff(&before, &after)?;
    differences.retain(|found| !left_out.contains(&found.layer));
    let same = differences.is_empty();
    let report = Report {
        format: catalog::FORMAT,
        postgres: before.major,
        before: one,
        after: other,
        left_out,
        differences,
    };
    match format {
        Format::Json => output::print_json(&report)?,
        Format::Text => output::print(text(&report))?,
    }
    Ok(match same {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

async fn side(context: &Context, project: &Project, history: &History, name: &str) -> Result<Side> {
    let of = async |context: &Context| {
        let catalog = context.with_target(project, async |target| {
            Ok(crate::catalog::read(&target.database, &project.config.project).await?)
        });
        Ok(Side::Database(catalog.await?))
    };
    if name == LIVE {
        return of(context).await;
    }
    let Some(environment) = name.strip_prefix(ENVIRONMENT) else {
        return Ok(Side::Revisions(target::resolve(history, name)?));
    };
    let other = Context {
        project: context.project.clone(),
        configs: context.configs.clone(),
        section: context.section.clone(),
        url: None,
        env: Some(environment.to_owned()),
        pg_bin: context.pg_bin.clone(),
        verbose: context.verbose,
        // What is to be told of the project has been told.
        warned: AtomicBool::new(true),
    };
    of(&other).await
}

/// The catalogs of both, those of revisions from a throwaway PostgreSQL of the other's version.
async fn catalogs(
    context: &Context,
    project: &Project,
    history: &History,
    sides: [Side; 2],
) -> Result<[Catalog; 2]> {
    let live = sides.iter().find_map(|side| match side {
        Side::Database(catalog) => Some(catalog.major),
        Side::Revisions(_) => None,
    });
    let sides = match sides {
        [Side::Database(one), Side::Database(other)] => return Ok([one, other]),
        sides => sides,
    };
    let wanted = match live {
        Some(major) => Wanted {
            environment: None,
            major: Some(major),
        },
        None => Wanted::find(context, project).await?,
    };
    with_scratch(context, project, &wanted, async |scratch, setting| {
        if live.is_some() {
            scratch::same_major(scratch, &wanted)?;
        }
        let mut found = Vec::new();
        for side in sides {
            found.push(match side {
                Side::Database(catalog) => catalog,
                Side::Revisions(ids) => {
                    match verify::catalog_after(scratch, setting, history, &ids).await? {
                        Ok(catalog) => catalog,
                        Err((id, refused)) => bail!(
                            "the schema after {} is not known, as {id} cannot be applied to the throwaway PostgreSQL: {}",
                            words::place(&ids),
                            refused.error
                        ),
                    }
                }
            });
        }
        match <[Catalog; 2]>::try_from(found) {
            Ok(both) => Ok(both),
            Err(_) => bail!("--diff compares two"),
        }
    })
    .await
}

fn text(report: &Report<'_>) -> String {
    let mut text = format!(
        "{} against {} (PostgreSQL {}):\n",
        report.after, report.before, report.postgres
    );
    if report.differences.is_empty() {
        text.push_str("  no difference\n");
    }
    for found in &report.differences {
        let mut lines = found.sentence.lines();
        let first = lines.next().unwrap_or_default();
        let more = if lines.next().is_some() { " …" } else { "" };
        let _ = writeln!(text, "  {first}{more}");
    }
    if !report.left_out.is_empty() {
        text.push_str("Owners, privileges and the order of columns are left out, as they differ from one database to another\n");
    }
    text
}
