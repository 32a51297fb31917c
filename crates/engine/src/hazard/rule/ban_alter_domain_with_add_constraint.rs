//! Constraint added to a domain.

use super::Look;
use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-domain-with-add-constraint",
    rows: &[10],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Constraint added to a domain",
    happens: "Adding a constraint to a domain reads every table with a column of it, under SHARE locks.",
    waits: "INSERT, UPDATE and DELETE on those tables wait.",
    applies: "Not with NOT VALID.",
    instead: "Add it NOT VALID, and validate it in a later transaction.",
    manual: "sql-alterdomain",
    word: "domain",
    find: Find::Squawk(Squawk::BanAlterDomainWithAddConstraint, applies),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    !look.lower().contains("not valid")
}
