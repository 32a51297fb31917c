//! REFRESH MATERIALIZED VIEW without CONCURRENTLY.

use super::{Find, Rule, fix};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "blocking-refresh",
    rows: &[112],
    severity: Severity::Error,
    in_downgrade: true,
    title: "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
    happens: "The view is locked ACCESS EXCLUSIVE while it is computed.",
    waits: "Everybody who reads the view waits.",
    applies: "Not for a view made in the same plan, nor WITH NO DATA.",
    instead: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on it.",
    manual: "sql-refreshmaterializedview",
    word: "refresh",
    find: Find::Own(find),
    fix: Some(fix::concurrently),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::Refresh(refresh) = look.tree else {
        return;
    };
    let is_new = name(refresh.view_ref().as_ref()).is_some_and(|view| look.is_new(&view));
    let empties = look.lower().contains("no data");
    if refresh.concurrently_token().is_none() && !is_new && !empties {
        hits.here(look.head());
    }
}
