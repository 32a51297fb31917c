//! Primary key dropped.

use super::{Find, Rule};
use super::{Hits, Look, range, word};
use crate::finding::Severity;
use crate::sql::schema::ConstraintKind;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "primary-key-dropped",
    rows: &[8],
    severity: Severity::Error,
    title: "Primary key dropped",
    happens: "Without its primary key a table takes duplicates, foreign keys to it cannot be, and logical replicas no longer find its rows.",
    applies: "Where the history says that the constraint is the primary key.",
    instead: "Build the new key concurrently first, and change over in one transaction with USING INDEX.",
    manual: "sql-altertable",
    word: "drop",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    for action in actions {
        let AlterTableAction::DropConstraint(dropped) = action else {
            continue;
        };
        let known = look.schema.table(table);
        let name = word(dropped.constraint_name_ref().as_ref());
        let constraint = known
            .zip(name)
            .and_then(|(known, name)| known.constraint(&name));
        if constraint.is_some_and(|one| one.kind == ConstraintKind::PrimaryKey)
            && !look.is_new(table)
        {
            hits.here(range(dropped.syntax()));
        }
    }
}
