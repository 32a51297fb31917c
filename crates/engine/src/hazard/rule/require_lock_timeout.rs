//! No lock_timeout.

use super::{Find, Rule, Squawk, fix, heard};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-lock-timeout",
    rows: &[53],
    in_downgrade: true,
    title: "No lock_timeout",
    happens: "Without a lock_timeout the statement waits for its lock without end, and all that come later wait behind it.",
    waits: "Everybody who uses the table waits, although nothing is done to it yet.",
    applies: "Where neither the file nor the project sets one before a statement that takes a lock on a table in use that those who read or write its rows wait for.",
    instead: "SET lock_timeout = '2s';",
    manual: "runtime-config-client",
    may_be: |asked| !heard::sets_first(asked, "lock_timeout"),
    find: Find::Squawk(Squawk::RequireLockTimeout, |look| {
        !look.transaction.has_lock_timeout
            && !look.options.has_lock_timeout
            && look.is_felt()
            && look
                .strongest()
                .is_none_or(|lock| lock.mode.stops_anybody())
    }),
    fix: Some(fix::lock_timeout),
    ..Rule::BASE
};
