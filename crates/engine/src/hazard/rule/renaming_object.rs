//! Schema, view, type or function renamed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "renaming-object",
    rows: &[76],
    title: "Schema, view, type or function renamed",
    happens: "From this moment programs of the old version fail on the old name.",
    applies: "For what is neither a table nor a column.",
    instead: "Make it anew under the new name, and drop the old one later.",
    manual: "sql-alterschema",
    word: "rename",
    find: Find::Squawk(Squawk::RenamingObject, |look| look.is_felt()),
    ..Rule::BASE
};
