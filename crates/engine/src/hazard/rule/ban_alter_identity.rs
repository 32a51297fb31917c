//! Identity column changed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-identity",
    rows: &[26],
    severity: Severity::Note,
    is_default: false,
    title: "Identity column changed",
    happens: "What an INSERT may write into the column changes.",
    applies: "For SET GENERATED and the sequence of an identity column.",
    instead: "Check the INSERTs of the programs.",
    manual: "sql-altertable",
    find: Find::Squawk(Squawk::BanAlterIdentity, |look| look.is_felt()),
    ..Rule::BASE
};
