//! Writing a revision as a Python file that Alembic runs.
//!
//! Invariant: a file is given only where reading it back gives the same revision, with the same tokens in the same
//! transactions.

mod bind;
mod body;
mod fill;
pub(crate) mod literal;
mod template;
mod typed;

use crate::read::{Depth, Source, read};
use crate::settings::Settings;
use body::Body;
use cofferdam_engine::revision::{Direction, Downgrade, Revision, Script};
use cofferdam_engine::sql;
use template::{Filling, Fillings, Function, Template};

pub use fill::fill;
pub use literal::line as python_text;
pub use template::GENERIC;

/// A revision as Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// Why the project's own template was not used, as one sentence.
    pub notice: Option<String>,
}

/// Why a revision cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("revision {id} cannot be written as Python: {reason}")]
pub struct WriteError {
    pub id: String,
    pub reason: String,
}

/// What a downgrade that the author did not write raises.
const NO_DOWNGRADE: &str = "this revision has no downgrade";

/// Writes `revision` after `template`, the text of the project's `script.py.mako`; after Alembic's generic one where
/// there is none or it cannot be filled in.
pub fn write(
    revision: &Revision,
    template: Option<&str>,
    settings: &Settings,
) -> Result<Written, WriteError> {
    let parts = Parts::of(revision, settings);
    let notice = match template.map(|text| (Template::read(text), text)) {
        None => None,
        Some((Err((line, what)), _)) => Some(format!(
            "script.py.mako, line {line}, has {what}, which only Mako can fill in: the file has the form of Alembic's generic template"
        )),
        Some((Ok(template), _)) => {
            let text = parts.fill(&template);
            match difference(revision, &text, settings) {
                None => return Ok(Written { text, notice: None }),
                Some(what) => Some(format!(
                    "script.py.mako gives a file that means something else ({what}): the file has the form of Alembic's generic template"
                )),
            }
        }
    };
    let error = |reason: String| WriteError {
        id: revision.id.to_string(),
        reason,
    };
    let generic = Template::read(GENERIC).map_err(|(_, what)| error(what))?;
    let text = parts.fill(&generic);
    match difference(revision, &text, settings) {
        None => Ok(Written { text, notice }),
        Some(what) => Err(error(what)),
    }
}

/// What a template is filled in with.
struct Parts {
    fillings: Fillings,
    upgrade: Body,
    downgrade: Body,
}

impl Parts {
    fn of(revision: &Revision, settings: &Settings) -> Self {
        let upgrade = Body::of(&revision.upgrade, settings);
        let downgrade = match &revision.downgrade {
            Downgrade::Sql(sql) => Body::of(sql, settings),
            Downgrade::Impossible { reason } => Body::impossible(reason),
            Downgrade::Missing if is_empty(&revision.upgrade) => Body::default(),
            Downgrade::Missing => Body::impossible(NO_DOWNGRADE),
        };
        let needs_postgresql = upgrade.needs_postgresql() || downgrade.needs_postgresql();
        let down = revision.down.iter().map(ToString::to_string).collect();
        let text = |text: &str| Filling::Text(text.to_owned());
        let fillings = Fillings {
            message: Filling::Text(docstring(revision)),
            up_revision: text(revision.id.as_str()),
            down_revision: Filling::scalar(down),
            branch_labels: match revision.branch_labels.as_slice() {
                [] => Filling::None,
                labels => Filling::Tuple(labels.to_vec()),
            },
            depends_on: Filling::scalar(revision.depends_on.clone()),
            create_date: text(revision.create_date.as_deref().unwrap_or_default()),
            imports: match needs_postgresql {
                true => text("from sqlalchemy.dialects import postgresql"),
                false => Filling::None,
            },
        };
        Parts {
            fillings,
            upgrade,
            downgrade,
        }
    }

    fn fill(&self, template: &Template<'_>) -> String {
        template.fill(&self.fillings, |function, indent| {
            let body = match function {
                Function::Upgrade => &self.upgrade,
                Function::Downgrade => &self.downgrade,
            };
            body.text(indent).map_or(Filling::None, Filling::Text)
        })
    }
}

fn is_empty(text: &str) -> bool {
    sql::split(text).statements.is_empty()
}

/// The message, and the words that follow it, as they stand in the docstring.
fn docstring(revision: &Revision) -> String {
    let mut lines = vec![one_line(&revision.message)];
    let words = words(revision);
    if !words.is_empty() {
        lines.push(String::new());
        lines.extend(words.into_iter().map(|line| match is_key(&line) {
            true => format!("> {line}"),
            false => line,
        }));
    }
    if let Some(author) = &revision.author {
        lines.extend([String::new(), format!("Author: {}", one_line(author))]);
    }
    literal::inside_quotes(&lines.join("\n"))
}

/// The lines of the description and those of the header that Cofferdam does not know, without blank ones around.
fn words(revision: &Revision) -> Vec<String> {
    let lines = revision.description.iter().chain(&revision.extra);
    let lines: Vec<String> = lines.map(|line| one_line(line)).collect();
    let text = lines.join("\n");
    match text.trim() {
        "" => Vec::new(),
        text => text.split('\n').map(str::to_owned).collect(),
    }
}

/// Whether a line of the docstring would be read as part of the header.
fn is_key(line: &str) -> bool {
    let key = line.split_once(':').map_or("", |(key, _)| key.trim());
    ["Revision ID", "Revises", "Create Date", "Author"].contains(&key)
}

fn one_line(text: &str) -> String {
    let is_end = |c: char| c == '\n' || c == '\r';
    text.replace(is_end, " ").trim().to_owned()
}

/// The items without those that are there twice, which Alembic passes over.
fn unique(items: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for item in items {
        if !unique.contains(item) {
            unique.push(item.clone());
        }
    }
    unique
}

/// What reading `text` gives that is not in `revision`, in a word; none where it is the same.
fn difference(revision: &Revision, text: &str, settings: &Settings) -> Option<String> {
    let file = Source {
        path: "a.py",
        bytes: text.as_bytes(),
    };
    let reading = read(&[file], settings, Depth::Whole).pop()?;
    let Some(script) = reading.script else {
        let findings: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        return Some(findings.join("; "));
    };
    let read = &script.revision;
    let filled = |text: &Option<String>| {
        text.as_deref()
            .map(one_line)
            .filter(|text| !text.is_empty())
    };
    let same = [
        ("the id", read.id == revision.id),
        ("what it revises", read.down == revision.down),
        (
            "the branch labels",
            read.branch_labels == unique(&revision.branch_labels),
        ),
        (
            "what it depends on",
            read.depends_on == unique(&revision.depends_on),
        ),
        (
            "the message",
            one_line(&read.message) == one_line(&revision.message),
        ),
        (
            "the author",
            filled(&read.author) == filled(&revision.author),
        ),
        (
            "the date",
            filled(&read.create_date) == filled(&revision.create_date),
        ),
        (
            "the upgrade",
            same_section(revision, &script, Direction::Upgrade),
        ),
        ("the downgrade", same_downgrade(revision, &script)),
    ];
    let other = same.iter().find(|(_, same)| !same);
    other.map(|(what, _)| format!("{what} is not read back"))
}

fn same_downgrade(revision: &Revision, script: &Script) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (&revision.downgrade, &script.revision.downgrade) {
        (Downgrade::Impossible { reason }, Downgrade::Impossible { reason: read }) => {
            words(reason) == words(read)
        }
        (Downgrade::Missing, Downgrade::Impossible { reason }) => reason == NO_DOWNGRADE,
        (Downgrade::Impossible { .. }, _) => false,
        _ => same_section(revision, script, Direction::Downgrade),
    }
}

/// Whether a section's statements are all known, the same, and in the same transactions.
fn same_section(revision: &Revision, script: &Script, direction: Direction) -> bool {
    let is_known = script
        .body(direction)
        .is_some_and(|body| body.unreadable.is_empty());
    let (text, read) = (revision.sql(direction), script.revision.sql(direction));
    let (ours, theirs) = (sql::segments(text), sql::segments(read));
    let same = |(one, other): (&sql::Segment, &sql::Segment)| {
        let bodies = one.statements.iter().zip(&other.statements);
        one.is_outside() == other.is_outside()
            && one.statements.len() == other.statements.len()
            && bodies.into_iter().all(|(ours, theirs)| {
                let end = |text: &str| format!("{}\n;", text.trim_end_matches(';'));
                sql::same_tokens(
                    &end(&text[ours.body.clone()]),
                    &end(&read[theirs.body.clone()]),
                )
            })
    };
    is_known && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(same)
}
