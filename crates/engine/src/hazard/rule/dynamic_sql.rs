//! SQL put together from texts.

use super::{Find, Rule};
use super::{Hits, Look};
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "dynamic-sql",
    rows: &[102],
    title: "SQL put together from texts",
    happens: "EXECUTE of a text that is put together with || runs whatever the parts hold.",
    applies: "For EXECUTE with || in a function or DO block, without format() or quote_literal().",
    instead: "EXECUTE format('SELECT %I FROM %I', a, b)",
    manual: "plpgsql-statements",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if !matches!(
        look.tree,
        Stmt::CreateFunction(_) | Stmt::CreateProcedure(_) | Stmt::Do(_)
    ) {
        return;
    }
    let text = look.lower();
    for (at, _) in text.match_indices("execute ") {
        let statement = text[at..].split(';').next().unwrap_or_default();
        if statement.contains("||")
            && !statement.contains("quote_")
            && !statement.contains("format(")
        {
            let start = look.body.start + at;
            hits.here(start..start + "execute".len());
        }
    }
}
