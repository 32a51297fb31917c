//! Index on a table that is written often.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "index-on-hot-table",
    rows: &[49],
    severity: Severity::Note,
    title: "Index on a table that is written often",
    happens: "Every INSERT, and every UPDATE that cannot stay in place, writes the new index, too.",
    applies: "Where statistics are given, for a table with more than 100,000 writes in an hour.",
    instead: "Make sure that the queries it is for are worth it.",
    manual: "indexes-intro",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && let Some(table) = name(create.table_relation_name().as_ref())
        && let Some(known) = look.options.statistics.of(&table)
        && known.writes_per_hour > 100_000
    {
        hits.add(
            look.head(),
            format!(
                "{table} is written about {} times in an hour, and each time the new index, too.",
                known.writes_per_hour
            ),
        );
    }
}
