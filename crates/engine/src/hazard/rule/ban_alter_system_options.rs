//! Server's settings changed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-system-options",
    rows: &[113],
    severity: Severity::Error,
    title: "Server's settings changed",
    happens: "ALTER SYSTEM changes the whole server, for every database, and needs a superuser.",
    applies: "For ALTER SYSTEM.",
    instead: "Leave it to those who run the server.",
    manual: "sql-altersystem",
    word: "system",
    find: Find::Squawk(Squawk::BanAlterSystemOptions, |_| true),
    ..Rule::BASE
};
