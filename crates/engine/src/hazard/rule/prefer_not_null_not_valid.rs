//! NOT NULL NOT VALID is there.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use crate::sql::green;
use squawk_syntax::ast::{AlterTableAction, AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-not-null-not-valid",
    rows: &[20],
    severity: Severity::Note,
    is_default: false,
    title: "NOT NULL NOT VALID is there",
    happens: "From PostgreSQL 18 on a NOT NULL can itself be added NOT VALID and validated later: a CHECK (column IS NOT NULL) is no longer needed for that.",
    applies: "From 18 on, for a CHECK that says IS NOT NULL and is NOT VALID.",
    instead: "ALTER TABLE users ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;",
    manual: "sql-altertable",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if look.options.version.major < 18 {
        return;
    }
    for action in look.actions() {
        if let AlterTableAction::AddConstraint(added) = action
            && let Some(constraint) = added.constraint()
            && constraint.is_not_valid()
            && let Constraint::CheckConstraint(check) = constraint
            && let Some(expression) = check.expr()
        {
            let text = green::text(expression.syntax()).to_ascii_lowercase();
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            if matches!(words.as_slice(), [_, "is", "not", "null"]) {
                hits.here(range(check.syntax()));
            }
        }
    }
}
