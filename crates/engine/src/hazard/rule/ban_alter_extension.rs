//! Extension changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-extension",
    rows: &[108],
    title: "Extension changed",
    happens: "An update of an extension may change functions and types that programs use, and needs the new version installed on the server.",
    applies: "For ALTER EXTENSION.",
    instead: "Read the extension's notes; try it on a copy.",
    manual: "sql-alterextension",
    word: "extension",
    find: Find::Squawk(Squawk::BanAlterExtension, |_| true),
    ..Rule::BASE
};
