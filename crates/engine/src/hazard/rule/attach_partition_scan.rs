//! ATTACH PARTITION that reads the table.

use super::{Find, Rule};
use super::{Hits, Look, name, range};
use crate::sql::schema::ConstraintKind;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "attach-partition-scan",
    rows: &[51],
    in_downgrade: true,
    title: "ATTACH PARTITION that reads the table",
    happens: "Without a CHECK that says the same as the bounds, ATTACH PARTITION reads the whole table under ACCESS EXCLUSIVE, and the default partition, too.",
    waits: "Everybody who uses the new partition waits.",
    applies: "Not for a table made in the same plan, nor for one with a validated CHECK.",
    instead: "Add a CHECK with the bounds NOT VALID, validate it, attach, and drop it.",
    manual: "ddl-partitioning",
    word: "attach",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for action in look.actions() {
        let AlterTableAction::AttachPartition(attach) = action else {
            continue;
        };
        let Some(table) = name(attach.table_name_ref().as_ref()) else {
            continue;
        };
        let has_check = look.schema.table(&table).is_some_and(|known| {
            let mut constraints = known.constraints.iter();
            constraints.any(|one| one.is_validated && matches!(one.kind, ConstraintKind::Check(_)))
        });
        if !has_check && !look.is_new(&table) {
            hits.here(range(attach.syntax()));
        }
    }
}
