//! NOT ENFORCED.

use super::{Find, Rule};
use super::{Hits, Look, range};
use squawk_syntax::ast::{AstNode, NotEnforced};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "not-enforced-constraint",
    rows: &[18],
    title: "NOT ENFORCED",
    happens: "A constraint that is not enforced promises what nobody checks: readers and the planner may take it for true.",
    applies: "From PostgreSQL 18 on, which has it.",
    instead: "Leave it out, or add it NOT VALID.",
    manual: "ddl-constraints",
    word: "enforced",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for option in look.nodes::<NotEnforced>() {
        hits.here(range(option.syntax()));
    }
}
