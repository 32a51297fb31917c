//! Trigger on a table with rows.

use super::{Find, Rule};
use super::{Hits, Look};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "trigger-on-existing-table",
    rows: &[105],
    title: "Trigger on a table with rows",
    happens: "CREATE TRIGGER takes SHARE ROW EXCLUSIVE, and from then on every write runs the trigger, those of the old program version, too; rows that are there do not.",
    waits: "INSERT, UPDATE and DELETE wait until the transaction ends.",
    applies: "Not for a table made in the same plan.",
    instead: "Try it with the writes that production has.",
    manual: "sql-createtrigger",
    word: "trigger",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if matches!(look.tree, Stmt::CreateTrigger(_)) && look.is_felt() {
        hits.here(look.head());
    }
}
