//! Extension without a version.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "extension-version",
    rows: &[108],
    severity: Severity::Note,
    is_default: false,
    title: "Extension without a version",
    happens: "Which version is made depends on the server: another database may get another.",
    applies: "For CREATE EXTENSION without VERSION.",
    instead: "CREATE EXTENSION postgis VERSION '3.4';",
    manual: "sql-createextension",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateExtension(create) = look.tree
        && create.extension_version_clause().is_none()
    {
        hits.here(look.head());
    }
}
