//! A place among a statement's tokens.

use cofferdam_engine::sql::{self, Lexeme, LexemeKind};

/// A statement's tokens without white space and comments, and a place among them.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme>,
    at: usize,
}

/// A name with the schema that it may have, both folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualified {
    pub schema: Option<String>,
    pub name: String,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut lexemes = sql::lexemes(text);
        lexemes.retain(|lexeme| lexeme.kind != LexemeKind::Trivia);
        Cursor {
            text,
            lexemes,
            at: 0,
        }
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.lexemes.len()
    }

    /// The next token; empty at the end.
    fn peek(&self) -> &'a str {
        let lexeme = self.lexemes.get(self.at);
        lexeme.map_or("", |lexeme| &self.text[lexeme.range.clone()])
    }

    fn kind(&self) -> Option<LexemeKind> {
        self.lexemes.get(self.at).map(|lexeme| lexeme.kind)
    }

    /// Takes the next tokens where they are these words and signs, divided by spaces.
    pub fn eat(&mut self, words: &str) -> bool {
        let start = self.at;
        for word in words.split(' ') {
            let quoted = matches!(self.kind(), Some(LexemeKind::Name | LexemeKind::Literal));
            if quoted || !self.peek().eq_ignore_ascii_case(word) {
                self.at = start;
                return false;
            }
            self.at += 1;
        }
        true
    }

    /// Takes one identifier, folded.
    pub fn name(&mut self) -> Option<String> {
        let name = match self.kind()? {
            LexemeKind::Word | LexemeKind::Name => sql::fold(self.peek()),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    pub fn qualified(&mut self) -> Option<Qualified> {
        let first = self.name()?;
        Some(match self.eat(".") {
            true => Qualified {
                schema: Some(first),
                name: self.name()?,
            },
            false => Qualified {
                schema: None,
                name: first,
            },
        })
    }

    /// Takes a string without escapes, and gives what it says.
    pub fn string(&mut self) -> Option<String> {
        let text = self.peek().strip_prefix('\'')?.strip_suffix('\'')?;
        self.at += 1;
        Some(text.replace("''", "'"))
    }

    /// Takes what stands between parentheses.
    pub fn parenthesised(&mut self) -> Option<Cursor<'a>> {
        if !self.eat("(") {
            return None;
        }
        let inside = self.until(&[]);
        self.eat(")").then_some(inside)
    }

    /// Takes everything up to the end, the closing parenthesis, or one of these words or signs outside parentheses.
    pub fn until(&mut self, stops: &[&str]) -> Cursor<'a> {
        let start = self.at;
        let mut depth = 0usize;
        while !self.is_end() {
            let stop = depth == 0 && stops.iter().any(|stop| self.clone().eat(stop));
            match self.peek() {
                ")" | "]" if depth == 0 => break,
                _ if stop && self.at > start => break,
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Cursor {
            text: self.text,
            lexemes: self.lexemes[start..self.at].to_vec(),
            at: 0,
        }
    }

    /// The pieces between the commas that stand outside parentheses.
    pub fn list(mut self) -> Vec<Cursor<'a>> {
        let mut pieces = Vec::new();
        while !self.is_end() {
            pieces.push(self.until(&[","]));
            if !self.eat(",") {
                break;
            }
        }
        pieces
    }

    /// The identifiers of a list in parentheses.
    pub fn names(&mut self) -> Option<Vec<String>> {
        let pieces = self.parenthesised()?.list();
        pieces.into_iter().map(Cursor::only_name).collect()
    }

    /// The identifier, where it is one and nothing else.
    pub fn only_name(mut self) -> Option<String> {
        let name = self.name()?;
        self.is_end().then_some(name)
    }

    /// The text of all its tokens, as written.
    pub fn source(&self) -> &'a str {
        match (self.lexemes.first(), self.lexemes.last()) {
            (Some(first), Some(last)) => &self.text[first.range.start..last.range.end],
            _ => "",
        }
    }

    /// Its tokens in lower case, with one space between them.
    pub fn words(&self) -> String {
        let texts = self.lexemes.iter();
        let texts = texts.map(|lexeme| self.text[lexeme.range.clone()].to_lowercase());
        texts.collect::<Vec<_>>().join(" ")
    }
}
