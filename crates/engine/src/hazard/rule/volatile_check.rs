//! CHECK whose answer changes.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use crate::sql::green;
use squawk_syntax::ast::{AstNode, CheckConstraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "volatile-check",
    rows: &[17],
    severity: Severity::Error,
    title: "CHECK whose answer changes",
    happens: "A CHECK is looked at when a row is written, and not again: one that asks the clock is broken by time, and a restored dump may fail on it.",
    applies: "For CHECKs that call now(), random() and their like.",
    instead: "Keep it true with a trigger, or in the program.",
    manual: "ddl-constraints",
    word: "check",
    find: Find::Own(find),
    ..Rule::BASE
};

/// Functions whose answer depends on more than their arguments.
const VOLATILE: [&str; 12] = [
    "now",
    "random",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "nextval",
    "gen_random_uuid",
    "uuid_generate_v4",
    "current_timestamp",
    "current_date",
    "txid_current",
];

fn find(look: &Look<'_>, hits: &mut Hits) {
    for check in look.nodes::<CheckConstraint>() {
        let text = green::text(check.syntax()).to_ascii_lowercase();
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        if words.any(|word| VOLATILE.contains(&word)) {
            hits.here(range(check.syntax()));
        }
    }
}
