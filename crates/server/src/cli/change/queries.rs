//! `cofferdam change queries`.

use crate::changes;
use crate::cli::scratch::{self, Wanted, with_scratch};
use crate::cli::{Context, Format, output};
use crate::project::Project;
use crate::verify;
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::change::queries::{self, Cell, Evidence, Matrix, Query};
use cofferdam_engine::change::{self, Change, Phases, Proposed};
use cofferdam_engine::revision::RevisionId;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The change's id
    id: String,
    /// SQL in which a line `-- version: old`, `new` or `both` says whose queries follow; or, as .csv, an export of pg_stat_statements with a column `query` [default: changes/ID.queries.sql]
    file: Option<PathBuf>,
    /// Keep queries and result beside the change: changes/ID.queries.sql and changes/ID.matrix.json
    #[arg(long)]
    keep: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let change = changes::find(&project.folder, &args.id)?;
    let phases = change::phases(&change)?;
    let Some(asked) = Asked::find(&project, &change, args.file.as_deref())? else {
        bail!(
            "name a file of queries: {} is not there",
            change.id.queries_path()
        );
    };
    let evidence = asked.ask(context, &project, &change, &phases).await?;
    if args.keep {
        asked.keep(&project, &change, &evidence)?;
    }
    let matrix = &evidence.matrix;
    print(matrix, args.format)?;
    Ok(match matrix.is_fine() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The application's queries.
pub struct Asked {
    queries: Vec<Query>,
}

impl Asked {
    /// The queries of `file`, or else those that are kept beside the change; none where there are none.
    pub fn find(project: &Project, change: &Change, file: Option<&Path>) -> Result<Option<Self>> {
        let (text, is_csv) = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                let ending = file.extension();
                (
                    text,
                    ending.is_some_and(|it| it.eq_ignore_ascii_case("csv")),
                )
            }
            None => match project.folder.read(&change.id.queries_path())? {
                Some(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), false),
                None => return Ok(None),
            },
        };
        let queries = queries::read(&text, is_csv)?;
        Ok(Some(Asked { queries }))
    }

    /// Prepares them before the change, and after each of its revisions.
    pub async fn ask(
        &self,
        context: &Context,
        project: &Project,
        change: &Change,
        phases: &Phases,
    ) -> Result<Evidence> {
        let history = project.history()?;
        let proposed = Proposed::new(&history, &project.config.project, change, phases)?;
        let revisions = proposed.revisions.iter();
        let ids: Vec<RevisionId> = revisions.map(|(_, id)| id.clone()).collect();
        let (history, today, wanted) = (&proposed.history, proposed.today(), &self.queries);
        let target = Wanted::find(context, project).await?;
        with_scratch(context, project, &target, async |scratch, setting| {
            let version = scratch.version().await?;
            output::note(format!("On {}", scratch::words(scratch, &version, &target)));
            match verify::queries(scratch, setting, history, &today, &ids, change, wanted).await? {
                Ok(prepared) => {
                    let matrix = Matrix::new(&proposed.points(), wanted, &prepared);
                    let at = jiff::Timestamp::now().round(jiff::Unit::Second)?;
                    Ok(Evidence::new(matrix, &version, at.to_string()))
                }
                Err((id, refused)) => bail!("{id} cannot be applied there: {}", refused.error),
            }
        })
        .await
    }

    /// Keeps them and what was found beside the change.
    pub fn keep(&self, project: &Project, change: &Change, evidence: &Evidence) -> Result<()> {
        let (id, folder) = (&change.id, &project.folder);
        folder.write(&id.queries_path(), queries::write(&self.queries).as_bytes())?;
        folder.write(&id.matrix_path(), evidence.write().as_bytes())?;
        output::note(format!(
            "Kept {} and {}",
            id.queries_path(),
            id.matrix_path()
        ));
        Ok(())
    }
}

/// The matrix as a table: its points that change something, then its queries, then what the database said.
pub fn print(matrix: &Matrix, format: Format) -> Result<()> {
    match format {
        Format::Json => output::print_json(&serde_json::json!({ "format": 1, "matrix": matrix })),
        Format::Text => output::print_lines(lines(matrix)),
    }
}

fn lines(matrix: &Matrix) -> Vec<String> {
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
