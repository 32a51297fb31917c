//! Histories written as text: checks, order, targets, version rows; and their properties on random histories.

#[path = "history/properties.rs"]
mod properties;
#[path = "history/rows.rs"]
mod rows;
#[path = "history/shape.rs"]
mod shape;
#[path = "history/targets.rs"]
mod targets;

use cofferdam_engine::history::{History, HistoryError};
use cofferdam_engine::revision::{Direction, Downgrade, Revision, RevisionId, Script};

fn id(text: &str) -> RevisionId {
    RevisionId::new(text).expect("a test's id is good")
}

fn ids(text: &str) -> Vec<RevisionId> {
    text.split_whitespace().map(id).collect()
}

fn words(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads a line such as `c < a b ~ x #label @2025-01-01`: c comes after a and b, depends on x, and carries
/// a label and a create date.
fn script(line: &str) -> Script {
    let mut revision = Revision {
        id: id(line.split_whitespace().next().expect("a line has an id")),
        down: Vec::new(),
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message: String::new(),
        description: Vec::new(),
        author: None,
        create_date: None,
        extra: Vec::new(),
        upgrade: String::new(),
        downgrade: Downgrade::Missing,
    };
    let mut path = revision.id.to_string();
    let mut depends = false;
    for word in line.split_whitespace().skip(1) {
        match (word.chars().next(), word.get(1..)) {
            (Some('<'), _) => depends = false,
            (Some('~'), _) => depends = true,
            (Some('#'), Some(label)) => revision.branch_labels.push(label.into()),
            (Some('@'), Some(date)) => revision.create_date = Some(date.into()),
            (Some('/'), Some(name)) => path = name.into(),
            _ if depends => revision.depends_on.push(word.into()),
            _ => revision.down.push(id(word)),
        }
    }
    Script {
        revision,
        path: format!("versions/{path}.sql"),
        sha256: String::new(),
        upgrade_at: 0,
        downgrade_at: 0,
        upgrade_line: 1,
        downgrade_line: 1,
        python: None,
        cuts: None,
    }
}

fn build(text: &str) -> Result<History, Vec<HistoryError>> {
    History::new(
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(script)
            .collect(),
    )
}

fn history(text: &str) -> History {
    build(text).expect("a test's history holds")
}

fn errors(text: &str) -> String {
    let errors = build(text).expect_err("this is no history");
    errors
        .iter()
        .map(|error| format!("{error}\n"))
        .collect::<String>()
}

const DIAMOND: &str = "a\n b < a\n c1 < b\n c2 < b\n d1 < c1\n m < d1 c2\n n < m";
