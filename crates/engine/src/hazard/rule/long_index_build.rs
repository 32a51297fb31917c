//! Index build on a large table.

use super::{Find, Rule};
use super::{Hits, Look, name};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "long-index-build",
    rows: &[39],
    severity: Severity::Note,
    title: "Index build on a large table",
    happens: "The build reads the whole table and sorts it: it takes long, and writes much.",
    applies: "Where statistics are given, for a table of more than ten million rows.",
    instead: "Do it when little else runs, with maintenance_work_mem set high.",
    manual: "sql-createindex",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && let Some(table) = name(create.table_relation_name().as_ref())
        && let Some(known) = look.options.statistics.of(&table)
        && known.rows > 10_000_000
    {
        hits.add(
            look.head(),
            format!("{table} has about {} million rows: the build takes long, and writes much. Do it when little else runs.", known.rows / 1_000_000),
        );
    }
}
