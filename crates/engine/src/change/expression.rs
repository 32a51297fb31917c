//! SQL that a person fills in, before it is put into a statement.

use super::{ChangeError, names::TableName};
use crate::sql::{LexemeKind, check, lexemes};

/// Checks an expression over one row's columns; `what` is what it is for.
///
/// # Errors
/// Where it is no expression, or reads other tables, in words.
pub fn expression(what: &str, text: &str, table: &TableName) -> Result<(), ChangeError> {
    fragment(what, text, &format!("SELECT ({text})"))?;
    let words = significant(text);
    if words.iter().any(|word| word.eq_ignore_ascii_case("select")) {
        return Err(ChangeError(format!(
            "{what} `{text}` reads other rows, which a trigger cannot do for each row alike: let it be made of the row's own columns and of functions"
        )));
    }
    let own = crate::sql::identifier(&table.name);
    let is_qualified = words.windows(2).any(|two| two[0] == own && two[1] == ".");
    match is_qualified {
        true => Err(ChangeError(format!(
            "{what} `{text}` names the table: write its columns by their names alone"
        ))),
        false => Ok(()),
    }
}

/// Checks a type, such as `numeric(10, 2)`.
///
/// # Errors
/// Where it is none, in words.
pub fn type_name(text: &str) -> Result<(), ChangeError> {
    fragment("the type", text, &format!("SELECT CAST (NULL AS {text})"))?;
    let is_serial = significant(text)
        .first()
        .is_some_and(|word| word.to_ascii_lowercase().contains("serial"));
    match is_serial {
        true => Err(ChangeError(format!(
            "the type {text} makes a sequence of its own: take bigint, and a default or an identity"
        ))),
        false => Ok(()),
    }
}

/// The items of a list, at the commas that stand in no brackets.
pub fn items(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let mut start = 0;
    let mut found = Vec::new();
    for lexeme in lexemes(text) {
        match &text[lexeme.range.clone()] {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "," if depth == 0 => {
                found.push(text[start..lexeme.range.start].trim());
                start = lexeme.range.end;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

/// Checks a part of a statement: `whole` has to be one statement without a syntax error, the part's brackets in pairs, and
/// no comment in it.
///
/// # Errors
/// In words.
pub fn fragment(what: &str, text: &str, whole: &str) -> Result<(), ChangeError> {
    let no = |why: &str| Err(ChangeError(format!("{what} `{text}` {why}")));
    if text.trim().is_empty() {
        return no("is empty: write one");
    }
    let mut depth = 0_i32;
    for lexeme in lexemes(text) {
        let word = &text[lexeme.range.clone()];
        match (lexeme.kind, word) {
            (LexemeKind::Trivia, word) if !word.trim().is_empty() => {
                return no("has a comment: leave it out");
            }
            (_, "(") => depth += 1,
            (_, ")") => depth -= 1,
            (_, ";") => return no("has a semicolon: write one part of a statement"),
            _ => {}
        }
        if depth < 0 {
            return no("closes a bracket that it does not open");
        }
    }
    if depth != 0 {
        return no("leaves a bracket open");
    }
    match check("", whole, 0..whole.len()).first() {
        None => Ok(()),
        Some(found) => no(&format!("cannot be read: {}", found.message)),
    }
}

fn significant(text: &str) -> Vec<&str> {
    lexemes(text)
        .into_iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Trivia)
        .map(|lexeme| &text[lexeme.range])
        .collect()
}
