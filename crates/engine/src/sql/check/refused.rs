//! Statements that a script may not have: they belong to psql, or would take the transaction, the
//! connection or the lock out of Cofferdam's hands.

use super::super::reader::{Reader, begins};
use super::super::split::{Cut, Piece};
use super::{Report, head};
use crate::finding::Code;
use squawk_lexer::TokenKind;

/// The words that begin statements which open or end transactions.
const CONTROL: [&str; 7] = [
    "abort", "begin", "commit", "end", "prepare", "rollback", "start",
];

/// Reports a COPY between client and server. Returns whether rows follow.
pub(super) fn copy(report: &mut Report, cut: &Cut, piece: &Piece) -> bool {
    let body = &cut.text[piece.body.clone()];
    if !begins(body, &["copy"]) {
        return false;
    }
    let mut reader = Reader::new(body);
    if !reader.eat("copy") {
        return false;
    }
    while !reader.is_end() {
        if reader.is_kind(TokenKind::OpenParen) {
            reader.parenthesised();
        } else if reader.eat_all(&["from", "stdin"]) {
            report.error(
                Code::CopyFromStdin,
                head(cut, &piece.body),
                "A script cannot hold the rows of COPY … FROM stdin; write them as INSERT, or load \
                 them with psql.",
            );
            return true;
        } else if reader.eat_all(&["to", "stdout"]) {
            report.error(
                Code::Unsupported,
                head(cut, &piece.body),
                "COPY … TO stdout would send rows that nobody reads; remove it, or run it with \
                 psql.",
            );
            return false;
        } else {
            reader.skip();
        }
    }
    false
}

/// Reports other refused statements. Returns whether there is no use in parsing the statement.
pub(super) fn check(report: &mut Report, cut: &Cut, piece: &Piece) -> bool {
    if psql(report, cut, piece) || transaction(report, cut, piece) {
        return true;
    }
    let body = &cut.text[piece.body.clone()];
    if !begins(body, &["discard", "create"]) {
        return false;
    }
    let mut reader = Reader::new(body);
    if reader.eat_all(&["discard", "all"]) {
        report.error(
            Code::Unsupported,
            head(cut, &piece.body),
            "DISCARD ALL would give up the lock that keeps a second run out; remove it.",
        );
        return true;
    }
    if reader.eat("create") {
        reader.eat("unique");
        if reader.eat_all(&["index", "concurrently", "on"]) {
            report.error(
                Code::UnnamedConcurrentIndex,
                head(cut, &piece.body),
                "A concurrent index needs a name here, because a build that fails leaves an invalid \
                 index to be found and dropped; write CREATE INDEX CONCURRENTLY name ON ….",
            );
        }
    }
    false
}

fn psql(report: &mut Report, cut: &Cut, piece: &Piece) -> bool {
    let backslash = cut.tokens[piece.tokens.clone()].iter().find(|token| {
        token.kind == TokenKind::Unknown && cut.text[token.range.clone()].starts_with('\\')
    });
    let Some(token) = backslash else { return false };
    let rest = &cut.text[token.range.start..piece.body.end];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    report.error(
        Code::PsqlCommand,
        token.range.start..token.range.start + length,
        "A backslash begins a psql command, and the script is not run by psql; remove the line or \
         write it as SQL.",
    );
    true
}

fn transaction(report: &mut Report, cut: &Cut, piece: &Piece) -> bool {
    let body = &cut.text[piece.body.clone()];
    if !begins(body, &CONTROL) {
        return false;
    }
    let mut reader = Reader::new(body);
    let words = if reader.eat("rollback") {
        reader.eat_any(&["work", "transaction"]);
        if reader.is("to") {
            return false;
        }
        "ROLLBACK"
    } else if reader.eat("begin") {
        "BEGIN"
    } else if reader.eat_all(&["start", "transaction"]) {
        "START TRANSACTION"
    } else if reader.eat("commit") {
        "COMMIT"
    } else if reader.eat("end") {
        "END"
    } else if reader.eat("abort") {
        "ABORT"
    } else if reader.eat_all(&["prepare", "transaction"]) {
        "PREPARE TRANSACTION"
    } else {
        return false;
    };
    report.error(
        Code::TransactionControl,
        head(cut, &piece.body),
        format!(
            "{words} does not belong in a script: Cofferdam opens and ends the transaction itself; \
             remove it, or write `-- +commit` on a line of its own where a transaction is to end."
        ),
    );
    true
}
