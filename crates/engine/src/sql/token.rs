//! Tokens of PostgreSQL's lexical grammar, with byte ranges that tile the text.
//!
//! The tokens are squawk-lexer's, with two differences that keep cutting stable: a byte order mark
//! is never white space (PostgreSQL reads it as a letter), and a string that continues an `E''`
//! string on a later line keeps its backslash escapes, as in PostgreSQL.

use squawk_lexer::{BOM, LiteralKind, TokenKind, tokenize};
use std::ops::Range;

/// One token and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

impl Token {
    /// Tells whether the token is white space or a comment.
    pub fn is_trivia(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. }
        )
    }

    /// What the token is, where it never ends.
    pub fn unterminated(&self) -> Option<&'static str> {
        match self.kind {
            TokenKind::BlockComment { terminated: false } => Some("comment"),
            TokenKind::QuotedIdent {
                terminated: false, ..
            } => Some("quoted identifier"),
            TokenKind::Literal { kind } => match kind {
                LiteralKind::DollarQuotedString { terminated: false } => Some("dollar quote"),
                LiteralKind::Str { terminated: false }
                | LiteralKind::NationalStr { terminated: false }
                | LiteralKind::ByteStr { terminated: false }
                | LiteralKind::BitStr { terminated: false }
                | LiteralKind::UnicodeEscStr { terminated: false }
                | LiteralKind::EscStr { terminated: false } => Some("string"),
                _ => None,
            },
            _ => None,
        }
    }

    /// Tells whether the token is the unquoted word `word`, in whatever case.
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Ident && text[self.range.clone()].eq_ignore_ascii_case(word)
    }
}

/// Cuts `text` into tokens; their ranges tile it.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    // Most tokens have three bytes and more.
    let mut all = Vec::with_capacity(text.len() / 3);
    while let Some(token) = next(text, &all) {
        all.push(token);
    }
    all
}

/// The token after `before`, which are those that `text` begins with; none at its end.
pub(crate) fn next(text: &str, before: &[Token]) -> Option<Token> {
    let at = before.last().map_or(0, |token| token.range.end);
    let rest = &text[at..];
    if rest.starts_with(BOM) {
        // squawk-lexer takes a mark at the start of its input for white space.
        return Some(Token {
            kind: TokenKind::Ident,
            range: at..at + word_length(rest),
        });
    }
    let token = tokenize(rest).next()?;
    if continues_escape_string(text, before, token.kind) {
        let (end, terminated) = escape_string_end(text, at);
        let kind = TokenKind::Literal {
            kind: LiteralKind::EscStr { terminated },
        };
        return Some(Token {
            kind,
            range: at..end,
        });
    }
    Some(Token {
        kind: token.kind,
        range: at..at + token.len as usize,
    })
}

/// The length of the identifier that `text` begins with.
fn word_length(text: &str) -> usize {
    text.find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_' && c != '$')
        .unwrap_or(text.len())
}

/// Tells whether a plain string here goes on an `E''` string: only white space with a line end,
/// and line comments, stand between.
fn continues_escape_string(text: &str, all: &[Token], kind: TokenKind) -> bool {
    if !matches!(
        kind,
        TokenKind::Literal {
            kind: LiteralKind::Str { .. }
        }
    ) {
        return false;
    }
    let mut line_end = false;
    for token in all.iter().rev() {
        match token.kind {
            TokenKind::Whitespace => {
                line_end |= text[token.range.clone()].contains(['\n', '\r']);
            }
            TokenKind::LineComment => {}
            TokenKind::Literal {
                kind: LiteralKind::EscStr { terminated: true },
            } => {
                return line_end;
            }
            _ => return false,
        }
    }
    false
}

/// Where the string whose opening quote stands at `start` ends, and whether it does, with
/// backslash escapes.
fn escape_string_end(text: &str, start: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return (at + 1, true),
            _ => at += 1,
        }
    }
    (text.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql)
            .iter()
            .map(|token| &sql[token.range.clone()])
            .collect()
    }

    #[test]
    fn tokens_follow_postgresql() {
        let cases: [(&str, &[&str]); 10] = [
            ("$$a;$$;", &["$$a;$$", ";"]),
            ("$a$ $$;$$ $b$ $a$;", &["$a$ $$;$$ $b$ $a$", ";"]),
            ("a$$b", &["a$$b"]),
            ("E'a\\';';", &["E'a\\';'", ";"]),
            ("'a\\';", &["'a\\'", ";"]),
            ("/* /* ; */ ; */;", &["/* /* ; */ ; */", ";"]),
            ("U&\"a;\";", &["U&\"a;\"", ";"]),
            ("1.5e3$1", &["1.5e3", "$1"]),
            ("E'a'\n'b\\';';", &["E'a'", "\n", "'b\\';'", ";"]),
            ("E'a' 'b\\';", &["E'a'", " ", "'b\\'", ";"]),
        ];
        for (sql, want) in cases {
            assert_eq!(texts(sql), want, "{sql}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_a_letter() {
        assert_eq!(texts("\u{feff}select 1"), ["\u{feff}select", " ", "1"]);
        assert_eq!(texts("1 \u{feff}select"), ["1", " ", "\u{feff}select"]);
    }

    #[test]
    fn what_never_ends_is_known() {
        for (sql, what) in [
            ("'a", "string"),
            ("E'a\\'", "string"),
            ("$a$ $b$", "dollar quote"),
            ("\"a", "quoted identifier"),
            ("/* /* */", "comment"),
        ] {
            assert_eq!(tokens(sql)[0].unterminated(), Some(what), "{sql}");
        }
    }
}
