//! CHECK without NOT VALID.

use super::{Find, Rule, Squawk, fix};
use super::{Look, range};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "constraint-missing-not-valid",
    rows: &[2],
    severity: Severity::Error,
    in_downgrade: true,
    title: "CHECK without NOT VALID",
    happens: "Adding the constraint reads the whole table while it holds ACCESS EXCLUSIVE.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: r#"ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total > 0) NOT VALID;
-- +commit
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;"#,
    manual: "sql-altertable",
    find: Find::Squawk(Squawk::ConstraintMissingNotValid, applies),
    fix: Some(fix::not_valid),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    // Foreign keys and unique constraints have rules of their own, and so has VALIDATE in the same transaction.
    let checks = |action: &AlterTableAction| match action {
        AlterTableAction::AddConstraint(added) => matches!(
            added.constraint(),
            Some(Constraint::CheckConstraint(_) | Constraint::NotNullConstraint(_))
        ),
        _ => false,
    };
    let found = |action: &AlterTableAction| {
        let own = range(action.syntax());
        own.start <= look.found.start && look.found.end <= own.end
    };
    let actions = look.alter().map(|(_, actions)| actions);
    let mut actions = actions.into_iter().flatten();
    look.is_felt() && actions.any(|action| found(action) && checks(action))
}
