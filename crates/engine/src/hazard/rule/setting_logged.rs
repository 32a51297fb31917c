//! SET LOGGED or UNLOGGED.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "setting-logged",
    rows: &[29],
    severity: Severity::Error,
    in_downgrade: true,
    title: "SET LOGGED or UNLOGGED",
    happens: "The whole table is written again while ACCESS EXCLUSIVE is held; an unlogged table is empty after a crash, and absent on replicas.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "Fill a new table, and change over.",
    manual: "sql-altertable",
    word: "logged",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.actions() {
        if matches!(
            action,
            AlterTableAction::SetLogged(_) | AlterTableAction::SetUnlogged(_)
        ) && look.is_felt()
        {
            hits.here(range(action.syntax()));
        }
    }
}
