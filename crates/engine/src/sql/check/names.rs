//! Identifiers that PostgreSQL would cut, and marks that it would read as letters.

use super::super::quote::fold;
use super::super::split::{Cut, Piece};
use super::Report;
use crate::finding::Code;
use squawk_lexer::{BOM, TokenKind};

/// PostgreSQL's NAMEDATALEN, less one.
const MAX_BYTES: usize = 63;

pub(super) fn check(report: &mut Report, cut: &Cut, piece: &Piece) {
    for token in &cut.tokens[piece.tokens.clone()] {
        let text = &cut.text[token.range.clone()];
        if token.kind == TokenKind::Ident && !text.is_ascii() && text.contains(BOM) {
            report.error(
                Code::ByteOrderMark,
                token.range.clone(),
                "A byte order mark (an invisible character) stands here, and PostgreSQL reads it \
                 as a letter; delete it.",
            );
        }
        if !matches!(
            token.kind,
            TokenKind::Ident
                | TokenKind::QuotedIdent {
                    terminated: true,
                    uescape: false
                }
        ) {
            continue;
        }
        // Folding may lengthen what is not ASCII.
        if text.len() <= MAX_BYTES && text.is_ascii() {
            continue;
        }
        let name = fold(text);
        if name.len() <= MAX_BYTES {
            continue;
        }
        let end = (0..=MAX_BYTES)
            .rev()
            .find(|at| name.is_char_boundary(*at))
            .unwrap_or(0);
        report.warning(
            Code::IdentifierTooLong,
            token.range.clone(),
            format!(
                "This name has {} bytes, and PostgreSQL would cut it after 63, to \"{}\"; write a \
                 shorter one.",
                name.len(),
                &name[..end]
            ),
        );
    }
}
