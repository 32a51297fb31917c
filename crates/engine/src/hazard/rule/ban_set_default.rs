//! Default changed.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-set-default",
    rows: &[80],
    severity: Severity::Note,
    is_default: false,
    title: "Default changed",
    happens: "Rows of the old default and of the new one stand side by side; a program of the old version may rely on the old.",
    applies: "For SET DEFAULT on a table in use.",
    instead: "Check what the programs write by themselves.",
    manual: "sql-altertable",
    word: "default",
    find: Find::Squawk(Squawk::BanSetDefault, |look| look.is_felt()),
    ..Rule::BASE
};
