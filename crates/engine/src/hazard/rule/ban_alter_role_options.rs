//! Role changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-role-options",
    rows: &[113],
    title: "Role changed",
    happens: "A role belongs to the whole cluster, and to other databases, too.",
    applies: "For ALTER ROLE.",
    instead: "Leave it to those who run the server.",
    manual: "sql-alterrole",
    find: Find::Squawk(Squawk::BanAlterRoleOptions, |_| true),
    ..Rule::BASE
};
