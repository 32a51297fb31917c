//! Sequence moved.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-sequence-values",
    rows: &[82],
    is_default: false,
    title: "Sequence moved",
    happens: "A sequence that goes back gives numbers again that are in use, and INSERTs fail on them.",
    applies: "For ALTER SEQUENCE RESTART and its like.",
    instead: "SELECT setval('orders_id_seq', (SELECT max(id) FROM orders));",
    manual: "sql-altersequence",
    find: Find::Squawk(Squawk::BanAlterSequenceValues, |_| true),
    ..Rule::BASE
};
