//! Partition detached without CONCURRENTLY.

use super::{Find, Rule, Squawk, fix};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-concurrent-partition-detach",
    rows: &[50],
    in_downgrade: true,
    title: "Partition detached without CONCURRENTLY",
    happens: "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table.",
    waits: "Everybody who uses any partition waits.",
    applies: "From PostgreSQL 14 on, which has CONCURRENTLY; not where a default partition exists. CONCURRENTLY leaves the bounds behind as a CHECK of the table.",
    instead: "ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;",
    manual: "sql-altertable",
    word: "detach",
    find: Find::Squawk(Squawk::RequireConcurrentPartitionDetach, |look| {
        look.options.version.major >= 14 && look.is_felt()
    }),
    fix: Some(fix::concurrently),
    ..Rule::BASE
};
