//! One table locked by many revisions of a plan.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::lock::LockMode;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "hot-table-in-many-revisions",
    rows: &[64],
    in_downgrade: true,
    title: "One table locked by many revisions of a plan",
    happens: "Each revision takes ACCESS EXCLUSIVE on the table again: whoever uses it waits several times in a short while.",
    waits: "Everybody who uses the table waits.",
    applies: "For the third revision of one plan that locks the same table, lock_timeouts of at most a second aside.",
    instead: "Bring the changes of the table together in one revision.",
    manual: "explicit-locking",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for lock in look.facts().into_iter().flat_map(|facts| &facts.locks) {
        let before = look.memory.hits.get(&lock.relation).copied();
        let seen = look.transaction.locks.get(&lock.relation);
        if lock.mode == LockMode::AccessExclusive
            && !look.transaction.waits_briefly
            && seen.is_none_or(|seen| *seen != LockMode::AccessExclusive)
            && !look.is_new(&lock.relation)
            && let Some(before @ 2..) = before
        {
            hits.add(
                look.head(),
                format!("{before} revisions of this plan lock {} ACCESS EXCLUSIVE before this one: whoever uses it waits each time. Bring them together.", lock.relation),
            );
        }
    }
}
