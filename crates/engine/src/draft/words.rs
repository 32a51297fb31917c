//! Names in SQL: how they are written, and where a text mentions them.

use crate::operation::ident;
use crate::sql::{LexemeKind, fold, identifier, lexemes};
use sqlparser::ast::ObjectName;
use std::collections::BTreeSet;

/// A name with its schema, where it has one.
pub fn qualified(schema: &str, name: &str) -> String {
    match schema {
        "" => identifier(name),
        schema => format!("{}.{}", identifier(schema), identifier(name)),
    }
}

/// As [`qualified`], for an operation.
pub fn object_name(schema: &str, name: &str) -> ObjectName {
    let parts = [schema, name].into_iter().filter(|part| !part.is_empty());
    ObjectName::from(parts.map(ident).collect::<Vec<_>>())
}

/// A text of several lines as one.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The folded words of a text; everything else is a word of its own that no name can be.
fn words(text: &str) -> Vec<String> {
    let all = lexemes(text);
    let significant = all
        .into_iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Trivia);
    significant
        .map(|lexeme| match lexeme.kind {
            LexemeKind::Word | LexemeKind::Name => fold(&text[lexeme.range]),
            _ => format!("\u{0}{}", &text[lexeme.range]),
        })
        .collect()
}

/// The names with a schema that a text of PostgreSQL's own printing mentions, in strings (`nextval('public.s')`) and bodies of
/// functions, too.
pub fn mentions(text: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    gather(text, true, &mut found);
    found
}

fn gather(text: &str, deep: bool, found: &mut BTreeSet<(String, String)>) {
    let words = words(text);
    for three in words.windows(3) {
        if let [schema, dot, name] = three
            && dot == "\u{0}."
            && !schema.starts_with('\u{0}')
            && !name.starts_with('\u{0}')
        {
            found.insert((schema.clone(), name.clone()));
        }
    }
    if deep {
        for word in words.iter().filter_map(|word| word.strip_prefix('\u{0}')) {
            if word.len() > 2 && word.starts_with(['\'', '$']) {
                let inner = word.trim_matches('\'');
                let inner = match inner
                    .split_once('$')
                    .and_then(|(_, rest)| rest.split_once('$'))
                {
                    Some((_, body)) if word.starts_with('$') => body,
                    _ => inner,
                };
                gather(inner, false, found);
            }
        }
    }
}

/// Whether one of `columns` stands in `text` as a name.
pub fn has_column(text: &str, columns: &BTreeSet<&str>) -> bool {
    let words = words(text);
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let is_call = words.peek().is_some_and(|next| *next == "\u{0}(");
        if columns.contains(word.as_str()) && !is_call {
            return true;
        }
    }
    false
}

/// A key and its value of `key=value`.
pub fn option(text: &str) -> (&str, &str) {
    text.split_once('=').unwrap_or((text, ""))
}
