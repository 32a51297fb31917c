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
    let analyzed = look.later.iter().any(|parsed| {
        let text = look.sql[parsed.statement.body.clone()].to_ascii_lowercase();
        text.contains("analyze") && text.contains(&table.name)
    });
    if update.where_clause_or_current_of().is_none() && !analyzed && !look.is_new(&table) {
        hits.here(look.head());
    }
}
