//! Table renamed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "renaming-table",
    rows: &[75],
    severity: Severity::Error,
    title: "Table renamed",
    happens: "From this moment programs of the old version fail on the table's name.",
    applies: "Not for a table made in the same plan.",
    instead: "Rename it together with a view of the old name in one transaction.",
    manual: "sql-altertable",
    word: "rename",
    find: Find::Squawk(Squawk::RenamingTable, |look| look.is_felt()),
    ..Rule::BASE
};
