//! No ANALYZE after a backfill.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "missing-analyze",
    rows: &[109],
    severity: Severity::Note,
    title: "No ANALYZE after a backfill",
    happens: "Until the next autovacuum the planner counts with what the column held before, and may choose a bad plan.",
    applies: "For UPDATE of a whole table, or an index on an expression, without an ANALYZE of the table after it.",
    instead: "ANALYZE users;",
    manual: "sql-analyze",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::Update(update) = look.tree else {
        return;
    };
    let Some(table) = name(update.relation_name().as_ref()) else {
        return;
    };
    if update.where_clause_or_current_of().is_none()
        && !look.is_new(&table)
        && !look.says_later(&["analyze", &table.name])
    {
        hits.here(look.head());
    }
}
