//! BEGIN or COMMIT inside a transaction.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "transaction-nesting",
    rows: &[57],
    severity: Severity::Error,
    in_downgrade: true,
    title: "BEGIN or COMMIT inside a transaction",
    happens: "A BEGIN inside a transaction does nothing but warn, and a COMMIT ends the transaction that the tool opened.",
    applies: "In files; in a revision BEGIN and COMMIT are refused anyway.",
    instead: "Leave the transaction to the tool.",
    manual: "sql-begin",
    find: Find::Squawk(Squawk::TransactionNesting, |_| true),
    ..Rule::BASE
};
