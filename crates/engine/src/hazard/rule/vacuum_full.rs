//! VACUUM FULL or CLUSTER.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "vacuum-full",
    rows: &[32],
    severity: Severity::Error,
    in_downgrade: true,
    title: "VACUUM FULL or CLUSTER",
    happens: "VACUUM FULL and CLUSTER write the whole table again while they hold ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "Use pg_repack, or plain VACUUM where the space need not go back to the system.",
    manual: "sql-vacuum",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let is_full = match look.tree {
        Stmt::Vacuum(_) => {
            let text = look.lower();
            text.split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word == "full")
        }
        Stmt::Cluster(_) => true,
        _ => false,
    };
    if is_full && look.is_felt() {
        hits.here(look.head());
    }
}
