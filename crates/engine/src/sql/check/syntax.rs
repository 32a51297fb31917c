//! Syntax errors, by the PostgreSQL grammar of squawk-syntax.

use super::super::nesting::{Refusal, refuse};
use super::super::split::{Cut, Piece, cut};
use super::super::token::Token;
use super::super::tree::{MAX_BYTES, parse};
use super::Report;
use crate::finding::{Code, Severity};
use squawk_lexer::{LiteralKind, TokenKind};
use std::ops::Range;

/// Checks one statement; where it `is_whole`, that it parses is known.
pub(super) fn check(report: &mut Report, whole: &Cut, piece: &Piece, is_whole: bool) {
    if !is_whole {
        statement(report, whole, piece, 0);
    }
    let tokens = &whole.tokens[piece.tokens.clone()];
    if let Some(range) = sql_body(whole.text, tokens) {
        let inner = cut(&whole.text[range.clone()]);
        for piece in &inner.pieces {
            statement(report, &inner, piece, range.start);
        }
    }
}

/// Checks one statement of `whole`, which begins at `base` of the section.
fn statement(report: &mut Report, whole: &Cut, piece: &Piece, base: usize) {
    let tokens = &whole.tokens[piece.tokens.clone()];
    if tokens
        .last()
        .is_some_and(|token| token.unterminated().is_some())
    {
        return;
    }
    let place = |range: Range<usize>| base + range.start..base + range.end;
    if let Some(refusal) = refuse(whole.text, tokens) {
        let (Refusal::TooDeep(at) | Refusal::Broken(at)) = refusal;
        let token = tokens.iter().find(|token| token.range.start == at);
        let range = place(token.map_or(at..at, |token| token.range.clone()));
        match refusal {
            Refusal::TooDeep(_) => report.error(
                Code::NestedTooDeep,
                range,
                "The statement is nested too deep, or chains too many operators, to be read from \
                 here on; split it into several statements.",
            ),
            Refusal::Broken(_) => report.warning(
                Code::SyntaxError,
                range,
                "Something is wrong before this, it seems, and the statement is too long to be \
                 read from there; PostgreSQL will tell.",
            ),
        }
        return;
    }
    if piece.body.len() > MAX_BYTES {
        report.add(
            Code::Unsupported,
            Severity::Note,
            place(piece.body.start..piece.body.start),
            "A statement of more than 4 MB is not checked for syntax errors here; PostgreSQL will.",
        );
        return;
    }
    if let Some(nul) = whole.text[piece.body.clone()].find('\0') {
        let at = piece.body.start + nul;
        report.error(
            Code::SyntaxError,
            place(at..at + 1),
            "Syntax error: PostgreSQL's text cannot hold a NUL byte; delete it.",
        );
        return;
    }
    if let Some((range, message)) = first_error(whole.text, piece, tokens) {
        report.error(Code::SyntaxError, place(range), message);
    }
}

/// The first syntax error of a statement, at a place of `text`: those that follow are its echo.
fn first_error(text: &str, piece: &Piece, tokens: &[Token]) -> Option<(Range<usize>, String)> {
    let parse = parse(text, piece.body.clone(), tokens);
    let place = |start: u32, end: u32| {
        let at = |offset: u32| piece.body.start + offset as usize;
        visible(text, tokens, at(start)..at(end))
    };
    let errors = parse.errors();
    let error = errors.first()?;
    let range = place(error.range().start().into(), error.range().end().into());
    let message = sentence(error.message(), text.get(range.clone()).unwrap_or_default());
    Some((range, message))
}

/// The grammar's message as a sentence, with tokens as they are written.
fn sentence(message: &str, at: &str) -> String {
    let message = message.split(", found ").next().unwrap_or_default();
    let message = message
        .split(", got ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let words: Vec<&str> = message
        .split(' ')
        .map(|word| match word {
            "L_PAREN" => "`(`",
            "R_PAREN" => "`)`",
            "L_BRACK" => "`[`",
            "R_BRACK" => "`]`",
            "COMMA" => "`,`",
            "SEMICOLON" => "`;`",
            "EQ" => "`=`",
            "IDENT" => "a name",
            _ => word.strip_suffix("_KW").unwrap_or(word),
        })
        .collect();
    let message = words.join(" ");
    if at.is_empty() || at.chars().count() > 40 {
        format!("Syntax error: {message}.")
    } else {
        format!("Syntax error at `{at}`: {message}.")
    }
}

/// Turns an error's range into one that can be underlined: part of one line, and the token it stands
/// at where the range is empty.
fn visible(text: &str, tokens: &[Token], range: Range<usize>) -> Range<usize> {
    let mut range = range;
    if range.is_empty() {
        let at = tokens.partition_point(|token| token.range.end <= range.start);
        let here = tokens.get(at).filter(|token| !token.is_trivia());
        let before = || tokens[..at].iter().rev().find(|token| !token.is_trivia());
        if let Some(token) = here.or_else(before) {
            range = token.range.clone();
        }
    }
    let line = text.get(range.clone()).unwrap_or_default();
    range.start
        ..line
            .find(['\n', '\r'])
            .map_or(range.end, |at| range.start + at)
}

/// Where the dollar-quoted body of a function or procedure in SQL lies.
fn sql_body(text: &str, tokens: &[Token]) -> Option<Range<usize>> {
    let mut words = tokens.iter().filter(|token| !token.is_trivia());
    let mut next = words.next()?;
    if !next.is_word(text, "create") {
        return None;
    }
    next = words.next()?;
    if next.is_word(text, "or") {
        words.next()?;
        next = words.next()?;
    }
    if !next.is_word(text, "function") && !next.is_word(text, "procedure") {
        return None;
    }
    let (mut body, mut sql) = (None, false);
    let mut before = next;
    for token in words {
        let dollar = TokenKind::Literal {
            kind: LiteralKind::DollarQuotedString { terminated: true },
        };
        if before.is_word(text, "language") {
            let name = text[token.range.clone()].trim_matches('\'');
            sql = name.eq_ignore_ascii_case("sql");
        } else if before.is_word(text, "as") && token.kind == dollar {
            let quoted = &text[token.range.clone()];
            let tag = quoted[1..].find('$').map_or(1, |at| at + 2);
            body = Some(token.range.start + tag..token.range.end - tag);
        }
        before = token;
    }
    body.filter(|_| sql)
}
