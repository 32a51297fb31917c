//! `cofferdam plan`.

use super::words::{self, Parts, Words};
use super::{Context, Format, output};
use crate::changes;
use anyhow::{Result, bail};
use clap::ValueEnum;
use cofferdam_engine::history::{History, target};
use cofferdam_engine::plan::Request;
use cofferdam_engine::plan::outline::{Outline, Outlined, Verb, outline};
use cofferdam_engine::revision::{Direction, RevisionId};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is planned
    verb: PlannedVerb,
    /// head, heads, base, current, a revision id or the beginning of one, a branch label, +N, -N, label@head; for a stamp also several
    #[arg(required = true, allow_negative_numbers = true)]
    target: Vec<String>,
    /// The version rows to start from; base, or current for the database's [default: base; all heads for a downgrade]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    from: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlannedVerb {
    Upgrade,
    Downgrade,
    Stamp,
}

impl From<PlannedVerb> for Verb {
    fn from(verb: PlannedVerb) -> Self {
        match verb {
            PlannedVerb::Upgrade => Verb::Upgrade,
            PlannedVerb::Downgrade => Verb::Downgrade,
            PlannedVerb::Stamp => Verb::Stamp,
        }
    }
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let mut project = context.scripts()?;
    let history = project.take_history()?;
    let verb = Verb::from(args.verb);
    if verb != Verb::Stamp
        && let [_, second, ..] = args.target.as_slice()
    {
        bail!("only a stamp takes several targets: leave {second} out");
    }
    let from = match (args.from.as_slice(), verb) {
        ([], Verb::Downgrade) => "heads".to_owned(),
        ([], _) => "base".to_owned(),
        (from, _) => from.join(","),
    };
    let current = match from.as_str() {
        "current" => context.revisions(&project, history, &from).await?,
        rows => target::resolve_list(history, rows)?,
    };
    let target = args.target.join(" ");
    let request = Request {
        history,
        config: &project.config,
        environment: None,
        current: &current,
    };
    if verb == Verb::Downgrade {
        warn_of_count(history, &current, &target);
    }
    let found = outline(request, verb, &target)?;
    warn_of_contracts(history, &found);
    if args.format == Format::Json {
        output::print_json(&found)?;
    } else if found.revisions.is_empty() {
        output::note(format!("Nothing to do from {}", words::place(&found.from)));
    } else {
        let words = Words::new(&project, history);
        output::print(text(&words, &found))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which contracts begin in it, whose gates only a database knows.
fn warn_of_contracts(history: &History, found: &Outline) {
    if found.from.is_empty() {
        return;
    }
    let upgrades = found.revisions.iter();
    let upgrades = upgrades.filter(|one| one.direction == Direction::Upgrade);
    let upgraded = upgrades.filter_map(|one| one.revision.as_ref());
    for change in changes::begun(upgraded, |id| history.get(id)) {
        output::note(format!("warning: {}", changes::unmeasured(&change)));
    }
}

/// Says from where a downgrade counts where that could be any of several heads.
pub fn warn_of_count(history: &History, current: &[RevisionId], target: &str) {
    if let Some(first) = target::counts_from(history, current, target) {
        output::note(format!(
            "warning: {target} from several heads ({}) counts from the first, {first}; name the branch, as in label@-1",
            words::join(current)
        ));
    }
}

fn text(words: &Words<'_>, outline: &Outline) -> String {
    let mut text = String::new();
    for part in &outline.revisions {
        text.push_str(&line(words, part));
        text.push('\n');
        if part.revision.is_some() {
            text.push_str(&format!(
                "    heads: {} -> {}\n",
                heads(&part.heads_before),
                heads(&part.heads_after)
            ));
        }
        for place in &part.unreadable {
            text.push_str(&format!(
                "    {}:{}: {}\n",
                place.file, place.line, place.reason
            ));
        }
    }
    text
}

/// `upgrade a -> b (head), message`, `downgrade b (head) -> a, message`, or `stamp a -> b`.
fn line(words: &Words<'_>, part: &Outlined) -> String {
    let script = part.revision.as_ref().and_then(|id| words.history.get(id));
    let Some(script) = script else {
        return format!(
            "stamp {} -> {}",
            heads(&part.heads_before),
            heads(&part.heads_after)
        );
    };
    let message = match script.revision.message.as_str() {
        "" => String::new(),
        message => format!(", {message}"),
    };
    let above = words.line(script, Parts::default());
    let below = heads(&script.revision.down);
    match part.direction {
        Direction::Upgrade => format!("upgrade {below} -> {above}{message}"),
        Direction::Downgrade => format!("downgrade {above} -> {below}{message}"),
    }
}

fn heads(ids: &[RevisionId]) -> String {
    match ids {
        [] => "<base>".into(),
        ids => words::join(ids),
    }
}
