//! `cofferdam revision`.

use super::new::{self, New};
use super::output::note;
use super::{AUTOGENERATE, Context, say, words};
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::revision::{Downgrade, RevisionId};
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
    #[arg(
        long,
        value_name = "REV",
        default_value = "head",
        allow_hyphen_values = true
    )]
    head: String,
    /// Go on from a revision that is no head, which makes a branch
    #[arg(long)]
    splice: bool,
    /// Its id [default: a random one]
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// A label for the branch that begins with it
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// A revision or branch that has to be applied before
    #[arg(long, value_name = "REV")]
    depends_on: Vec<String>,
    /// The version location that it is written into, where there are several
    #[arg(long, value_name = "DIR")]
    version_path: Option<String>,
    /// Compare the database with the application's models: comes in a later version
    #[arg(long)]
    autogenerate: bool,
    /// Only for Alembic's revision_environment, which Cofferdam does not run
    #[arg(long, hide = true)]
    sql: bool,
    /// A pattern that writes both directions, such as add-column
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// A field of the pattern
    #[arg(long, value_name = "FIELD=VALUE", requires = "template")]
    set: Vec<String>,
}

pub fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if args.autogenerate {
        say(format!("error: {AUTOGENERATE}"));
        return Ok(ExitCode::from(2));
    }
    if args.sql {
        bail!("revision writes a file and sends nothing to a database: leave --sql out");
    }
    let project = context.headers()?;
    let history = project.history()?;
    let down = parents(&history, &args.head)?;
    let heads = history.heads();
    if let Some(id) = down.iter().find(|id| !heads.contains(id))
        && !args.splice
    {
        bail!(
            "{id} is no head: give --splice to begin a new branch from it, or go on from a head ({})",
            words::join(&heads)
        );
    }
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
    let next = next_id(&history, &down).filter(|_| args.rev_id.is_none());
    let new = New {
        id: args.rev_id,
        down,
        depends_on: dependencies(&history, &args.depends_on)?,
        branch_labels: args.branch_label,
        version_path: args.version_path,
        message,
        extra: Vec::new(),
        upgrade: written.upgrade,
        downgrade: Downgrade::Sql(written.downgrade),
    };
    new::write(&project, new)?;
    if let Some(next) = next {
        note(format!(
            "The ids of this history count up; with --rev-id {next} the new one would go on"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The next of ids that count up (`001`, `002`), where the ids that a new revision goes on from do.
fn next_id(history: &History, down: &[RevisionId]) -> Option<String> {
    let number = |id: &RevisionId| {
        let text = id.as_str();
        // A random id of hexadecimal digits may happen to be a number; it is longer.
        let counts = text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        counts.then(|| text.parse::<u64>().ok()).flatten()
    };
    if down.is_empty() || !down.iter().all(|id| number(id).is_some()) {
        return None;
    }
    let highest = history
        .scripts()
        .filter_map(|s| number(&s.revision.id))
        .max()?;
    let width = down.iter().map(|id| id.as_str().len()).max()?;
    Some(format!("{:0>width$}", highest + 1))
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

/// What the new revision depends on, as Alembic writes it: branch labels as they are, else whole ids.
fn dependencies(history: &History, wanted: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for text in wanted {
        let ids = target::resolve(history, text)?;
        if ids.is_empty() {
            bail!("nothing can depend on {text}: name a revision or a branch label");
        }
        let is_label = history
            .scripts()
            .any(|script| script.revision.branch_labels.contains(text));
        if is_label {
            names.push(text.clone());
        } else {
            names.extend(ids.iter().map(ToString::to_string));
        }
    }
    Ok(names)
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn what_a_new_revision_names_has_to_be_there() {
        let root =
            std::env::temp_dir().join(format!("cofferdam-cli-revision-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("versions")).expect("a scratch folder");
        let context = Context {
            project: Some(root.clone()),
            ..Context::default()
        };
        let told = |line: &[&str]| {
            let line = [&["revision", "-m", "x"], line].concat();
            let args = Line::try_parse_from(line).expect("a command line").args;
            run(&context, args).err().map(|error| error.to_string())
        };
        assert_eq!(told(&["--rev-id", "a1b2", "--branch-label", "left"]), None);
        assert_eq!(
            told(&["--depends-on", "zz"]).as_deref(),
            Some("there is no revision \"zz\" in this history")
        );
        assert_eq!(
            told(&["--depends-on", "base"]).as_deref(),
            Some("nothing can depend on base: name a revision or a branch label")
        );
        assert_eq!(
            told(&["--branch-label", "x y"]).as_deref(),
            Some(
                "branch label \"x y\" has a space or a comma, which separate labels: write --branch-label once for each"
            )
        );
        for (id, depends_on, written) in [("b1", "a1", "a1b2"), ("c1", "left", "left")] {
            let line = ["--rev-id", id, "--head", "base", "--depends-on", depends_on];
            assert_eq!(told(&line), None);
            let project = context.project().expect("a project");
            let script = project
                .scripts
                .iter()
                .find(|s| s.revision.id.as_str() == id);
            assert_eq!(script.expect("written").revision.depends_on, [written]);
        }
        assert_eq!(
            std::fs::read_dir(root.join("versions"))
                .expect("a folder")
                .count(),
            3
        );
        let _ = std::fs::remove_dir_all(root);
    }
}
