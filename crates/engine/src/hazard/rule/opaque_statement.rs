//! Statement whose effect cannot be read.

use super::{Find, Rule};
use super::{Hits, Look};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "opaque-statement",
    rows: &[107, 111],
    in_downgrade: true,
    title: "Statement whose effect cannot be read",
    happens: "A DO block, CALL, or a text that is run decides what it does when it runs: neither its locks nor what it destroys are known before.",
    applies: "For DO, CALL, and functions in SELECT that change things.",
    instead: "Write the statements themselves; or dry-run it, and say in a suppression what it does.",
    manual: "sql-do",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if matches!(look.tree, Stmt::Do(_) | Stmt::Call(_)) {
        hits.here(look.head());
    }
}
