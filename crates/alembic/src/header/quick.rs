//! The header in the form in which Alembic writes it, read without a parser: a history of ten thousand files is read for
//! its graph alone in the time that reading the files takes.
//!
//! Whatever is in another form is left to the parser.

use super::NAMES;
use crate::value::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// The docstring and the header's variables of `source`, the part of a file before its first function; none where
/// anything in it is not certain.
pub fn read(source: &str) -> Option<(&str, HashMap<Rc<str>, Value>)> {
    let rest = source.trim_start_matches(['\n', '\r']);
    let (doc, rest) = match rest.strip_prefix("\"\"\"") {
        Some(inside) => inside.split_once("\"\"\"")?,
        // A docstring in another form is left to the parser.
        None if rest.lines().any(begins_text) => return None,
        None => ("", rest),
    };
    if doc.contains('\\') || rest.contains("\"\"\"") || rest.contains("'''") || rest.contains('\\')
    {
        return None;
    }
    let mut names = HashMap::with_capacity(NAMES.len());
    for line in rest.lines() {
        let inner = line.trim_start();
        let Some(name) = NAMES.iter().find(|name| inner.starts_with(**name)) else {
            continue;
        };
        let after = &inner[name.len()..];
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        if inner.len() != line.len() {
            return None;
        }
        let value = after.trim_start();
        let value = match value.strip_prefix(':') {
            // An annotation has no `=` in it.
            Some(annotated) => annotated.split_once('=')?.1,
            None => value.strip_prefix('=')?,
        };
        if names.insert(Rc::from(*name), literal(value)?).is_some() {
            return None;
        }
    }
    names.contains_key("revision").then_some((doc, names))
}

/// Whether a line begins with a text, with or without a prefix.
fn begins_text(line: &str) -> bool {
    let plain = line.trim_start_matches(['r', 'R', 'u', 'U']);
    plain.starts_with(['\'', '"'])
}

/// A text, None, or a tuple or list of texts, as the rest of a line.
fn literal(text: &str) -> Option<Value> {
    let text = text.trim();
    let (value, rest) = match text.strip_prefix(['(', '[']) {
        Some(mut inside) => {
            let mut items = Vec::new();
            let mut commas = 0;
            loop {
                inside = inside.trim_start();
                if let Some(rest) = inside.strip_prefix([')', ']']) {
                    // `("a")` is a text.
                    let value = match (items.len(), commas, text.starts_with('(')) {
                        (1, 0, true) => items.remove(0),
                        _ => Value::Tuple(items.into()),
                    };
                    break (value, rest);
                }
                let (item, rest) = quoted(inside)?;
                items.push(item);
                inside = rest.trim_start();
                match inside.strip_prefix(',') {
                    Some(rest) => {
                        commas += 1;
                        inside = rest;
                    }
                    None if inside.starts_with([')', ']']) => {}
                    None => return None,
                }
            }
        }
        None => match text.strip_prefix("None") {
            Some(rest) => (Value::None, rest),
            None => quoted(text)?,
        },
    };
    let rest = rest.trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(value)
}

fn quoted(text: &str) -> Option<(Value, &str)> {
    let quote = text.chars().next().filter(|c| ['\'', '"'].contains(c))?;
    let (inside, rest) = text[1..].split_once(quote)?;
    // An empty text might begin a triple quote; texts side by side are one.
    let rest_is_plain = !rest.trim_start().starts_with(['\'', '"']);
    (!inside.is_empty() && rest_is_plain).then(|| (Value::str(inside), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        literal(text).map(|value| format!("{value:?}"))
    }

    #[test]
    fn literals_are_read_and_everything_else_is_left() {
        assert_eq!(value(" 'a' # b").as_deref(), Some("Str(\"a\")"));
        assert_eq!(value("(\"a\")").as_deref(), Some("Str(\"a\")"));
        assert_eq!(value("None").as_deref(), Some("None"));
        assert_eq!(value("('a',)").as_deref(), Some("Tuple([Str(\"a\")])"));
        assert_eq!(
            value("[\"a\", 'b']").as_deref(),
            Some("Tuple([Str(\"a\"), Str(\"b\")])")
        );
        for other in [
            "'a' 'b'",
            "''",
            "f'a'",
            "a",
            "('a', b)",
            "'a' + 'b'",
            "('a'",
            "Nones",
            "('a' 'b')",
        ] {
            assert_eq!(value(other), None, "{other}");
        }
    }

    #[test]
    fn only_a_header_in_alembics_own_form_is_read() {
        let (doc, names) = read("\"\"\"Add\n\"\"\"\nrevision: str = 'a'\nrevisions = 3\ndown_revision: Union[str, None] = None\n")
            .expect("a header");
        assert_eq!(doc, "Add\n");
        assert_eq!(names.len(), 2);
        for other in [
            "x = '''\nrevision = 'a'\n'''\n",
            "if x:\n    revision = 'a'\n",
            "revision = 'a'\nrevision = 'b'\n",
            "revision, x = 'a', 1\n",
            "down_revision = 'a'\n",
        ] {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
