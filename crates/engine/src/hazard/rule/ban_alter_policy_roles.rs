//! Policy's roles changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-policy-roles",
    rows: &[99],
    title: "Policy's roles changed",
    happens: "Who sees and writes which rows changes at once.",
    applies: "For ALTER POLICY … TO.",
    instead: "Try it as each role.",
    manual: "sql-alterpolicy",
    word: "policy",
    find: Find::Squawk(Squawk::BanAlterPolicyRoles, |_| true),
    ..Rule::BASE
};
