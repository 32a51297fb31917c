//! Index over many columns.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "wide-index",
    rows: &[43],
    severity: Severity::Note,
    title: "Index over many columns",
    happens: "An index over more than three columns is large, slows every write, and is seldom used beyond its first columns.",
    applies: "For indexes that are not unique, over more than three columns.",
    instead: "Put the most selective columns first, and the others into INCLUDE or leave them out.",
    manual: "indexes-multicolumn",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && create.unique_token().is_none()
        && let Some(list) = create.partition_item_list()
        && list.partition_items().count() > 3
    {
        hits.here(range(list.syntax()));
    }
}
