//! Several changes in one revision.

use super::{End, Hits};
use super::{Find, Rule};
use crate::finding::Severity;
use std::collections::BTreeSet;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "one-change-per-revision",
    rows: &[97],
    severity: Severity::Note,
    is_default: false,
    title: "Several changes in one revision",
    happens: "The project wants one change a revision, so that each can be taken back by itself.",
    applies: "Where the project switches it on, for texts that change several tables.",
    instead: "Split it.",
    manual: "sql-commands",
    find: Find::AtEnd(find),
    ..Rule::BASE
};

fn find(end: &End<'_>, hits: &mut Hits) {
    let mut tables = BTreeSet::new();
    for past in &end.transaction.earlier {
        tables.extend(past.defines.iter());
        if tables.len() > 1 {
            hits.here(past.body.clone());
            return;
        }
    }
}
