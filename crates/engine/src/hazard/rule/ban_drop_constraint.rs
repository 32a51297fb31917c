//! Constraint dropped.

use super::Look;
use super::{Find, Rule, Squawk};
use crate::sql::schema::ConstraintKind;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-constraint",
    rows: &[12, 13],
    title: "Constraint dropped",
    happens: "Nothing keeps the rows true any more: what is written from now on may break what the constraint promised.",
    applies: "For foreign keys, checks and unique constraints. Not for one that the same plan added (as a help for SET NOT NULL).",
    instead: "Make sure that nothing relies on it, and say so in a suppression.",
    manual: "ddl-constraints",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropConstraint, applies),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    let Some((table, actions)) = look.alter() else {
        return false;
    };
    // A help for SET NOT NULL has done its work.
    let helps = |name: &str| {
        let table = look.schema.table(table);
        let constraint = table.and_then(|table| table.constraint(name));
        constraint.is_some_and(|constraint| match &constraint.kind {
            ConstraintKind::Check(text) => text.to_ascii_lowercase().contains("is not null"),
            _ => false,
        })
    };
    actions.iter().any(|action| match action {
        AlterTableAction::DropConstraint(dropped) => {
            let place = super::range(dropped.syntax());
            place.start == look.found.start
                && super::word(dropped.constraint_name_ref().as_ref())
                    .is_some_and(|name| !helps(&name))
        }
        _ => false,
    }) && look.is_felt()
}
