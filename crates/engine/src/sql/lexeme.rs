//! Tokens for those who write SQL in another form: what they are, and whether two texts have the same.

use super::token::{Token, tokens};
use squawk_lexer::TokenKind;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexemeKind {
    /// An unquoted identifier or keyword.
    Word,
    /// A quoted identifier.
    Name,
    /// A string in any of PostgreSQL's forms, or a number.
    Literal,
    /// A sign, or a piece of an operator.
    Sign,
    /// White space or a comment.
    Trivia,
}

/// One token and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexeme {
    pub kind: LexemeKind,
    pub range: Range<usize>,
}

/// The tokens of `sql`; their ranges tile it.
pub fn lexemes(sql: &str) -> Vec<Lexeme> {
    tokens(sql)
        .into_iter()
        .map(|token| Lexeme {
            kind: kind(&token),
            range: token.range,
        })
        .collect()
}

/// Whether two texts have the same tokens: white space, comments and the case of unquoted words aside.
pub fn same_tokens(left: &str, right: &str) -> bool {
    let significant = |sql: &str| {
        let mut all = lexemes(sql);
        all.retain(|lexeme| lexeme.kind != LexemeKind::Trivia);
        all
    };
    let (ours, theirs) = (significant(left), significant(right));
    let same = |(one, other): (&Lexeme, &Lexeme)| {
        let (one_text, other_text) = (&left[one.range.clone()], &right[other.range.clone()]);
        let words = [one.kind, other.kind] == [LexemeKind::Word; 2];
        one.kind == other.kind
            && (one_text == other_text || (words && one_text.eq_ignore_ascii_case(other_text)))
    };
    ours.len() == theirs.len() && ours.iter().zip(&theirs).all(same)
}

fn kind(token: &Token) -> LexemeKind {
    match token.kind {
        _ if token.is_trivia() => LexemeKind::Trivia,
        TokenKind::Ident => LexemeKind::Word,
        TokenKind::QuotedIdent { .. } => LexemeKind::Name,
        TokenKind::Literal { .. } => LexemeKind::Literal,
        _ => LexemeKind::Sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_the_same_tokens_are_the_same() {
        assert!(same_tokens(
            "create  table A (b int) -- c\n;",
            "CREATE TABLE a(b INT);"
        ));
        for (left, right) in [
            ("SELECT 'a'", "SELECT 'A'"),
            ("SELECT \"a\"", "SELECT a"),
            ("SELECT 1", "SELECT 1;"),
            ("SELECT ab", "SELECT a b"),
        ] {
            assert!(!same_tokens(left, right), "{left} | {right}");
        }
    }
}
