//! New enum value used in the same transaction.

use super::{Find, Rule, fix};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "enum-value-used-in-transaction",
    rows: &[89],
    severity: Severity::Error,
    title: "New enum value used in the same transaction",
    happens: "A value that ALTER TYPE … ADD VALUE added cannot be used before the transaction commits.",
    applies: "For a text that holds the value, after it was added in the same transaction, unless the type is made in it.",
    instead: "Put -- +commit between them.",
    manual: "sql-altertype",
    find: Find::Own(find),
    fix: Some(fix::commit_between),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !look.transaction.is_open || matches!(look.tree, Stmt::AlterType(_)) {
        return;
    }
    for (of, value) in &look.transaction.enum_values {
        let quoted = format!("'{}'", value.replace('\'', "''"));
        if let Some(at) = look.text().find(&quoted)
            && !look.is_new(of)
        {
            let start = look.body.start + at;
            hits.add(
                start..start + quoted.len(),
                format!("The value {quoted} of {of} is added in this same transaction, and cannot be used before it commits. Put -- +commit between them."),
            );
        }
    }
}
