//! Exclusion constraint on a table with rows.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-exclusion-constraint",
    rows: &[9],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Exclusion constraint on a table with rows",
    happens: "Adding the constraint builds its index while it holds ACCESS EXCLUSIVE; there is no form that does not.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "Add it to a new table, and move the rows over; or do it while nobody works.",
    manual: "sql-altertable",
    word: "exclude",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.actions() {
        if let AlterTableAction::AddConstraint(added) = action
            && let Some(Constraint::ExcludeConstraint(exclude)) = added.constraint()
            && look.is_felt()
        {
            hits.here(range(exclude.syntax()));
        }
    }
}
