//! SET TABLESPACE.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "setting-tablespace",
    rows: &[31],
    severity: Severity::Error,
    in_downgrade: true,
    title: "SET TABLESPACE",
    happens: "All files of the table are copied while ACCESS EXCLUSIVE is held.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "pg_repack can move a table while it is used.",
    manual: "sql-altertable",
    word: "tablespace",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.actions() {
        if matches!(action, AlterTableAction::SetTablespace(_)) && look.is_felt() {
            hits.here(range(action.syntax()));
        }
    }
}
