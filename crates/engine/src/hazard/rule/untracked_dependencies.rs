//! Function whose dependencies are not tracked.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "untracked-dependencies",
    rows: &[107],
    severity: Severity::Note,
    is_default: false,
    title: "Function whose dependencies are not tracked",
    happens: "PostgreSQL does not know what a function in a text names: a column that it uses can be dropped, and it fails when it is next called.",
    applies: "For functions whose body is a text, on a schema that is changed later; SQL-standard bodies (RETURN, BEGIN ATOMIC) are tracked.",
    instead: "BEGIN ATOMIC … END, where the language is SQL (from 14 on).",
    manual: "sql-createfunction",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Stmt::CreateFunction(_) = look.tree else {
        return;
    };
    let text = look.lower();
    let is_sql = text
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .windows(2)
        .any(|pair| pair == ["language", "sql"]);
    if is_sql && look.options.version.major >= 14 && text.contains(" as $") {
        hits.here(look.head());
    }
}
