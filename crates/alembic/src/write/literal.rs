//! Python's string literals.

/// A text as `repr()` gives it.
pub fn repr(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    quoted(text, quote)
}

/// A text as people write it, on one line.
pub fn line(text: &str) -> String {
    let quote = match text.contains('"') && !text.contains('\'') {
        true => '\'',
        false => '"',
    };
    let is_plain = !text.contains(quote) && text.chars().all(|c| !must_escape(c) && c != '\n');
    if text.contains('\\') && is_plain && !text.ends_with('\\') {
        return format!("r{quote}{text}{quote}");
    }
    quoted(text, quote)
}

/// A text of several lines in triple quotes, which stand on lines of their own. `text` begins and ends with a line
/// end or with white space.
pub fn block(text: &str) -> String {
    let quotes = "\"\"\"";
    if !text.contains(quotes) && !text.chars().any(must_escape) {
        let raw = if text.contains('\\') { "r" } else { "" };
        return format!("{raw}{quotes}{text}{quotes}");
    }
    format!("{quotes}{}{quotes}", inside_quotes(text))
}

/// A text as it stands inside a docstring's triple quotes.
pub fn inside_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            c => escape(c, None, &mut out),
        }
    }
    out.replace("\"\"\"", "\\\"\\\"\\\"")
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        escape(c, Some(quote), &mut out);
    }
    out.push(quote);
    out
}

/// What cannot stand in a Python file as it is: Python takes `\r` in a file for a line end, and refuses NUL.
fn must_escape(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

fn escape(c: char, quote: Option<char>, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' if quote.is_some() => out.push_str("\\t"),
        c if Some(c) == quote => {
            out.push('\\');
            out.push(c);
        }
        c if must_escape(c) => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_as_plain_as_it_can_be() {
        for (text, repr_, line_) in [
            ("a", "'a'", "\"a\""),
            ("it's", "\"it's\"", "\"it's\""),
            ("\"a\"", "'\"a\"'", "'\"a\"'"),
            ("'\"", "'\\'\"'", "\"'\\\"\""),
            ("a\\b", "'a\\\\b'", "r\"a\\b\""),
            ("a\\", "'a\\\\'", "\"a\\\\\""),
            ("a\r\n\u{0}", "'a\\r\\n\\x00'", "\"a\\r\\n\\x00\""),
        ] {
            assert_eq!((repr(text), line(text)), (repr_.into(), line_.into()));
        }
        assert_eq!(block("\na\\d\n"), "r\"\"\"\na\\d\n\"\"\"");
        assert_eq!(
            block("\na\"\"\"\\\r\n"),
            "\"\"\"\na\\\"\\\"\\\"\\\\\\r\n\"\"\""
        );
    }
}
