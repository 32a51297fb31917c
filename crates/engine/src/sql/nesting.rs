//! How deep a statement would take the parser, counted on its tokens.
//!
//! The parser calls itself for nested constructs, and its tree is as deep as a chain of operators
//! is long; dropping a tree calls itself too. Measured in a debug build on a stack of 1 MB: 190
//! nested sub-selects, 330 parentheses, 280 BETWEENs, 560 NOTs or signs, 970 comparisons and 3,600
//! chained operators are what fits. The limits here keep clear of all of them together.

use super::MAX_NESTING;
use super::token::Token;
use squawk_lexer::TokenKind;

/// What the open constructs may cost, in about a kilobyte of stack each.
const MAX_COST: usize = 800;

/// Longest chain of operators, set operations and joins, over all open constructs.
const MAX_CHAIN: usize = 1000;

/// Returns the byte offset at which a statement becomes too deep to parse, where it does.
pub(crate) fn too_deep(text: &str, tokens: &[Token]) -> Option<usize> {
    let mut count = Count {
        frames: vec![Frame::default()],
        cost: 0,
        chain: 0,
    };
    let mut before: Option<&Token> = None;
    for token in tokens.iter().filter(|token| !token.is_trivia()) {
        count.take(text, token, before);
        if count.frames.len() > MAX_NESTING + 1 || count.cost > MAX_COST || count.chain > MAX_CHAIN
        {
            return Some(token.range.start);
        }
        before = Some(token);
    }
    None
}

/// A construct that has not ended.
#[derive(Default)]
struct Frame {
    /// What ends it.
    closer: Closer,
    /// Its own cost.
    own: usize,
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
}

impl Count {
    fn take(&mut self, text: &str, token: &Token, before: Option<&Token>) {
        match token.kind {
            TokenKind::OpenParen => {
                self.link();
                self.open(Closer::Parenthesis);
            }
            TokenKind::OpenBracket => {
                self.link();
                self.open(Closer::Bracket);
            }
            TokenKind::CloseParen => self.close(Closer::Parenthesis),
            TokenKind::CloseBracket => self.close(Closer::Bracket),
            TokenKind::Comma | TokenKind::Semi => self.next_element(),
            TokenKind::Dot => self.link(),
            TokenKind::Ident => self.word(text, token, before),
            _ if is_operator(token.kind) => self.operator(token, before),
            _ => {}
        }
    }

    fn word(&mut self, text: &str, token: &Token, before: Option<&Token>) {
        let word = &text[token.range.clone()];
        if word.len() > 12 {
            return;
        }
        let word = word.to_ascii_lowercase();
        let named =
            before.is_some_and(|token| token.kind == TokenKind::Dot || token.is_word(text, "as"));
        match word.as_str() {
            "case" => self.open(Closer::Case),
            "end" if !named => self.close(Closer::Case),
            "select" | "with" | "values" => self.own(2),
            "and" | "or" => self.next_operand(word == "or"),
            "when" | "then" | "else" | "on" | "using" | "where" => self.next_operand(false),
            "not" => self.operand(2),
            "between" => self.element(4),
            "join" => {
                self.operand(2);
                self.query();
            }
            "union" | "intersect" | "except" => self.query(),
            "explain" | "prepare" | "atomic" | "begin" | "loop" => self.element(2),
            "is" | "isnull" | "notnull" | "like" | "ilike" | "similar" | "in" | "collate"
            | "at" | "overlaps" | "escape" | "operator" => {
                self.operand(1);
                self.link();
            }
            _ => {}
        }
    }

    fn operator(&mut self, token: &Token, before: Option<&Token>) {
        let after = before.filter(|before| is_operator(before.kind));
        let joined = after.is_some_and(|before| before.range.end == token.range.start)
            && !matches!(token.kind, TokenKind::Plus | TokenKind::Minus);
        if joined {
            return;
        }
        self.link();
        if after.is_some() {
            self.operand(2);
        } else if matches!(token.kind, TokenKind::Eq | TokenKind::Lt | TokenKind::Gt) {
            self.operand(1);
        }
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

    fn close(&mut self, closer: Closer) {
        if self
            .frames
            .last()
            .is_some_and(|frame| frame.closer == closer)
            && let Some(frame) = self.frames.pop()
        {
            self.cost -= frame.own + frame.operand + frame.element;
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
    fn next_operand(&mut self, element: bool) {
        let Some(frame) = self.top() else { return };
        let operand = std::mem::take(&mut frame.operand);
        let operators = std::mem::take(&mut frame.operators);
        let element = if element {
            std::mem::take(&mut frame.element)
        } else {
            0
        };
        frame.conditions += 1;
        self.cost -= operand + element;
        self.chain = self.chain + 1 - operators;
    }

    /// An element of a list ends.
    fn next_element(&mut self) {
        self.next_operand(true);
        if let Some(frame) = self.top() {
            let conditions = std::mem::take(&mut frame.conditions);
            self.chain -= conditions;
        }
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
        too_deep(sql, &tokens(sql)).is_some()
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
