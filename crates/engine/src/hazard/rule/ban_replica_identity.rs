//! Replica identity changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-replica-identity",
    rows: &[103],
    title: "Replica identity changed",
    happens: "Logical replicas may no longer find the rows that an UPDATE or DELETE means; FULL writes whole rows to the WAL.",
    applies: "For REPLICA IDENTITY on a table in use.",
    instead: "Look at the subscribers first.",
    manual: "sql-altertable",
    find: Find::Squawk(Squawk::BanReplicaIdentity, |look| look.is_felt()),
    ..Rule::BASE
};
