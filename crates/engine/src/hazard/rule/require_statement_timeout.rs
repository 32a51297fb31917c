//! No statement_timeout.

use super::{Find, Rule, Squawk, heard};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-statement-timeout",
    rows: &[54],
    severity: Severity::Note,
    is_default: false,
    in_downgrade: true,
    title: "No statement_timeout",
    happens: "Without a statement_timeout a statement that takes longer than thought holds its locks without end.",
    applies: "Where neither the file nor the project sets one.",
    instead: "SET statement_timeout = '10min';",
    manual: "runtime-config-client",
    may_be: |asked| !heard::sets_first(asked, "statement_timeout"),
    find: Find::Squawk(Squawk::RequireStatementTimeout, |look| {
        !look.transaction.has_statement_timeout
            && !look.options.has_statement_timeout
            && look.is_felt()
    }),
    ..Rule::BASE
};
