//! A deployment's and a rollback's checklist: what the files answer, what a run proves, and what only a person knows.

mod judged;

use crate::hazard::Options;
use crate::history::History;
use crate::revision::{Direction, Downgrade, RevisionId, Script};
use judged::{Judged, Judging};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How an item is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// From the files.
    Computed,
    /// From a run on a PostgreSQL.
    Run,
    /// A person says so.
    Person,
}

/// One line of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its name in JSON and on the command line.
    pub item: &'static str,
    pub title: &'static str,
    pub how: How,
    pub is_done: bool,
    /// What was found, a line each.
    pub evidence: Vec<String>,
}

/// What the checklist is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Deployment,
    /// Taking revisions back.
    Rollback,
}

impl Occasion {
    /// What only a person knows before it: items and their titles.
    pub fn persons(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Occasion::Deployment => &[
                ("backup", "A backup of the database is there"),
                ("staging", "It ran on staging"),
                ("team", "The team knows"),
                ("window", "The hour is one of little traffic"),
                ("monitoring", "Somebody watches logs and alerts"),
            ],
            Occasion::Rollback => &[
                ("backup", "A backup of the database is there"),
                ("team", "The team knows"),
                ("reason", "The reason is written down"),
            ],
        }
    }

    /// The section of the files that runs.
    pub fn direction(self) -> Direction {
        match self {
            Occasion::Deployment => Direction::Upgrade,
            Occasion::Rollback => Direction::Downgrade,
        }
    }
}

/// What a checklist is computed from.
pub struct Question<'a> {
    pub history: &'a History,
    pub wanted: &'a BTreeSet<RevisionId>,
    pub occasion: Occasion,
    /// They are applied as one: what a revision makes is empty, and used by nobody, for those that follow.
    pub together: bool,
    pub options: &'a Options,
    /// A revision's whole file.
    pub text: &'a dyn Fn(&Script) -> String,
    /// Where the statements can be read, in words: `each revision's page shows them`.
    pub preview: &'a str,
}

/// What the files answer, in the order of the list.
pub fn computed(question: &Question<'_>) -> Vec<Item> {
    let mut reading = Reading::new(question);
    while reading.step() {}
    reading.items()
}

/// The files are read, a revision at a time: a page lives on between two of a long history.
pub struct Reading<'a> {
    question: &'a Question<'a>,
    /// Up to the last that is asked for, parents before children.
    scripts: Vec<&'a Script>,
    read: usize,
    judging: Judging,
    missing: Vec<String>,
    statements: usize,
}

impl<'a> Reading<'a> {
    /// Nothing is read yet.
    pub fn new(question: &'a Question<'a>) -> Self {
        let is_wanted = |script: &&Script| question.wanted.contains(&script.revision.id);
        let mut scripts: Vec<&Script> = question.history.scripts().collect();
        let last = scripts.iter().rposition(is_wanted);
        scripts.truncate(last.map_or(0, |last| last + 1));
        Reading {
            question,
            scripts,
            read: 0,
            judging: Judging::new(question),
            missing: Vec::new(),
            statements: 0,
        }
    }

    /// How many revisions are read, and how many there are to read.
    pub fn progress(&self) -> (usize, usize) {
        (self.read, self.scripts.len())
    }

    /// Reads the next revision; false where all are read.
    pub fn step(&mut self) -> bool {
        let Some(script) = self.scripts.get(self.read) else {
            return false;
        };
        self.read += 1;
        let revision = &script.revision;
        if !self.question.wanted.contains(&revision.id) {
            self.judging.replay(script);
            return true;
        }
        if !has_way_back(script) {
            let missing = format!("{} has no downgrade ({})", revision.id, script.path);
            self.missing.push(missing);
        }
        let sql = revision.sql(self.question.occasion.direction());
        self.statements += crate::sql::split(sql).statements.len();
        self.judging.judge(self.question, script);
        true
    }

    /// The list, of what is read.
    pub fn items(self) -> Vec<Item> {
        let Reading {
            question,
            judging,
            missing,
            statements,
            ..
        } = self;
        items(question, judging.judged, missing, statements)
    }
}

fn items(
    question: &Question<'_>,
    judged: Judged,
    missing: Vec<String>,
    statements: usize,
) -> Vec<Item> {
    let Question {
        history,
        wanted,
        occasion,
        ..
    } = question;
    let heads = history.heads_by_file();
    let names: Vec<&str> = heads.iter().map(RevisionId::as_str).collect();
    let Judged {
        hazards,
        answered,
        bad_names,
        destroyed,
        destroyed_unallowed,
        is_unknown,
    } = judged;
    let hazards_open = !hazards.is_empty();
    let mut items = vec![
        item(
            "chain",
            "The history is whole",
            true,
            vec![format!("{} revisions", history.len())],
        ),
        item(
            "heads",
            "There is one head",
            heads.len() == 1,
            vec![names.join(", ")],
        ),
        item(
            "downgrades",
            "Every revision has a downgrade, or says why not",
            missing.is_empty(),
            missing,
        ),
        item(
            "preview",
            "The SQL can be read before",
            !is_unknown,
            vec![format!(
                "{statements} statements: {}{}",
                question.preview,
                if is_unknown {
                    ", but for what needs Python"
                } else {
                    ""
                }
            )],
        ),
        item(
            "destroys",
            "What is destroyed is known",
            destroyed_unallowed == 0,
            destroyed,
        ),
        item(
            "hazards",
            "Hazards are fixed, or allowed with a reason",
            !hazards_open,
            hazards.into_iter().chain(answered).collect(),
        ),
        item(
            "names",
            "Names and messages say something",
            bad_names.is_empty(),
            bad_names,
        ),
    ];
    if *occasion == Occasion::Rollback {
        let ids: Vec<RevisionId> = wanted.iter().cloned().collect();
        let after: Vec<String> = history
            .descendants(&ids)
            .into_iter()
            .filter(|id| !wanted.contains(id))
            .map(|id| format!("{id} comes after them, and would have to go first"))
            .collect();
        items.push(item(
            "dependents",
            "No other revision stands on these",
            after.is_empty(),
            after,
        ));
    }
    items
}

fn item(item: &'static str, title: &'static str, is_done: bool, evidence: Vec<String>) -> Item {
    Item {
        item,
        title,
        how: How::Computed,
        is_done,
        evidence,
    }
}

/// The item of a history that does not hold together, which is all that can be said of it.
pub fn broken(reasons: Vec<String>) -> Item {
    item("chain", "The history is whole", false, reasons)
}

/// The item of a proof, up, down and up again. `evidence` says where it was made, or what is missing.
pub fn proved(is_done: bool, evidence: Vec<String>) -> Item {
    Item {
        item: "proved",
        title: "Each revision goes up, down and up again",
        how: How::Run,
        is_done,
        evidence,
    }
}

/// What only a person knows; `confirmed` has the names of those who said so by item, and `open` what can be done about
/// one that nobody has confirmed.
pub fn persons(
    occasion: Occasion,
    confirmed: &BTreeMap<String, String>,
    open: impl Fn(&str) -> String,
) -> Vec<Item> {
    let items = occasion.persons().iter().map(|(item, title)| {
        let name = confirmed.get(*item);
        Item {
            item,
            title,
            how: How::Person,
            is_done: name.is_some(),
            evidence: vec![match name {
                Some(name) => format!("confirmed by {name}"),
                None => open(item),
            }],
        }
    });
    items.collect()
}

/// A plan's comment by which a person confirms an item, or takes that back.
pub fn comment(item: &str, is_done: bool) -> String {
    let state = if is_done { "confirmed" } else { "open again" };
    format!("Checklist: {item} is {state}.")
}

/// What a plan's comments, oldest first, confirm: the last one about an item counts, and its author is the one who says so.
pub fn confirmations<'c>(
    occasion: Occasion,
    comments: impl IntoIterator<Item = (&'c str, &'c str)>,
) -> BTreeMap<String, String> {
    let mut confirmed = BTreeMap::new();
    for (author, text) in comments {
        for (item, _) in occasion.persons() {
            if text == comment(item, true) {
                confirmed.insert((*item).to_owned(), author.to_owned());
            } else if text == comment(item, false) {
                confirmed.remove(*item);
            }
        }
    }
    confirmed
}

fn has_way_back(script: &Script) -> bool {
    let does = |direction| !script.is_empty(direction);
    match &script.revision.downgrade {
        Downgrade::Impossible { .. } => true,
        Downgrade::Missing | Downgrade::Sql(_) => {
            !does(Direction::Upgrade) || does(Direction::Downgrade)
        }
    }
}

#[cfg(test)]
mod tests;
