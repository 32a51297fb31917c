//! Stored generated column added to a table with rows.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use crate::sql::green;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-stored-generated-column",
    rows: &[27],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Stored generated column added to a table with rows",
    happens: "The value is computed for every row: the table is written again while ACCESS EXCLUSIVE is held.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan, nor for a virtual column (from 18 on).",
    instead: "A plain column that a trigger writes, filled in batches; or a virtual one from 18 on.",
    manual: "ddl-generated-columns",
    word: "generated",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let old = look.new_columns().iter().filter(|one| !one.in_new_table);
    for column in old {
        let text = green::text(&column.node).to_ascii_lowercase();
        if text.contains("generated") && text.contains("stored") {
            hits.here(column.range());
        }
    }
}
