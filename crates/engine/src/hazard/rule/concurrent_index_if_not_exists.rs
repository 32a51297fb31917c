//! IF NOT EXISTS hides an invalid index.

use super::{Find, Rule, fix};
use super::{Hits, Look, range};
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "concurrent-index-if-not-exists",
    rows: &[45],
    title: "IF NOT EXISTS hides an invalid index",
    happens: "A concurrent build that failed leaves an invalid index, and IF NOT EXISTS then skips over it for ever.",
    applies: "For CREATE INDEX CONCURRENTLY IF NOT EXISTS.",
    instead: "Leave IF NOT EXISTS out: Cofferdam drops an invalid index of that name and builds it again.",
    manual: "sql-createindex",
    find: Find::Own(find),
    fix: Some(fix::without_if_not_exists),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && create.concurrently_token().is_some()
        && let Some(clause) = create.if_not_exists()
    {
        hits.here(range(clause.syntax()));
    }
}
