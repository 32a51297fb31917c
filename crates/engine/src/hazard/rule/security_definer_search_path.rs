//! SECURITY DEFINER without a search_path.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "security-definer-search-path",
    rows: &[101],
    severity: Severity::Error,
    title: "SECURITY DEFINER without a search_path",
    happens: "Whoever calls the function chooses the search_path, and with it which tables and functions its names mean, with the owner's rights.",
    applies: "For CREATE FUNCTION … SECURITY DEFINER without SET search_path.",
    instead: "SET search_path = pg_catalog, pg_temp",
    manual: "sql-createfunction",
    word: "definer",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let text = look.lower();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let definer = words.windows(2).any(|pair| pair == ["security", "definer"]);
    let set = words
        .windows(2)
        .any(|pair| pair[0] == "set" && pair[1].starts_with("search_path"));
    if matches!(
        look.tree,
        Stmt::CreateFunction(_) | Stmt::CreateProcedure(_)
    ) && definer
        && !set
    {
        hits.here(look.head());
    }
}
