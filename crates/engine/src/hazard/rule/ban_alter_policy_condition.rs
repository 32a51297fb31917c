//! Policy's condition changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-policy-condition",
    rows: &[99],
    title: "Policy's condition changed",
    happens: "Who sees and writes which rows changes at once.",
    applies: "For ALTER POLICY … USING or WITH CHECK.",
    instead: "Try it as each role.",
    manual: "sql-alterpolicy",
    word: "policy",
    find: Find::Squawk(Squawk::BanAlterPolicyCondition, |_| true),
    ..Rule::BASE
};
