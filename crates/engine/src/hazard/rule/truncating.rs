//! TRUNCATE.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "truncating",
    rows: &[71],
    severity: Severity::Error,
    title: "TRUNCATE",
    happens: "All rows of the table are gone, and ACCESS EXCLUSIVE is held until the transaction ends.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "DELETE in batches, with a condition.",
    manual: "sql-truncate",
    word: "truncate",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if matches!(look.tree, Stmt::Truncate(_)) && look.is_felt() {
        hits.here(look.head());
    }
}
