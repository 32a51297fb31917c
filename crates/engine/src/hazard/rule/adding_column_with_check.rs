//! New column with a CHECK.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::finding::Severity;
use crate::sql::effect::WorkKind;
use squawk_syntax::ast::{AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-column-with-check",
    rows: &[2],
    severity: Severity::Error,
    in_downgrade: true,
    title: "New column with a CHECK",
    happens: "Adding a column together with a CHECK reads the whole table while ACCESS EXCLUSIVE is held.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: r#"ALTER TABLE users ADD COLUMN age integer DEFAULT 0;
ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age >= 0) NOT VALID;
-- +commit
ALTER TABLE users VALIDATE CONSTRAINT users_age_check;"#,
    manual: "sql-altertable",
    word: "check",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for column in look.new_columns() {
        let check = column
            .constraints
            .iter()
            .find(|one| matches!(one, Constraint::CheckConstraint(_)));
        if let Some(check) = check
            && !column.in_new_table
            && look.works(WorkKind::Scan)
        {
            hits.here(range(check.syntax()));
        }
    }
}
