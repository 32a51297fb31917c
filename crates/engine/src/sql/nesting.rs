//! How deep a statement would take the parser, counted on its tokens.
//!
//! The parser calls itself for nested constructs, and its tree is as deep as a chain of operators
//! is long; dropping a tree calls itself too. Measured in a debug build on a stack of 1 MB: 190
//! nested sub-selects, 330 parentheses, 280 BETWEENs, 560 NOTs or signs, 970 comparisons, 1,200 bare
//! words such as WITH or DECLARE, and 3,600 chained operators are what fits. The limits here keep
//! clear of all of them together.

use super::MAX_NESTING;
use super::token::Token;
use squawk_lexer::TokenKind;

/// What the open constructs may cost, in about a kilobyte of stack each.
const MAX_COST: usize = 800;

/// Longest chain of operators, set operations and joins, over all open constructs.
const MAX_CHAIN: usize = 1000;

/// No token costs more: that many tokens cost too little to be counted.
const MOST_OF_ONE: usize = 5;

/// Why a statement is not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It becomes too deep at this byte.
    TooDeep(usize),
    /// At this byte stands what no statement has, and what follows is too long to be read after it:
    /// where the parser picks itself up again cannot be told from the tokens.
    Broken(usize),
}

/// Tells whether a statement is too much for the parser.
pub(crate) fn refuse(text: &str, tokens: &[Token]) -> Option<Refusal> {
    if tokens.len() <= MAX_COST / MOST_OF_ONE {
        return None;
    }
    let mut count = Count {
        frames: vec![Frame::default()],
        cost: 0,
        chain: 0,
        broken: None,
    };
    let mut before = Before {
        token: None,
        ended: false,
    };
    for token in tokens.iter().filter(|token| !token.is_trivia()) {
        let operator_name = count.take(text, token, &before);
        if count.frames.len() > MAX_NESTING + 1 || count.cost > MAX_COST || count.chain > MAX_CHAIN
        {
            let deep = Refusal::TooDeep(token.range.start);
            return Some(count.broken.map_or(deep, Refusal::Broken));
        }
        before = Before {
            token: Some(token),
            ended: !operator_name && ends_operand(text, token),
        };
    }
    None
}

/// The token before the one that is looked at.
struct Before<'a> {
    token: Option<&'a Token>,
    /// It can be the last of an operand.
    ended: bool,
}

impl Before<'_> {
    fn is_word(&self, text: &str, word: &str) -> bool {
        self.token.is_some_and(|token| token.is_word(text, word))
    }

    fn is_kind(&self, kind: TokenKind) -> bool {
        self.token.is_some_and(|token| token.kind == kind)
    }

    fn is_operator(&self) -> bool {
        self.token.is_some_and(|token| is_operator(token.kind))
    }
}

/// A construct that has not ended.
#[derive(Default)]
struct Frame {
    /// What ends it.
    closer: Closer,
    /// It holds an operator's name, as in `OPERATOR(pg_catalog.+)`.
    operator: bool,
    /// Its own cost.
    own: usize,
    /// Words since the last AND, OR or comma: many of PostgreSQL's may begin something that nests.
    words: usize,
    /// Cost of constructs that end with their operand.
    operand: usize,
    /// Cost of constructs that a comma ends.
    element: usize,
    /// Operators since the last AND, OR or comma.
    operators: usize,
    /// ANDs and ORs since the last comma.
    conditions: usize,
    /// Set operations and joins.
    queries: usize,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Closer {
    #[default]
    End,
    Parenthesis,
    Bracket,
    Case,
}

struct Count {
    frames: Vec<Frame>,
    cost: usize,
    chain: usize,
    /// Where something stood that no statement has; nothing ends after it.
    broken: Option<usize>,
}

impl Count {
    /// Counts one token. Returns whether it ends an operator's name.
    fn take(&mut self, text: &str, token: &Token, before: &Before) -> bool {
        let at = token.range.start;
        match token.kind {
            TokenKind::OpenParen => {
                self.link();
                self.open(Closer::Parenthesis);
                let operator = before.is_word(text, "operator");
                if let Some(frame) = self.top() {
                    frame.operator = operator;
                }
            }
            TokenKind::OpenBracket => {
                self.link();
                self.open(Closer::Bracket);
            }
            TokenKind::CloseParen => {
                let operator = self.frames.last().is_some_and(|frame| frame.operator);
                let ended = before.ended || operator || before.is_kind(TokenKind::OpenParen);
                self.close(Closer::Parenthesis, ended, at);
                return operator;
            }
            TokenKind::CloseBracket => {
                let ended = before.ended || before.is_kind(TokenKind::OpenBracket);
                self.close(Closer::Bracket, ended, at);
            }
            TokenKind::Comma | TokenKind::Semi => self.next_element(before.ended, at),
            TokenKind::Dot => self.link(),
            TokenKind::Ident => self.word(text, token, before),
            _ if is_operator(token.kind) => self.operator(token, before),
            _ => {}
        }
        false
    }

    fn word(&mut self, text: &str, token: &Token, before: &Before) {
        let word = &text[token.range.clone()];
        let at = token.range.start;
        let qualified = before.is_kind(TokenKind::Dot);
        // No word that counts is longer.
        let word = if word.len() > 12 {
            String::new()
        } else {
            word.to_ascii_lowercase()
        };
        match word.as_str() {
            _ if qualified => {}
            "case" => self.open(Closer::Case),
            "end" if !before.is_word(text, "as") => {
                let case = self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.closer == Closer::Case);
                if case {
                    self.close(Closer::Case, before.ended, at);
                }
            }
            "and" | "or" => {
                if self.whole(before.ended, at) {
                    self.next_words();
                    self.next_operand();
                }
            }
            "when" | "then" | "else" | "on" | "using" | "where" => {
                if before.ended && self.broken.is_none() {
                    self.next_operand();
                }
            }
            "with" | "declare" | "insert" | "update" | "delete" | "merge" | "create" => {
                self.own(2);
                self.element(3);
            }
            "select" | "values" => {
                self.own(2);
                self.words(1);
            }
            "not" => self.operand(2),
            "between" => self.element(4),
            "join" => {
                self.operand(2);
                self.query();
            }
            "union" | "intersect" | "except" => self.query(),
            "explain" | "prepare" | "atomic" | "begin" | "loop" => self.element(3),
            "is" | "isnull" | "notnull" | "like" | "ilike" | "similar" | "in" | "collate"
            | "at" | "overlaps" | "escape" | "operator" => {
                self.operand(1);
                self.link();
            }
            "as" | "null" | "true" | "false" | "from" | "by" => {}
            // The word may be one that negates.
            _ => self.words(if before.is_operator() { 2 } else { 1 }),
        }
    }

    fn operator(&mut self, token: &Token, before: &Before) {
        let after = before.token.filter(|before| is_operator(before.kind));
        let joined = after.is_some_and(|before| before.range.end == token.range.start)
            && !matches!(token.kind, TokenKind::Plus | TokenKind::Minus);
        if joined {
            return;
        }
        self.link();
        self.operand(if after.is_some() { 2 } else { 1 });
    }

    fn top(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    fn open(&mut self, closer: Closer) {
        self.cost += 4;
        self.frames.push(Frame {
            closer,
            own: 4,
            ..Frame::default()
        });
    }

    /// Tells whether what stands before `at` is whole; where it never is, that is remembered.
    fn whole(&mut self, ended: bool, at: usize) -> bool {
        if !ended && self.broken.is_none() {
            self.broken = Some(at);
        }
        self.broken.is_none()
    }

    fn close(&mut self, closer: Closer, ended: bool, at: usize) {
        let matches = self
            .frames
            .last()
            .is_some_and(|frame| frame.closer == closer);
        if self.whole(ended && matches, at)
            && let Some(frame) = self.frames.pop()
        {
            self.cost -= frame.own + frame.words + frame.operand + frame.element;
            self.chain -= frame.operators + frame.conditions + frame.queries;
        }
    }

    fn own(&mut self, cost: usize) {
        let Some(frame) = self.top() else { return };
        if frame.own <= 4 {
            frame.own += cost;
            self.cost += cost;
        }
    }

    fn words(&mut self, cost: usize) {
        if let Some(frame) = self.top() {
            frame.words += cost;
            self.cost += cost;
        }
    }

    fn next_words(&mut self) {
        if let Some(frame) = self.top() {
            let words = std::mem::take(&mut frame.words);
            self.cost -= words;
        }
    }

    fn operand(&mut self, cost: usize) {
        if let Some(frame) = self.top() {
            frame.operand += cost;
            self.cost += cost;
        }
    }

    fn element(&mut self, cost: usize) {
        if let Some(frame) = self.top() {
            frame.element += cost;
            self.cost += cost;
        }
    }

    fn link(&mut self) {
        if let Some(frame) = self.top() {
            frame.operators += 1;
            self.chain += 1;
        }
    }

    fn query(&mut self) {
        if let Some(frame) = self.top() {
            frame.queries += 1;
            self.chain += 1;
        }
    }

    /// An operand ends: what binds tighter than AND has ended with it.
    fn next_operand(&mut self) {
        let Some(frame) = self.top() else { return };
        let operand = std::mem::take(&mut frame.operand);
        let operators = std::mem::take(&mut frame.operators);
        frame.conditions += 1;
        self.cost -= operand;
        self.chain = self.chain + 1 - operators;
    }

    /// An element of a list ends.
    fn next_element(&mut self, ended: bool, at: usize) {
        if !self.whole(ended, at) {
            return;
        }
        self.next_words();
        self.next_operand();
        if let Some(frame) = self.top() {
            let conditions = std::mem::take(&mut frame.conditions);
            let element = std::mem::take(&mut frame.element);
            self.chain -= conditions;
            self.cost -= element;
        }
    }
}

/// Words that an operand cannot end with. After one of them the parser is still inside it.
const OPENERS: &[&str] = &[
    "all",
    "and",
    "any",
    "as",
    "between",
    "case",
    "collate",
    "cross",
    "distinct",
    "else",
    "except",
    "from",
    "full",
    "ilike",
    "in",
    "inner",
    "intersect",
    "is",
    "join",
    "left",
    "like",
    "natural",
    "not",
    "on",
    "or",
    "outer",
    "overlaps",
    "right",
    "select",
    "similar",
    "some",
    "then",
    "union",
    "using",
    "when",
    "where",
    "with",
];

/// Tells whether `token` can be the last one of an operand.
fn ends_operand(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Ident => !OPENERS.iter().any(|word| token.is_word(text, word)),
        TokenKind::OpenParen | TokenKind::OpenBracket => false,
        TokenKind::Comma | TokenKind::Semi | TokenKind::Dot => false,
        kind => !is_operator(kind) || kind == TokenKind::Star,
    }
}

fn is_operator(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Slash
            | TokenKind::Minus
            | TokenKind::Colon
            | TokenKind::DotDot
            | TokenKind::Eq
            | TokenKind::Gt
            | TokenKind::And
            | TokenKind::Lt
            | TokenKind::Bang
            | TokenKind::Plus
            | TokenKind::Tilde
            | TokenKind::Pound
            | TokenKind::Question
            | TokenKind::Or
            | TokenKind::Percent
            | TokenKind::Caret
            | TokenKind::Star
            | TokenKind::Backtick
            | TokenKind::At
    )
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn deep(sql: &str) -> bool {
        refuse(sql, &tokens(sql)).is_some()
    }

    #[test]
    fn ordinary_long_statements_are_read() {
        let n = 20_000;
        assert!(!deep(&format!(
            "INSERT INTO t VALUES (1, -2, 'a'){}",
            ", (1, -2, 'a')".repeat(n)
        )));
        assert!(!deep(&format!("SELECT a IN (1{})", ", 1".repeat(n))));
        assert!(!deep(&format!(
            "SELECT 1{}",
            ", a.b::int + CASE WHEN c THEN 1 END".repeat(n)
        )));
        assert!(!deep(&format!("SELECT a{}", " || 'b'".repeat(400))));
        assert!(!deep(&format!(
            "SELECT 1 WHERE a{}",
            " OR t.a = 1".repeat(400)
        )));
        assert!(!deep(&format!(
            "SELECT 1{}",
            " UNION ALL SELECT a.b, c.d".repeat(400)
        )));
        assert!(!deep(&format!(
            "SELECT 1 FROM a{}",
            " JOIN b ON a.b = b.c".repeat(100)
        )));
        assert!(!deep(&format!(
            "SELECT {}1{}",
            "(".repeat(100),
            ")".repeat(100)
        )));
    }

    #[test]
    fn a_statement_that_cannot_be_is_read_only_while_short() {
        let sql = format!("SELECT a FROM {}", "( with ) select ".repeat(400));
        assert_eq!(refuse(&sql, &tokens(&sql)), Some(Refusal::Broken(21)));
        assert!(!deep("SELECT a FROM ( with ) select"));
        assert!(!deep(
            "SELECT a OPERATOR(pg_catalog.+) 1, ARRAY[], f(), count(*)"
        ));
    }

    #[test]
    fn what_would_overflow_is_not() {
        let n = 5000;
        for (start, link) in [
            ("SELECT ", "("),
            ("SELECT ", "(SELECT "),
            ("SELECT ARRAY", "["),
            ("SELECT ", "CASE WHEN "),
            ("SELECT ", "NOT "),
            ("SELECT 1", " + - "),
            ("SELECT ", "- "),
            ("SELECT 1", "+1"),
            ("SELECT 1", "::int"),
            ("SELECT 1", " AND a"),
            ("SELECT 1", " = 1"),
            ("SELECT 1", " BETWEEN 1 AND 2"),
            ("SELECT a", ".a"),
            ("SELECT a", "[1]"),
            ("SELECT a", " IS NULL"),
            ("SELECT 1", " UNION SELECT a, b"),
            ("SELECT 1 FROM a", " JOIN b"),
            ("", "EXPLAIN "),
            ("", "PREPARE a AS "),
        ] {
            assert!(deep(&format!("{start}{}", link.repeat(n))), "{start}{link}");
        }
    }
}
