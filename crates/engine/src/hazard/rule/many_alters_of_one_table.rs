//! Several ALTER TABLE of one table.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use crate::sql::reader::Reader;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "many-alters-of-one-table",
    rows: &[56],
    severity: Severity::Note,
    is_default: false,
    title: "Several ALTER TABLE of one table",
    happens: "Each ALTER TABLE takes the lock again, and a rewrite is done by each that needs one; one statement does them together.",
    applies: "For the third ALTER TABLE of one table in a row.",
    instead: "Write them as one ALTER TABLE with commas.",
    manual: "sql-altertable",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, _)) = look.alter() else {
        return;
    };
    let earlier = look.transaction.earlier.iter().rev();
    let run = earlier
        .take_while(|past| {
            let text = &look.sql[past.body.clone()];
            let mut reader = Reader::new(text);
            reader.eat_all(&["alter", "table"]) && past.defines.contains(table)
        })
        .count();
    if run == 2 && look.is_felt() {
        hits.here(look.head());
    }
}
