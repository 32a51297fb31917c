//! Privilege taken away.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-revoke",
    rows: &[100],
    title: "Privilege taken away",
    happens: "Programs that relied on the privilege fail from this moment.",
    applies: "For REVOKE.",
    instead: "Look who uses it first.",
    manual: "sql-revoke",
    find: Find::Squawk(Squawk::BanRevoke, |_| true),
    ..Rule::BASE
};
