//! A module's docstring, read without the rest of the file.

use ruff_python_ast::Expr;
use ruff_python_parser::parse_expression;

/// The docstring of the module with these bytes, as Python has it in `__doc__`, without white space around it; empty where
/// there is none.
pub fn docstring(bytes: &[u8]) -> String {
    let Ok(source) = std::str::from_utf8(bytes) else {
        return String::new();
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let Some(text) = literal(source) else {
        return String::new();
    };
    // Python reads every kind of line end as one.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let parsed = parse_expression(&text).map(|parsed| parsed.into_expr());
    match parsed {
        Ok(Expr::StringLiteral(text)) => text.value.to_str().trim().to_owned(),
        _ => String::new(),
    }
}

/// The text of the string literal that the source begins with, after comments and empty lines.
fn literal(source: &str) -> Option<&str> {
    let mut rest = source.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n')?.1.trim_start();
    }
    let prefix = rest.len() - rest.trim_start_matches(['r', 'R', 'u', 'U']).len();
    let body = &rest[prefix..];
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| body.starts_with(quote))?;
    let mut at = quote.len();
    while !body[at..].starts_with(quote) {
        let next = body[at..].chars().next()?;
        at += next.len_utf8();
        if next == '\\' {
            at += body[at..].chars().next()?.len_utf8();
        }
    }
    Some(&rest[..prefix + at + quote.len()])
}

#[cfg(test)]
mod tests {
    use super::docstring;

    #[test]
    fn a_docstring_is_the_first_statement() {
        for (source, doc) in [
            (
                "\"\"\"Add users\n\nRevision ID: a1\n\"\"\"\nrevision = 'a1'\n",
                "Add users\n\nRevision ID: a1",
            ),
            ("# coding: utf-8\n\n'one\\nline'\n", "one\nline"),
            ("r\"\"\"a\\b\"\"\"\n", "a\\b"),
            ("\"\"\"Add\r\n\r\nMore\\r\r\"\"\"\r\n", "Add\n\nMore"),
            ("revision = 'a1'\n", ""),
            ("\"\"\"never ends", ""),
            ("b'bytes'\n", ""),
            ("f'format'\n", ""),
            ("", ""),
        ] {
            assert_eq!(docstring(source.as_bytes()), doc, "{source}");
        }
        assert_eq!(docstring(b"\xff"), "");
    }
}
