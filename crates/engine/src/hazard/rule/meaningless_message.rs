//! Message that says nothing.

use super::{End, Hits};
use super::{Find, Rule};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "meaningless-message",
    rows: &[93],
    severity: Severity::Note,
    title: "Message that says nothing",
    happens: "The message names the revision in every list: update, fix, changes or migration1 tell nobody what it does.",
    applies: "For revisions whose message is such a word.",
    instead: "Say what changes: Add email to users.",
    manual: "sql-commands",
    find: Find::AtEnd(find),
    ..Rule::BASE
};

/// Words that say nothing, by themselves or with a number.
const EMPTY: [&str; 14] = [
    "update",
    "updates",
    "fix",
    "fixes",
    "change",
    "changes",
    "migration",
    "migrate",
    "revision",
    "wip",
    "temp",
    "test",
    "misc",
    "new",
];

fn find(end: &End<'_>, hits: &mut Hits) {
    let Some(message) = end.message else {
        return;
    };
    let lower = message.trim().to_ascii_lowercase();
    let word =
        lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == ' ' || c == '.');
    if EMPTY.contains(&word) || lower.is_empty() {
        hits.add(
            0..0,
            format!("The message {message:?} says nothing of what the revision does: write what changes, such as \"Add email to users\"."),
        );
    }
}
