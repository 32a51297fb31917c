//! Enum value renamed.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AstNode, RenameValue};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "renaming-enum-value",
    rows: &[77],
    severity: Severity::Error,
    title: "Enum value renamed",
    happens: "From this moment programs of the old version fail on the old value, when they write it and when they read the new one.",
    applies: "For ALTER TYPE … RENAME VALUE.",
    instead: "Add the new value, change programs and rows, and leave the old one.",
    manual: "sql-altertype",
    word: "rename",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for rename in look.nodes::<RenameValue>() {
        hits.here(range(rename.syntax()));
    }
}
