//! Column names in expressions and definitions, as PostgreSQL prints them or a person writes them.

use crate::sql::{LexemeKind, fold, lexemes};
use std::collections::BTreeSet;
use std::ops::Range;

/// Where columns stand in `text`: names that are no function's, no type's, and part of no longer name. The ranges are in
/// their order, each with the column's name.
pub fn places(text: &str, columns: &BTreeSet<&str>) -> Vec<(Range<usize>, String)> {
    let all: Vec<_> = lexemes(text)
        .into_iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Trivia)
        .collect();
    let word = |at: Option<usize>| {
        at.and_then(|at| all.get(at))
            .map(|one| &text[one.range.clone()])
    };
    let mut found = Vec::new();
    for (at, lexeme) in all.iter().enumerate() {
        if !matches!(lexeme.kind, LexemeKind::Word | LexemeKind::Name) {
            continue;
        }
        let name = fold(&text[lexeme.range.clone()]);
        if !columns.contains(name.as_str()) {
            continue;
        }
        let before = word(at.checked_sub(1));
        let is_type = before == Some(":") && word(at.checked_sub(2)) == Some(":")
            || before == Some("::")
            || before.is_some_and(|word| word.eq_ignore_ascii_case("as"));
        let is_part = before == Some(".") || word(Some(at + 1)) == Some(".");
        let is_call = word(Some(at + 1)) == Some("(");
        if !is_type && !is_part && !is_call {
            found.push((lexeme.range.clone(), name));
        }
    }
    found
}

/// Whether `text` names `column`.
pub fn has(text: &str, column: &str) -> bool {
    !places(text, &BTreeSet::from([column])).is_empty()
}

/// `text` with each column that `new` gives another text for written as that.
pub fn replace(text: &str, columns: &BTreeSet<&str>, new: impl Fn(&str) -> String) -> String {
    let mut written = String::new();
    let mut at = 0;
    for (range, name) in places(text, columns) {
        written.push_str(&text[at..range.start]);
        written.push_str(&new(&name));
        at = range.end;
    }
    written.push_str(&text[at..]);
    written
}

/// Whether `text` has `name` as a word that is no function's, be it part of a longer name, or stand in a string, as the body of
/// a function does.
pub fn mentions(text: &str, name: &str) -> bool {
    let all: Vec<_> = lexemes(text)
        .into_iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Trivia)
        .collect();
    all.iter().enumerate().any(|(at, lexeme)| {
        let word = &text[lexeme.range.clone()];
        match lexeme.kind {
            LexemeKind::Word | LexemeKind::Name => {
                let next = all.get(at + 1).map(|next| &text[next.range.clone()]);
                fold(word) == name && next != Some("(")
            }
            _ => inside(word).is_some_and(|body| mentions(body, name)),
        }
    })
}

/// What stands in a string.
fn inside(word: &str) -> Option<&str> {
    if let Some(rest) = word.strip_prefix('\'') {
        return rest.strip_suffix('\'');
    }
    let (tag, rest) = word.strip_prefix('$')?.split_once('$')?;
    rest.strip_suffix(&format!("${tag}$"))
}
