//! Privileges given.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "privileges-changed",
    rows: &[100],
    severity: Severity::Note,
    title: "Privileges given",
    happens: "Who may read or write changes at once; GRANT … TO PUBLIC means everybody.",
    applies: "For GRANT to PUBLIC, and GRANT ALL.",
    instead: "Name the role, and only the privileges that it needs.",
    manual: "sql-grant",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !matches!(look.tree, Stmt::Grant(_)) {
        return;
    }
    let text = look.lower();
    let words: Vec<&str> = text
        .trim_end_matches(';')
        .split_ascii_whitespace()
        .collect();
    if words.last() == Some(&"public") || words.get(1) == Some(&"all") {
        hits.here(look.head());
    }
}
