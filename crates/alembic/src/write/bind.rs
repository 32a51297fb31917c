//! Colons in the text of `text()` and of a plain string given to `op.execute()`.
//!
//! SQLAlchemy takes `:name` for a parameter unless a backslash stands before the colon, and then drops that backslash:
//! <https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text>. What it takes for a name, and
//! where, is said by `BIND_PARAMS` and `BIND_PARAMS_ESC` of sqlalchemy/sql/compiler.py.

/// `text` with a backslash before every colon that SQLAlchemy would not leave as it is.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == ':' {
            let (word, ends) = word(&text[at + 1..]);
            let read = match before {
                Some('\\') => ends,
                Some(before) if before == ':' || is_word(before) => false,
                _ => ends && !word.is_empty(),
            };
            if read {
                out.push('\\');
            }
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// The word that `text` begins with, and whether no colon follows it.
fn word(text: &str) -> (&str, bool) {
    let end = text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    (&text[..end], !text[end..].starts_with(':'))
}

/// Python's `\w`.
fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_read_is_escaped() {
        for (text, escaped) in [
            ("a::int", "a::int"),
            ("x = :name", r"x = \:name"),
            ("'12:30'", "'12:30'"),
            ("a[1:2] b[:2]", r"a[1:2] b[\:2]"),
            (":a:b", ":a:b"),
            (r"'\:'", r"'\\:'"),
            (r"'\::'", r"'\::'"),
            ("'{\"a\": true}'", "'{\"a\": true}'"),
            ("'{\"a\":true}'", "'{\"a\"\\:true}'"),
            ("a:=1", "a:=1"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }
}
