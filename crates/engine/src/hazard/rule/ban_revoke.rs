//! Privilege taken away.

use super::{Asked, Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-revoke",
    rows: &[100],
    title: "Privilege taken away",
    happens: "Programs that relied on the privilege fail from this moment.",
    applies: "For REVOKE.",
    instead: "Look who uses it first.",
    manual: "sql-revoke",
    may_be: takes_away,
    find: Find::Squawk(Squawk::BanRevoke, |_| true),
    ..Rule::BASE
};

/// Whether one of the words is there that squawk's rule is about: REVOKE, OWNER TO, OWNED BY, REASSIGN, DROP ROLE.
fn takes_away(asked: &Asked<'_>) -> bool {
    let words = ["revoke", "owner", "owned", "reassign", "drop"];
    words.iter().any(|word| asked.lower.contains(word))
}
