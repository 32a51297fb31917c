//! Collation changed.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterColumnOption, AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "changing-collation",
    rows: &[28],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Collation changed",
    happens: "The column's indexes are built again while ACCESS EXCLUSIVE is held, and values that were different may become equal.",
    waits: "Everybody who uses the table waits.",
    applies: "For ALTER COLUMN … TYPE … COLLATE on a table in use.",
    instead: "Add a new column with the collation, and change over.",
    manual: "collation",
    word: "collate",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.actions() {
        if let AlterTableAction::AlterColumn(column) = action
            && let Some(AlterColumnOption::SetType(changed)) = column.option()
            && let Some(collate) = changed.collate()
            && look.is_felt()
        {
            hits.here(range(collate.syntax()));
        }
    }
}
