//! DROP … CASCADE.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AstNode, Cascade};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "drop-cascade",
    rows: &[72],
    severity: Severity::Error,
    title: "DROP … CASCADE",
    happens: "CASCADE drops whatever depends on the object: views, foreign keys, columns, which the file does not name.",
    applies: "For DROP and ALTER TABLE … DROP with CASCADE.",
    instead: "Drop what depends on it by name, so that a reviewer sees it.",
    manual: "ddl-depend",
    word: "cascade",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for cascade in look.nodes::<Cascade>() {
        let parent = cascade.syntax().parent().map(|parent| parent.kind());
        // ON DELETE CASCADE is another matter, and TRUNCATE has a rule of its own.
        let drops = parent.is_some_and(|kind| format!("{kind:?}").starts_with("DROP"));
        if drops {
            hits.here(range(cascade.syntax()));
        }
    }
}
