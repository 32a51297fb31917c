//! json where jsonb would do.

use super::{Find, Rule, fix};
use super::{Hits, Look};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-jsonb",
    rows: &[83],
    title: "json where jsonb would do",
    happens: "json has no equality: SELECT DISTINCT, GROUP BY and UNION fail on it, and it cannot be indexed.",
    applies: "For columns of the type json.",
    instead: "Use jsonb.",
    manual: "datatype-json",
    word: "json",
    find: Find::Own(find),
    fix: Some(fix::jsonb),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for column in look.new_columns() {
        if column.type_words() == "json" {
            hits.here(column.range());
        }
    }
}
