//! Which statements squawk's rules have to look at. Those that none of the wanted rules is about are parsed apart: squawk goes
//! through all that it is given several times, and most of a large file may be rows and comments.

use super::Asked;
use crate::sql::reader::{Reader, begins};
use crate::sql::split::{Cut, Piece};
use squawk_lexer::TokenKind;
use squawk_linter::Rule as Squawk;
use std::borrow::Cow;

/// Statements that begin so are read by the few rules alone that [`Reads`] tells apart.
const PLAIN: [&str; 7] = [
    "insert", "update", "delete", "select", "values", "comment", "grant",
];

/// Statements that begin so set no column, and give none a name.
const ASSIGN_NOTHING: [&str; 22] = [
    "abort", "alter", "analyze", "begin", "cluster", "comment", "commit", "delete", "do", "drop",
    "end", "grant", "lock", "reassign", "refresh", "reindex", "reset", "revoke", "rollback", "set",
    "start", "truncate",
];

/// Which statements a rule of squawk's reads (its source, 2.68).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// All of them.
    All,
    /// Those that may assign a column twice.
    Assignments,
    /// All but the plain ones and views, with an UPDATE of Alembic's table.
    Versions,
    /// All but the plain ones and views.
    Definitions,
}

impl Reads {
    fn of(rule: Squawk) -> Self {
        match rule {
            Squawk::IdentifierTooLong
            | Squawk::BanRevoke
            | Squawk::RequireLockTimeout
            | Squawk::RequireStatementTimeout => Reads::All,
            Squawk::BanDuplicateColumnAssignments => Reads::Assignments,
            Squawk::PreferRobustStmts => Reads::Versions,
            _ => Reads::Definitions,
        }
    }
}

/// What the wanted rules read.
pub(super) struct Heard {
    reads: Vec<Reads>,
    /// The text names Alembic's table.
    is_versioned: bool,
}

impl Heard {
    pub fn of(rules: impl Iterator<Item = Squawk>, lower: &str) -> Self {
        Heard {
            reads: rules.map(Reads::of).collect(),
            is_versioned: lower.contains("alembic_version"),
        }
    }

    /// Whether one of the rules reads the statement.
    pub fn hears(&self, cut: &Cut<'_>, piece: &Piece) -> bool {
        let body = &cut.text[piece.body.clone()];
        let reads = |reads: Reads| self.reads.contains(&reads);
        let is_apart = begins(body, &PLAIN) || is_view(body);
        reads(Reads::All)
            || !is_apart && !self.reads.is_empty()
            || reads(Reads::Assignments) && may_assign_twice(cut, piece)
            || reads(Reads::Versions) && self.is_versioned
    }
}

fn is_view(body: &str) -> bool {
    if !begins(body, &["create"]) {
        return false;
    }
    let mut reader = Reader::new(body);
    reader.eat("create");
    reader.eat_all(&["or", "replace"]);
    reader.eat_any(&["temp", "temporary"]);
    reader.eat("recursive");
    reader.is("view")
}

/// Whether the text begins with statements that SET, and one of them this parameter.
pub(super) fn sets_first(asked: &Asked<'_>, parameter: &str) -> bool {
    let pieces = asked.cut.pieces.iter();
    let bodies = pieces.map(|piece| &asked.cut.text[piece.body.clone()]);
    bodies
        .map_while(|body| begins(body, &["set"]).then(|| Reader::new(body)))
        .any(|mut reader| {
            reader.eat("set");
            reader.eat_any(&["local", "session"]);
            reader.eat(parameter) && !reader.is_kind(TokenKind::Dot)
        })
}

/// Whether a statement of the text may name a column twice where each may stand once.
pub(super) fn may_some_assign_twice(asked: &Asked<'_>) -> bool {
    let mut pieces = asked.cut.pieces.iter();
    pieces.any(|piece| may_assign_twice(asked.cut, piece))
}

/// Whether it may name a column twice where each may stand once: in a SET, in the list of an INSERT, among the columns that
/// a table or view gets. True where that is not easily told.
fn may_assign_twice(cut: &Cut<'_>, piece: &Piece) -> bool {
    let body = &cut.text[piece.body.clone()];
    if begins(body, &ASSIGN_NOTHING) {
        return false;
    }
    let tokens = cut.tokens[piece.tokens.clone()].iter();
    let tokens: Vec<Written<'_>> = tokens
        .filter(|token| !token.is_trivia())
        .map(|token| (token.kind, &cut.text[token.range.clone()]))
        .collect();
    let Some(mut names) = assigned(&tokens, is_view(body)) else {
        return true;
    };
    names.sort_unstable();
    names.windows(2).any(|two| two[0] == two[1])
}

/// A token, and its text.
type Written<'a> = (TokenKind, &'a str);

/// The columns that it gives or sets, and more; none where that is not easily told.
fn assigned<'a>(tokens: &[Written<'a>], is_view: bool) -> Option<Vec<Cow<'a, str>>> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| says(token, word));
    let has = |words: &[&str]| {
        let mut all = tokens.iter();
        all.any(|token| words.iter().any(|word| says(token, word)))
    };
    if is_view {
        selected(tokens)
    } else if is(0, "create") && (is(1, "index") || is(1, "unique") || is(1, "extension")) {
        Some(Vec::new())
    } else if is(0, "create") && (is(1, "table") || is(2, "table")) && !has(&["select"]) {
        listed(tokens, 1)
    } else if (is(0, "insert") || is(0, "update")) && !has(&["with", "merge", "conflict"]) {
        match has(&[","]) {
            true => listed(tokens, 0),
            false => Some(Vec::new()),
        }
    } else {
        (is(0, "select") && !has(&["into"])).then(Vec::new)
    }
}

/// The words behind `(`, `,` and SET, in one parenthesis, or in as few as `depth`.
fn listed<'a>(tokens: &[Written<'a>], depth: usize) -> Option<Vec<Cow<'a, str>>> {
    let mut open = 0_usize;
    let mut names = Vec::new();
    let mut is_first = false;
    for token in tokens {
        let (kind, text) = token;
        if is_first && (depth..=1).contains(&open) {
            match kind {
                TokenKind::Ident => names.push(lower(text)),
                TokenKind::QuotedIdent { .. } => names.push(Cow::Borrowed(unquoted(text)?)),
                _ => {}
            }
        }
        is_first = matches!(kind, TokenKind::OpenParen | TokenKind::Comma) || says(token, "set");
        open = deeper(open, *kind);
    }
    Some(names)
}

/// The names of what a view's SELECT gives; none where one is neither a column nor named by AS, or where a WITH or names stand
/// before it.
fn selected<'a>(tokens: &[Written<'a>]) -> Option<Vec<Cow<'a, str>>> {
    let first = tokens.iter().position(|token| says(token, "select"))?;
    let before = &tokens[..first];
    let is_plain = before
        .iter()
        .all(|(kind, _)| matches!(kind, TokenKind::Ident | TokenKind::Dot));
    if !is_plain || before.iter().any(|token| says(token, "with")) {
        return None;
    }
    let mut names = Vec::new();
    let mut open = 0_usize;
    let mut start = first + 1;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        open = deeper(open, token.0);
        let is_end = open == 0 && says(token, "from");
        if is_end || open == 0 && token.0 == TokenKind::Comma {
            names.push(given(&tokens[start..at])?);
            start = at + 1;
        }
        if is_end {
            return Some(names);
        }
    }
    None
}

/// The name that a column has, or is given by AS.
fn given<'a>(target: &[Written<'a>]) -> Option<Cow<'a, str>> {
    let ((TokenKind::Ident, name), before) = target.split_last()? else {
        return None;
    };
    let is_column = matches!(before, [] | [(TokenKind::Ident, _), (TokenKind::Dot, _)]);
    let is_named = before.last().is_some_and(|token| says(token, "as"));
    (is_column || is_named).then(|| lower(name))
}

fn deeper(open: usize, kind: TokenKind) -> usize {
    match kind {
        TokenKind::OpenParen => open + 1,
        TokenKind::CloseParen => open.saturating_sub(1),
        _ => open,
    }
}

fn says((_, text): &Written<'_>, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
}

/// A name in quotes; none where it is written with escapes.
fn unquoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// A name without quotes as PostgreSQL folds it.
fn lower(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
