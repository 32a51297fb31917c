//! `cofferdam change queries`.

use super::write;
use crate::changes;
use crate::cli::scratch::{self, Wanted, with_scratch};
use crate::cli::{Context, Format, output};
use crate::project::Project;
use crate::verify;
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::change::queries::{self, Cell, Matrix, Point};
use cofferdam_engine::change::{self, Change, Phases};
use cofferdam_engine::revision::RevisionId;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The change's id
    id: String,
    /// SQL in which a line `-- version: old`, `new` or `both` says whose queries follow; or, as .csv, an export of pg_stat_statements with a column `query`
    file: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    let phases = change::phases(&change)?;
    let matrix = matrix(context, &project, &change, &phases, &args.file).await?;
    match args.format {
        Format::Json => output::print_json(&serde_json::json!({ "format": 1, "matrix": matrix }))?,
        Format::Text => output::print_lines(lines(&matrix))?,
    }
    Ok(match matrix.is_fine() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Prepares the queries of `file` before the change, and after each of its revisions.
pub async fn matrix(
    context: &Context,
    project: &Project,
    change: &Change,
    phases: &Phases,
    file: &Path,
) -> Result<Matrix> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_csv = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let wanted = queries::read(&text, is_csv)?;
    let history = project.history()?;
    let (history, revisions) = write::with_parts(project, &history, change, phases)?;
    let points: Vec<(Point, String)> = revisions
        .iter()
        .enumerate()
        .map(|(at, (phase, id))| {
            let is_last = revisions.get(at + 1).is_none_or(|(next, _)| next != phase);
            let message = history
                .get(id)
                .map(|script| script.revision.message.clone());
            let point = Point {
                phase: *phase,
                is_last,
            };
            (point, format!("{phase}: {}", message.unwrap_or_default()))
        })
        .collect();
    let ids: Vec<RevisionId> = revisions.into_iter().map(|(_, id)| id).collect();
    let today = match ids.first() {
        Some(first) => history.parents(first),
        None => history.heads(),
    };
    let target = Wanted::find(context, project).await?;
    let prepared = with_scratch(context, project, &target, async |scratch, setting| {
        let version = scratch.version().await?;
        output::note(format!("On {}", scratch::words(scratch, &version, &target)));
        match verify::queries(scratch, setting, &history, &today, &ids, &wanted).await? {
            Ok(prepared) => Ok(prepared),
            Err((id, refused)) => bail!("{id} cannot be applied there: {}", refused.error),
        }
    })
    .await?;
    Ok(Matrix::new(&points, &wanted, &prepared))
}

/// The matrix as a table: its points that change something, then its queries, then what the database said.
pub fn lines(matrix: &Matrix) -> Vec<String> {
    let mark = |cell: &Cell| match cell {
        Cell::Works => 'x',
        Cell::Fails { .. } => '-',
        Cell::OtherColumns { .. } => '*',
    };
    let mut lines = Vec::new();
    for (at, name) in matrix.points.iter().enumerate() {
        lines.push(format!("{:>3}  {name}", at + 1));
    }
    lines.push(String::new());
    let numbers: String = (1..=matrix.points.len())
        .map(|at| format!("{at:>3}"))
        .collect();
    lines.push(format!("      {numbers}"));
    for row in &matrix.rows {
        let cells: String = row
            .cells
            .iter()
            .map(|cell| format!("{:>3}", mark(cell)))
            .collect();
        let sql = row
            .query
            .sql
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        lines.push(format!("{:<5} {cells}  {sql}", row.query.version.as_str()));
        let mut last = None;
        for (at, cell) in row.cells.iter().enumerate() {
            let words = match cell {
                Cell::Works => continue,
                Cell::Fails { error } => error.clone(),
                Cell::OtherColumns { columns } => format!(
                    "returns {} now: a statement that is prepared already fails once",
                    columns.join(", ")
                ),
            };
            if last.as_ref() != Some(&words) {
                lines.push(format!("        {}: {words}", at + 1));
            }
            last = Some(words);
        }
    }
    lines.push(String::new());
    lines.push("x works, - fails, * returns other columns than before".into());
    for row in matrix.rows.iter().filter(|row| !row.broken.is_empty()) {
        let points: Vec<String> = row.broken.iter().map(|at| (at + 1).to_string()).collect();
        lines.push(format!(
            "breaks at {}, where its version is at work: {}",
            points.join(", "),
            row.query
                .sql
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        ));
    }
    lines
}
