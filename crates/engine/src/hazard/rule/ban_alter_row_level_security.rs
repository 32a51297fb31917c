//! Row-level security switched.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-row-level-security",
    rows: &[99],
    title: "Row-level security switched",
    happens: "With row-level security on and no policy, everybody but the owner sees no row; with it off, everybody sees all.",
    applies: "For ENABLE, DISABLE, FORCE on a table in use.",
    instead: "Make the policies in the same transaction, before it is switched on.",
    manual: "ddl-rowsecurity",
    word: "security",
    find: Find::Squawk(Squawk::BanAlterRowLevelSecurity, |look| look.is_felt()),
    ..Rule::BASE
};
