//! Required column without a default.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-required-field",
    rows: &[15],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Required column without a default",
    happens: "A NOT NULL column without a default fails on a table with rows, and makes every INSERT of the old version fail.",
    applies: "Not for a table made in the same plan.",
    instead: "Add it with a constant default, or without NOT NULL first.",
    manual: "sql-altertable",
    find: Find::Squawk(Squawk::AddingRequiredField, |look| look.is_felt()),
    ..Rule::BASE
};
