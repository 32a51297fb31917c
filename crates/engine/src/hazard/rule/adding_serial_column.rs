//! serial column added to a table with rows.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-serial-column",
    rows: &[25],
    severity: Severity::Error,
    in_downgrade: true,
    title: "serial column added to a table with rows",
    happens: "Every row gets its number: the table is written again while ACCESS EXCLUSIVE is held.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "Add a bigint column, fill it in batches, and make it an identity column after that.",
    manual: "datatype-numeric",
    word: "serial",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for column in look.new_columns() {
        let serial = [
            "serial",
            "bigserial",
            "smallserial",
            "serial2",
            "serial4",
            "serial8",
        ];
        if !column.in_new_table && serial.contains(&column.type_words().as_str()) {
            hits.here(column.range());
        }
    }
}
