//! Domain dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-domain",
    rows: &[81],
    title: "Domain dropped",
    happens: "Programs that name the domain fail.",
    applies: "For DROP DOMAIN.",
    instead: "Make sure that nothing uses it.",
    manual: "sql-dropdomain",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropDomain, |_| true),
    ..Rule::BASE
};
