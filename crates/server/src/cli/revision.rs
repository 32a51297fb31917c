//! `cofferdam revision`.

use super::new::{self, New};
use super::{Context, words};
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::template::{Template, Written};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it does, in a few words
    #[arg(short, long)]
    message: Option<String>,
    /// The revision that it comes after; base for none
    #[arg(long, value_name = "REV", default_value = "head")]
    head: String,
    /// Its id [default: a random one]
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// A label for the branch that begins with it
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// A revision or branch that has to be applied before
    #[arg(long, value_name = "REV")]
    depends_on: Vec<String>,
    /// A pattern that writes both directions, such as add-column
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// A field of the pattern
    #[arg(long, value_name = "FIELD=VALUE", requires = "template")]
    set: Vec<String>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let history = project.history()?;
    let down = parents(&history, &args.head)?;
    let written = match &args.template {
        Some(name) => fill(name, &args.set)?,
        None => Written {
            upgrade: "\n".into(),
            ..Written::default()
        },
    };
    let message = args
        .message
        .or(Some(written.message).filter(|message| !message.is_empty()));
    let Some(message) = message else {
        bail!("say what the revision does: -m \"add a column\"");
    };
    let new = New {
        id: args.rev_id,
        down,
        depends_on: args.depends_on,
        branch_labels: args.branch_label,
        message,
        upgrade: written.upgrade,
        downgrade: written.downgrade,
    };
    new::write(&project, new)?;
    Ok(ExitCode::SUCCESS)
}

fn parents(history: &History, head: &str) -> Result<Vec<RevisionId>> {
    if history.is_empty() && head == "head" {
        return Ok(Vec::new());
    }
    let heads = history.heads();
    if head == "head" && heads.len() > 1 {
        bail!(
            "there are several heads ({}): merge them first (`cofferdam merge heads`), or name the one to go on from with --head",
            words::join(&heads)
        );
    }
    Ok(target::resolve(history, head)?)
}

fn fill(name: &str, set: &[String]) -> Result<Written> {
    let word: StrDeserializer<'_, ValueError> = name.into_deserializer();
    let Ok(template) = Template::deserialize(word) else {
        let names: Vec<String> = Template::ALL
            .iter()
            .map(|template| name_of(*template))
            .collect();
        bail!(
            "there is no template {name:?}: there are {}",
            names.join(", ")
        );
    };
    let fields = template.fields();
    let mut values = BTreeMap::new();
    for pair in set {
        let (field, value) = pair
            .split_once('=')
            .with_context(|| format!("--set {pair}: write FIELD=VALUE"))?;
        if !fields.iter().any(|known| known.name == field) {
            let names: Vec<&str> = fields.iter().map(|known| known.name).collect();
            bail!(
                "template {name} has no field {field:?}: it has {}",
                names.join(", ")
            );
        }
        values.insert(field.to_owned(), value.to_owned());
    }
    template
        .write(&values)
        .map_err(|error| anyhow::anyhow!("--set {}=…: {error}", error.field))
}

/// The name on the command line, which is the one in JSON.
fn name_of(template: Template) -> String {
    match serde_json::to_value(template) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
