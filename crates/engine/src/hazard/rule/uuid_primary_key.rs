//! Primary key that is no UUID.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Constraint;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "uuid-primary-key",
    rows: &[97],
    severity: Severity::Note,
    is_default: false,
    title: "Primary key that is no UUID",
    happens: "The project wants UUID keys, which can be made anywhere and tell nothing.",
    applies: "Where the project switches it on.",
    instead: "id uuid PRIMARY KEY DEFAULT gen_random_uuid()",
    manual: "datatype-uuid",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for column in look.new_columns() {
        let key = column
            .constraints
            .iter()
            .any(|one| matches!(one, Constraint::PrimaryKeyConstraint(_)));
        if key && column.type_words() != "uuid" {
            hits.here(column.range());
        }
    }
}
