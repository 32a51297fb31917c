//! Column renamed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "renaming-column",
    rows: &[74],
    severity: Severity::Error,
    title: "Column renamed",
    happens: "From this moment programs of the old version fail on the column's name.",
    applies: "Not for a table made in the same plan.",
    instead: "Add a new column, keep both in step, change the programs, and drop the old one.",
    manual: "sql-altertable",
    word: "rename",
    find: Find::Squawk(Squawk::RenamingColumn, |look| look.is_felt()),
    ..Rule::BASE
};
