//! Index or constraint without a name.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "unnamed-constraint",
    rows: &[48],
    severity: Severity::Note,
    title: "Index or constraint without a name",
    happens: "PostgreSQL chooses the name: a later revision that drops it must guess, and another database may have another.",
    applies: "For ADD CONSTRAINT and CREATE INDEX without a name, on a table in use.",
    instead: "Give it a name.",
    manual: "ddl-constraints",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    match look.tree {
        Stmt::CreateIndex(create) if create.index().is_none() => hits.here(look.head()),
        Stmt::AlterTable(alter) => {
            for action in alter.actions() {
                if let AlterTableAction::AddConstraint(added) = action
                    && let Some(constraint) = added.constraint()
                    && constraint.constraint_name().is_none()
                {
                    hits.here(range(added.syntax()));
                }
            }
        }
        _ => {}
    }
}
