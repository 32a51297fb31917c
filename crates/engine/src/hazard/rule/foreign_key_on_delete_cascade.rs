//! ON DELETE CASCADE.

use super::{Find, Rule};
use super::{Hits, Look, range};
use squawk_syntax::ast::{AstNode, OnDeleteAction, RefAction};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "foreign-key-on-delete-cascade",
    rows: &[21],
    is_default: false,
    title: "ON DELETE CASCADE",
    happens: "A DELETE of one row deletes others in this table, and theirs in turn, without a word.",
    applies: "For foreign keys with ON DELETE CASCADE.",
    instead: "ON DELETE RESTRICT, and delete the rows knowingly.",
    manual: "ddl-constraints",
    word: "cascade",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.nodes::<OnDeleteAction>() {
        if matches!(action.ref_action(), Some(RefAction::Cascade(_))) {
            hits.here(range(action.syntax()));
        }
    }
}
