//! Long work while ACCESS EXCLUSIVE is held.

use super::{Find, Rule, fix};
use super::{Hits, Look};
use crate::hazard::look::Hit;
use crate::lock::LockMode;
use crate::sql::effect::WorkKind;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "work-after-strong-lock",
    rows: &[55],
    in_downgrade: true,
    title: "Long work while ACCESS EXCLUSIVE is held",
    happens: "The lock of an earlier statement is held until the transaction ends, and this one takes long.",
    waits: "Everybody who uses the locked table waits until the end of this statement.",
    applies: "For work that grows with a table, after a statement of the same transaction locked another table, or this one, ACCESS EXCLUSIVE.",
    instead: "Put -- +commit between them, or this one into a revision of its own.",
    manual: "explicit-locking",
    find: Find::Own(find),
    fix: Some(fix::commit_between),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !look.transaction.is_open {
        return;
    }
    let Some((held, LockMode::AccessExclusive)) = &look.transaction.strongest else {
        return;
    };
    let works = look.facts().is_some_and(|facts| {
        let mut work = facts.work.iter();
        // Rows of the locked table itself: schema-change-with-backfill says that.
        work.any(|work| {
            let is_backfill = work.kind == WorkKind::Rows && work.table == *held;
            !look.is_new(&work.table) && !is_backfill
        })
    });
    if works {
        hits.0.push(Hit {
            range: look.head(),
            message: Some(format!("{held} stays locked ACCESS EXCLUSIVE, by an earlier statement of this transaction, until this one is done: everybody who uses it waits. Put -- +commit between them, or this one into a revision of its own.")),
            lock: Some(LockMode::AccessExclusive),
        });
    }
}
