//! Name without a schema.

use super::{Find, Rule, Squawk};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "require-table-schema",
    rows: &[94],
    severity: Severity::Note,
    is_default: false,
    title: "Name without a schema",
    happens: "Which table is meant depends on the search_path of the session.",
    applies: "For tables without a schema.",
    instead: "public.users",
    manual: "ddl-schemas",
    find: Find::Squawk(Squawk::RequireTableSchema, |_| true),
    ..Rule::BASE
};
