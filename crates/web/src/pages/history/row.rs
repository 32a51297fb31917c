//! The rows of the history as data: what each one says, and which databases have it.

use crate::pages::write::address;
use crate::state::{State, Workspace};
use cofferdam_engine::api::EnvironmentState;
use cofferdam_engine::change;
use cofferdam_engine::history::lanes;
use cofferdam_engine::revision::{Direction, Downgrade, Script};
use cofferdam_engine::sql;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The shape of a revision's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Plain,
    Head,
    Base,
    Merge,
    Draft,
}

/// Whether a database has a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    Not,
    Applied,
    /// Applied, but from another text than the file has now.
    Changed,
    Half,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RowData {
    /// Position among all rows.
    pub index: usize,
    /// Its word in addresses: the id, but where another file has that too.
    pub key: String,
    pub id: String,
    pub short: String,
    pub message: String,
    /// For people: `23 Dec 2025`.
    pub date: String,
    /// As the file has it.
    pub exact_date: String,
    pub author: String,
    /// Class and words.
    pub badges: Vec<(&'static str, String)>,
    pub marks: Vec<(String, Has)>,
    pub lane: lanes::Row,
    pub shape: Shape,
    pub parents: Vec<String>,
    pub path: String,
    /// Parts that cannot be known without running Python.
    pub needs_python: usize,
}

impl RowData {
    /// What a screen reader says of it.
    pub fn label(&self) -> String {
        let mut words = vec![self.message.clone(), format!("revision {}", self.id)];
        if self.parents.is_empty() {
            words.push("base".into());
        } else {
            words.push(format!("after {}", self.parents.join(" and ")));
        }
        words.extend(self.badges.iter().map(|(_, words)| words.clone()));
        for (name, has) in &self.marks {
            words.push(match has {
                Has::Not => format!("not in {name}"),
                Has::Applied => format!("in {name}"),
                Has::Changed => format!("in {name}, its file has changed since"),
                Has::Half => format!("half applied in {name}"),
            });
        }
        words.join(", ")
    }
}

/// Rows that share what they are made from; two are the same only when their rows are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub all: Arc<Vec<Arc<RowData>>>,
    /// Lanes of the widest row.
    pub width: usize,
    /// The rows are not neighbours in the graph.
    pub filtered: bool,
    /// The files make no history: the rows stand in order of path, and no graph is drawn.
    pub broken: bool,
}

impl Rows {
    pub fn position(&self, key: &str) -> Option<usize> {
        self.all.iter().position(|row| row.key == key)
    }

    /// The rows that `filter` (an address's word) and the searched `words` let through.
    pub fn only(&self, filter: &str, words: &str) -> Rows {
        let words = words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        if filter.is_empty() && words.is_empty() {
            return self.clone();
        }
        let fits = |row: &&Arc<RowData>| {
            let by_filter = match filter.split_once(':') {
                Some(("not-in", name)) => row
                    .marks
                    .iter()
                    .any(|(env, has)| env == name && *has == Has::Not),
                _ => match filter {
                    "heads" => row.badges.iter().any(|(class, _)| *class == "hd"),
                    "merges" => row.shape == Shape::Merge,
                    "drafts" => row.shape == Shape::Draft,
                    "needs-python" => row.needs_python > 0,
                    "no-downgrade" => row.badges.iter().any(|(_, words)| words == "no downgrade"),
                    _ => true,
                },
            };
            let text =
                || format!("{} {} {} {}", row.id, row.message, row.author, row.path).to_lowercase();
            by_filter
                && (words.is_empty() || {
                    let text = text();
                    words.iter().all(|word| text.contains(word))
                })
        };
        Rows {
            all: Arc::new(self.all.iter().filter(fits).cloned().collect()),
            width: 1,
            filtered: true,
            broken: self.broken,
        }
    }
}

/// Reads the rows out of the app's state.
pub fn rows(state: State) -> Rows {
    let Some(workspace) = state.with_drafts.get() else {
        return Rows::default();
    };
    let environments = state.environments.get();
    let databases: Vec<DatabaseMarks> = environments.iter().map(DatabaseMarks::new).collect();
    let Ok(history) = workspace.history.clone() else {
        return broken(&workspace, &databases);
    };
    let lanes = state.rows.get();
    let heads: BTreeSet<String> = history.heads().iter().map(ToString::to_string).collect();
    let all: Vec<Arc<RowData>> = history
        .scripts()
        .rev()
        .enumerate()
        .map(|(index, script)| {
            let drafted = workspace.drafted.contains(&script.revision.id);
            Arc::new(row(
                index,
                script,
                &workspace,
                lanes.get(index).cloned().unwrap_or_default(),
                &databases,
                &heads,
                drafted,
            ))
        })
        .collect();
    let width = all
        .iter()
        .map(|row| row.lane.width)
        .max()
        .unwrap_or(1)
        .max(1);
    Rows {
        all: Arc::new(all),
        width,
        filtered: false,
        broken: false,
    }
}

/// The files that can be read, where they make no history.
fn broken(workspace: &Workspace, databases: &[DatabaseMarks]) -> Rows {
    let mut seen = BTreeSet::new();
    let none = BTreeSet::new();
    let rows = workspace.scripts.iter().enumerate().map(|(index, script)| {
        let mut row = row(
            index,
            script,
            workspace,
            lanes::Row::default(),
            databases,
            &none,
            false,
        );
        if !seen.insert(&script.revision.id) {
            row.key = address::of_path(&script.path);
        }
        Arc::new(row)
    });
    Rows {
        all: Arc::new(rows.collect()),
        width: 0,
        filtered: false,
        broken: true,
    }
}

/// What one database says of revisions.
struct DatabaseMarks<'a> {
    name: &'a str,
    applied: BTreeSet<&'a str>,
    digests: BTreeMap<&'a str, &'a str>,
    half: Option<&'a str>,
}

impl<'a> DatabaseMarks<'a> {
    fn new(environment: &'a EnvironmentState) -> Self {
        DatabaseMarks {
            name: &environment.name,
            applied: environment.applied.iter().map(String::as_str).collect(),
            digests: environment
                .journal
                .iter()
                .map(|file| (file.revision.as_str(), file.sha256.as_str()))
                .collect(),
            half: environment
                .half_applied
                .as_ref()
                .map(|half| half.revision.as_str()),
        }
    }

    fn has(&self, script: &Script) -> Has {
        let id = script.revision.id.as_str();
        if self.half == Some(id) {
            Has::Half
        } else if !self.applied.contains(id) {
            Has::Not
        } else if self
            .digests
            .get(id)
            .is_some_and(|digest| *digest != script.sha256)
        {
            Has::Changed
        } else {
            Has::Applied
        }
    }
}

fn row(
    index: usize,
    script: &Script,
    workspace: &Workspace,
    lane: lanes::Row,
    databases: &[DatabaseMarks<'_>],
    heads: &BTreeSet<String>,
    drafted: bool,
) -> RowData {
    let revision = &script.revision;
    let id = revision.id.to_string();
    let head = heads.contains(&id);
    let shape = match (drafted, revision.is_merge(), head, revision.down.is_empty()) {
        (true, ..) => Shape::Draft,
        (_, true, ..) => Shape::Merge,
        (_, _, true, _) => Shape::Head,
        (_, _, _, true) => Shape::Base,
        _ => Shape::Plain,
    };
    let mut badges = Vec::new();
    if drafted {
        badges.push(("draft", "draft".to_owned()));
    } else if workspace.only_here.contains(&script.path) {
        badges.push(("draft", "only in this browser".to_owned()));
    }
    if head {
        badges.push(("hd", "head".to_owned()));
    }
    if revision.down.is_empty() {
        badges.push(("base", "base".to_owned()));
    }
    if revision.is_merge() {
        badges.push(("merge", "merge".to_owned()));
    }
    badges.extend(
        revision
            .branch_labels
            .iter()
            .map(|label| ("label", label.clone())),
    );
    if let Some((_, phase)) = change::of_revision(revision) {
        badges.push((phase.as_str(), phase.to_string()));
    }
    let needs_python = needs_python(script);
    match needs_python {
        0 => {}
        1 => badges.push(("caution", "1 part needs Python".to_owned())),
        n => badges.push(("caution", format!("{n} parts need Python"))),
    }
    if no_downgrade(script) {
        badges.push(("caution", "no downgrade".to_owned()));
    }
    let errors = workspace
        .findings_of(&script.path)
        .filter(|finding| finding.severity == cofferdam_engine::finding::Severity::Error)
        .count();
    if errors > 0 {
        badges.push((
            "des",
            if errors == 1 {
                "1 error".into()
            } else {
                format!("{errors} errors")
            },
        ));
    }
    let exact_date = revision.create_date.clone().unwrap_or_default();
    RowData {
        index,
        short: revision.id.short().to_owned(),
        message: if revision.message.is_empty() {
            "No message".into()
        } else {
            revision.message.clone()
        },
        date: day(&exact_date),
        exact_date,
        author: revision.author.clone().unwrap_or_default(),
        badges,
        marks: databases
            .iter()
            .map(|database| (database.name.to_owned(), database.has(script)))
            .collect(),
        lane,
        shape,
        parents: revision.down.iter().map(ToString::to_string).collect(),
        path: script.path.clone(),
        needs_python,
        key: id.clone(),
        id,
    }
}

/// How many parts of a Python file cannot be known without running it.
pub fn needs_python(script: &Script) -> usize {
    script.python.as_ref().map_or(0, |python| {
        python.upgrade.unreadable.len() + python.downgrade.unreadable.len()
    })
}

/// The downgrade is missing, or empty although the upgrade is not.
pub fn no_downgrade(script: &Script) -> bool {
    match &script.revision.downgrade {
        Downgrade::Missing => true,
        Downgrade::Impossible { .. } => false,
        Downgrade::Sql(text) => {
            let known = script.body(Direction::Downgrade);
            let known = known.is_none_or(|body| body.unreadable.is_empty());
            known
                && text.trim().is_empty()
                && !sql::split(&script.revision.upgrade).statements.is_empty()
        }
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `2025-12-23 10:30:45.1` → `23 Dec 2025`; what is no such date stays as it is.
pub fn day(date: &str) -> String {
    let mut parts = date.split(['-', ' ', 'T']);
    let year = parts.next().and_then(|part| part.parse::<u16>().ok());
    let month = parts
        .next()
        .and_then(|part| part.parse::<usize>().ok())
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    let day = parts.next().and_then(|part| part.parse::<u8>().ok());
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        _ => date.to_owned(),
    }
}
