//! Index dropped.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-index",
    rows: &[40],
    title: "Index dropped",
    happens: "Queries that used the index read the whole table instead.",
    applies: "Not for an index made in the same plan; not where the plan has built one that begins with the same columns.",
    instead: "Look at pg_stat_user_indexes.idx_scan on every replica first.",
    manual: "monitoring-stats",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropIndex, |look| look.is_felt()),
    ..Rule::BASE
};
