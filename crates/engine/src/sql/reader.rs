//! Reading the first words of a statement, token by token, without a grammar.

use super::token::{Token, next};
use squawk_lexer::TokenKind;

/// Whether a text's first letters are one of `words` (lower case, ASCII): most statements of a large file begin with none of
/// those that a reader would look for, and need no tokens to tell it. A word that goes on counts as well.
pub(crate) fn begins(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let start = text.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    })
}

/// A statement's tokens without trivia, read as they are asked for, and a place among them.
pub(crate) struct Reader<'a> {
    text: &'a str,
    /// Those read so far, trivia too, up to the next one that is none.
    tokens: Vec<Token>,
    /// The next token that is no trivia.
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader {
            text,
            tokens: Vec::new(),
            at: 0,
        };
        reader.settle();
        reader
    }

    /// Goes on to a token that is no trivia, from where it is.
    fn settle(&mut self) {
        loop {
            match self.tokens.get(self.at) {
                Some(token) if token.is_trivia() => self.at += 1,
                Some(_) => return,
                None => match next(self.text, &self.tokens) {
                    Some(token) => self.tokens.push(token),
                    None => return,
                },
            }
        }
    }

    /// Goes on to the next token where there is one.
    fn advance(&mut self) {
        if self.at < self.tokens.len() {
            self.at += 1;
            self.settle();
        }
    }

    /// The next token.
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// The next token's text; empty at the end.
    pub fn peek_text(&self) -> &'a str {
        self.peek()
            .map_or("", |token| &self.text[token.range.clone()])
    }

    /// Tells whether the next token is the word `word`.
    pub fn is(&self, word: &str) -> bool {
        self.peek()
            .is_some_and(|token| token.is_word(self.text, word))
    }

    /// Tells whether the next token is one of `words`.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub fn is_kind(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    /// Tells whether nothing, or only the semicolon, follows.
    pub fn is_end(&self) -> bool {
        self.peek()
            .is_none_or(|token| token.kind == TokenKind::Semi)
    }

    pub fn skip(&mut self) {
        self.advance();
    }

    /// Takes the next token where it is the word `word`.
    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.advance();
        }
        found
    }

    /// Takes the next token where it is one of `words`.
    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Takes the next tokens where they are all of `words`, in their order.
    pub fn eat_all(&mut self, words: &[&str]) -> bool {
        let start = self.at;
        let found = words.iter().all(|word| self.eat(word));
        if !found {
            self.at = start;
        }
        found
    }

    /// Takes the next token where it is of this kind.
    pub fn eat_kind(&mut self, kind: TokenKind) -> bool {
        let found = self.is_kind(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Takes one identifier, as written.
    pub fn word(&mut self) -> Option<&'a str> {
        let token = self.peek()?;
        if !matches!(token.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. }) {
            return None;
        }
        let text = self.peek_text();
        self.advance();
        Some(text)
    }

    /// Takes a name with its qualifiers, as written without the white space.
    pub fn name(&mut self) -> Option<String> {
        let mut name = self.word()?.to_owned();
        while self.is_kind(TokenKind::Dot) {
            self.advance();
            name.push('.');
            match self.word() {
                Some(word) => name.push_str(word),
                None => break,
            }
        }
        Some(name)
    }

    /// Takes a parenthesised list, and tells its words; none where there is no parenthesis.
    pub fn parenthesised(&mut self) -> Vec<&'a str> {
        let mut words = Vec::new();
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => depth = depth.saturating_sub(1),
                _ if depth > 0 => words.push(self.peek_text()),
                _ => {}
            }
            if depth == 0 && words.is_empty() && !self.is_kind(TokenKind::CloseParen) {
                break;
            }
            self.advance();
            if depth == 0 {
                break;
            }
        }
        words
    }

    /// The tokens from the next one on, with their texts.
    pub fn rest(&mut self) -> impl Iterator<Item = (&Token, &'a str)> {
        while let Some(token) = next(self.text, &self.tokens) {
            self.tokens.push(token);
        }
        let text = self.text;
        self.tokens[self.at..]
            .iter()
            .filter(|token| !token.is_trivia())
            .map(move |token| (token, &text[token.range.clone()]))
    }
}
