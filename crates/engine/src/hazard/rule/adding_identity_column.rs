//! Identity column added to a table with rows.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use crate::sql::green;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "adding-identity-column",
    rows: &[26],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Identity column added to a table with rows",
    happens: "Every row gets its number: the table is written again while ACCESS EXCLUSIVE is held.",
    waits: "Everybody who uses the table waits.",
    applies: "Not for a table made in the same plan.",
    instead: "Add a bigint column, fill it in batches, and ADD GENERATED … AS IDENTITY after that.",
    manual: "sql-altertable",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let old = look.new_columns().iter().filter(|one| !one.in_new_table);
    for column in old {
        let text = green::text(&column.node).to_ascii_lowercase();
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        if words
            .windows(2)
            .any(|pair| pair[0] == "as" && pair[1].starts_with("identity"))
        {
            hits.here(column.range());
        }
    }
}
