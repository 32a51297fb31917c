//! Findings of one section's SQL.
//!
//! Nothing here runs deeper than the text is long allows: what would overflow the parser's stack is
//! counted first and never reaches it.

mod directives;
mod names;
mod refused;
mod segments;
mod syntax;

use super::forest::Parsed;
use super::split::{Cut, cut};
use crate::finding::{Code, Finding, Severity};
use std::ops::Range;

/// Findings that one section may have; what follows is not looked at.
const MAX_FINDINGS: usize = 100;

/// Finds what is wrong with the statements of `text[range]`, in the order of (start, code).
pub(super) fn check(path: &str, text: &str, range: Range<usize>) -> Vec<Finding> {
    let cut = cut(text.get(range.clone()).unwrap_or_default());
    check_cut(path, text, range.start, &cut, |_| false)
}

/// As [`check`] of a whole text, which is read already.
pub(super) fn check_read(path: &str, cut: &Cut<'_>, statements: &[Parsed]) -> Vec<Finding> {
    let is_whole = |at: usize| {
        let body = &cut.text[cut.pieces[at].body.clone()];
        statements[at].tree.is_some() && !body.contains('\0')
    };
    check_cut(path, cut.text, 0, cut, is_whole)
}

/// Checks the section `cut`, which begins at `base` of `text`; `is_whole` says which statements have no syntax error.
fn check_cut(
    path: &str,
    text: &str,
    base: usize,
    cut: &Cut<'_>,
    is_whole: impl Fn(usize) -> bool,
) -> Vec<Finding> {
    let mut report = Report {
        path,
        text,
        base,
        findings: Vec::new(),
    };
    directives::check(&mut report, cut);
    segments::check(&mut report, cut);
    let mut data_end = 0;
    for (at, piece) in cut.pieces.iter().enumerate() {
        if report.findings.len() >= MAX_FINDINGS {
            break;
        }
        if piece.body.start < data_end {
            continue;
        }
        names::check(&mut report, cut, piece);
        if refused::copy(&mut report, cut, piece) {
            // The rows of the COPY are not SQL.
            let rest = &cut.text[piece.body.end..];
            data_end = rest
                .find("\n\\.")
                .map_or(cut.text.len(), |end| piece.body.end + end + 3);
        } else if !refused::check(&mut report, cut, piece) {
            syntax::check(&mut report, cut, piece, is_whole(at));
        }
    }
    unterminated(&mut report, cut, data_end);
    let mut findings = report.findings;
    findings.sort_by_key(|finding| (finding.start, finding.code));
    findings.dedup();
    findings
}

/// The findings made so far, and where the section lies in its file.
struct Report<'a> {
    path: &'a str,
    text: &'a str,
    base: usize,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds a finding at `range` of the section.
    fn add(
        &mut self,
        code: Code,
        severity: Severity,
        range: Range<usize>,
        message: impl Into<String>,
    ) {
        if self.findings.len() < MAX_FINDINGS {
            let range = range.start + self.base..range.end + self.base;
            self.findings.push(Finding::at(
                code, severity, self.path, self.text, range, message,
            ));
        }
    }

    fn error(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) {
        self.add(code, Severity::Error, range, message);
    }

    fn warning(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) {
        self.add(code, Severity::Warning, range, message);
    }

    /// The file's line at `offset` of the section.
    fn line(&self, offset: usize) -> u32 {
        crate::finding::line_column(self.text, self.base + offset).0
    }
}

/// Where a finding about all of a statement is shown: the first line of its `body`.
fn head(cut: &Cut, body: &Range<usize>) -> Range<usize> {
    let text = &cut.text[body.clone()];
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    body.start..body.start + length
}

/// Only the last token of a text can be one that never ends. Rows of a COPY, up to `data_end`, have
/// no tokens.
fn unterminated(report: &mut Report, cut: &Cut, data_end: usize) {
    let last = cut
        .tokens
        .last()
        .filter(|token| token.range.start >= data_end);
    let Some(token) = last else { return };
    let Some(what) = token.unterminated() else {
        return;
    };
    let text = &cut.text[token.range.clone()];
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    report.error(
        Code::UnterminatedToken,
        token.range.start..token.range.start + length,
        format!("This {what} never ends: everything below is read as a part of it; close it."),
    );
}

#[cfg(test)]
mod tests;
