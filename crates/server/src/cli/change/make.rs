//! `cofferdam change new`.

use super::{conflicts, show};
use crate::cli::scratch::{Wanted, with_scratch};
use crate::cli::{Context, Format, output};
use crate::project::Project;
use crate::verify;
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::change::gate::Conditions;
use cofferdam_engine::change::{self, Change, ChangeId, Kind, TableName};
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind of change (`cofferdam change kinds` lists them)
    kind: String,
    /// The table, such as users or app.users
    #[arg(long, value_name = "TABLE")]
    table: String,
    /// What the kind needs, such as column=tier to=plan
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Its id, which names the file [default: made of the table and the fields]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The unique key by whose ranges rows are taken [default: the primary key]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    key: Vec<String>,
    /// A schema that the new version has in its search_path: a view in it shows the table as it will be, and who writes is told
    /// by that [default: by what a statement changes]
    #[arg(long, value_name = "SCHEMA")]
    view_schema: Option<String>,
    /// The gate waits until no session has an application_name like this (% stands for anything)
    #[arg(long, value_name = "PATTERN")]
    old_application: Option<String>,
    /// The gate waits until nobody is connected as this role
    #[arg(long, value_name = "ROLE")]
    old_role: Option<String>,
    /// What a person has to confirm before the gate opens; several times
    #[arg(long, value_name = "WORDS")]
    confirm: Vec<String>,
    /// Show the phases, and write nothing
    #[arg(long)]
    preview: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut values = BTreeMap::new();
    for field in &args.fields {
        let Some((name, value)) = field.split_once('=') else {
            bail!("{field:?} is no FIELD=VALUE, such as column=tier");
        };
        if values.insert(name.to_owned(), value.to_owned()).is_some() {
            bail!("{name} is given twice");
        }
    }
    let kind = Kind::fill(&args.kind, &values)?;
    let table = TableName::read(&args.table)?;
    let id = match &args.id {
        Some(id) => ChangeId::new(id)?,
        None => {
            let words = std::iter::once(table.name.as_str()).chain(kind.id_words());
            ChangeId::from_words(words)
        }
    };
    let project = context.project()?;
    if !args.preview && project.folder.read(&id.path())?.is_some() {
        bail!(
            "there is a change {id} already, in {}: give another --id",
            id.path()
        );
    }
    let change = Change {
        start: change::start(&catalog(context, &project).await?, &table),
        id,
        table,
        kind,
        key: args.key,
        view_schema: args
            .view_schema
            .as_deref()
            .map(change::view_schema)
            .transpose()?,
        conditions: Conditions {
            old_application: args.old_application,
            old_role: args.old_role,
            confirm: args.confirm,
        },
        written: Vec::new(),
        edits: Vec::new(),
    };
    let phases = change::phases(&change)?;
    conflicts::warn(&project, &change)?;
    if !args.preview {
        let path = change.id.path();
        project.folder.create(&path, change.write().as_bytes())?;
        output::note(format!(
            "Wrote {path}; next: cofferdam change prove {id}, cofferdam change write {id}",
            id = change.id
        ));
    }
    show::print(&change, &phases, args.format)?;
    Ok(ExitCode::SUCCESS)
}

/// The schema that a change starts from: the database's, where one is named, else that of the heads, replayed.
async fn catalog(context: &Context, project: &Project) -> Result<Catalog> {
    if context.url.is_some() || context.env.is_some() {
        return context
            .with_target(project, async |target| {
                Ok(crate::catalog::read(&target.database, &project.config.project).await?)
            })
            .await;
    }
    let history = project.history()?;
    let heads = history.heads();
    with_scratch(context, project, &Wanted::default(), async |scratch, setting| {
        match verify::catalog_after(scratch, setting, &history, &heads).await? {
            Ok(catalog) => Ok(catalog),
            Err((id, refused)) => bail!(
                "the schema at the heads is not known, as {id} cannot be applied to the throwaway PostgreSQL: {}; name a database with --env or --url",
                refused.error
            ),
        }
    })
    .await
    .context("cannot read the schema that the change starts from")
}
