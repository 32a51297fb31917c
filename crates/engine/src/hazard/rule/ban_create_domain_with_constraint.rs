//! Domain with a constraint.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-create-domain-with-constraint",
    rows: &[10],
    title: "Domain with a constraint",
    happens: "A domain's constraint cannot be changed without reading every table that uses the domain.",
    applies: "For CREATE DOMAIN with CHECK or NOT NULL.",
    instead: "Put a CHECK on the columns instead: it can be NOT VALID first.",
    manual: "sql-createdomain",
    word: "domain",
    find: Find::Squawk(Squawk::BanCreateDomainWithConstraint, |_| true),
    ..Rule::BASE
};
