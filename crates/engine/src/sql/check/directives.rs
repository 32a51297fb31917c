//! Directives that do not exist, cannot be read, or stand where they mean nothing.

use super::super::Directive;
use super::super::batches::Batched;
use super::super::directive::{Fault, Raw};
use super::super::split::Cut;
use super::Report;
use crate::finding::Code;

pub(super) fn check(report: &mut Report, cut: &Cut) {
    for (index, piece) in cut.pieces.iter().enumerate() {
        for raw in &piece.above {
            match read(report, raw) {
                Some(Directive::Commit) if index == 0 => report.warning(
                    Code::UnknownDirective,
                    raw.range.clone(),
                    "`-- +commit` above the first statement ends no transaction; remove it.",
                ),
                Some(Directive::Backfill(backfill)) => {
                    let statement = &cut.text[piece.body.clone()];
                    if let Err(reason) = Batched::read(statement, &backfill) {
                        report.error(
                            Code::BadDirective,
                            raw.range.clone(),
                            format!("`-- +backfill` cannot be used here: {reason}."),
                        );
                    }
                }
                _ => {}
            }
        }
        for raw in &piece.inside {
            report.error(
                Code::UnknownDirective,
                raw.range.clone(),
                format!(
                    "`-- +{}` stands inside a statement, where it means nothing; move it above \
                     the statement.",
                    raw.word
                ),
            );
        }
    }
    for raw in &cut.trailing_directives {
        match read(report, raw) {
            Some(Directive::Commit) => report.warning(
                Code::UnknownDirective,
                raw.range.clone(),
                "`-- +commit` below the last statement has no effect; remove it.",
            ),
            Some(_) => report.error(
                Code::UnknownDirective,
                raw.range.clone(),
                format!(
                    "`-- +{}` belongs above a statement, and none follows; move it or remove it.",
                    raw.word
                ),
            ),
            None => {}
        }
    }
}

/// Reads the directive, or reports why it cannot be read.
fn read(report: &mut Report, raw: &Raw) -> Option<Directive> {
    match raw.parse() {
        Ok(directive) => return Some(directive),
        Err(Fault::Unknown) if raw.is_section() => report.error(
            Code::UnknownDirective,
            raw.range.clone(),
            format!(
                "`-- +{}` begins a section and cannot stand inside one.",
                raw.word
            ),
        ),
        Err(Fault::Unknown) => report.error(
            Code::UnknownDirective,
            raw.range.clone(),
            format!(
                "There is no directive `+{}`; sections begin with `+upgrade` and `+downgrade`, and \
                 above a statement there are `+commit`, `+no-transaction`, `+allow` and `+backfill` \
                 (write the comment without the `+` if it is none).",
                raw.word
            ),
        ),
        Err(Fault::Words(help)) => report.error(
            Code::BadDirective,
            raw.range.clone(),
            format!("`-- +{}` cannot be read: {help}.", raw.word),
        ),
    }
    None
}
