//! Name of more than 63 bytes.

use super::{Asked, Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "identifier-too-long",
    rows: &[92],
    severity: Severity::Error,
    in_downgrade: true,
    title: "Name of more than 63 bytes",
    happens: "PostgreSQL cuts a name after 63 bytes and only says so in a notice: the object has another name than the file says.",
    applies: "For names longer than 63 bytes.",
    instead: "Choose a shorter name.",
    manual: "sql-syntax-lexical",
    may_be: has_long_token,
    find: Find::Squawk(Squawk::IdentifierTooLong, |_| true),
    ..Rule::BASE
};

/// Whether a token may be such a name; folding may lengthen what is not ASCII.
fn has_long_token(asked: &Asked<'_>) -> bool {
    asked.cut.tokens.iter().any(|token| {
        let length = token.range.len();
        length > 63 || length > 20 && !asked.cut.text[token.range.clone()].is_ascii()
    })
}
