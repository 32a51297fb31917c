//! LOCK TABLE.

use super::{Find, Rule};
use super::{Hits, Look};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "explicit-lock",
    rows: &[63],
    in_downgrade: true,
    title: "LOCK TABLE",
    happens: "The lock is held until the transaction ends.",
    waits: "Who waits depends on the mode; without one it is ACCESS EXCLUSIVE, and everybody waits.",
    applies: "For LOCK TABLE on a table in use, in a mode that those who read or write its rows wait for.",
    instead: "Let the statements take the locks that they need; set lock_timeout before.",
    manual: "sql-lock",
    word: "lock",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let is_lock = matches!(look.tree, Stmt::Lock(_)) && look.is_felt();
    if is_lock
        && look
            .strongest()
            .is_none_or(|lock| lock.mode.stops_anybody())
    {
        hits.here(look.head());
    }
}
